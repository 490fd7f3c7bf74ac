//! The conversation in the table: sealed, and ending with the session.

use std::time::Duration;

use auth::refusal::{Code, Refusal};
use auth::time::Timestamp;
use tokio::time::sleep;
use upstream_aws::{Creation, Replacing, StoreError, WebKey, WebKind};

use super::conversation::{Conversation, Mark, State};
use crate::app::App;
use crate::person::Visitor;
use crate::problem::Problem;

/// How often the end of a turn is tried to be written, when others write too or the table does not answer well.
const ATTEMPTS: usize = 4;
const PAUSE: Duration = Duration::from_millis(400);

/// Which conversation, and when its session ends.
#[derive(Clone)]
pub(crate) struct History {
    key: WebKey,
    end: Timestamp,
}

/// As read, with the version that the next write must find; nothing if there was none.
struct Read {
    conversation: Conversation,
    version: Option<u64>,
}

/// What is in the table, if anything is.
pub(crate) enum Kept {
    Talk(Conversation),
    /// It cannot be opened, or is no conversation. It stays until the person begins anew.
    Unreadable,
}

impl History {
    /// It lasts as long as the row may, however long nobody uses the session: who ends that deletes it.
    pub(crate) fn of(visitor: &Visitor) -> Self {
        let key = WebKey::of_session(WebKind::History, &visitor.session.hash());
        Self { key, end: visitor.row.expires_at }
    }

    /// What was said so far.
    pub(crate) async fn kept(&self, app: &App) -> Result<Kept, Problem> {
        Ok(self.read(app).await?.map_or(Kept::Unreadable, |read| Kept::Talk(read.conversation)))
    }

    /// Begins a turn: of many who try at once, one does.
    pub(crate) async fn begin(&self, app: &App, text: String, id: String, seconds: u64) -> Result<(), Problem> {
        let Read { mut conversation, version } = self.read(app).await?.ok_or_else(unreadable)?;
        conversation.begin(text, id, app.clock.now(), seconds).map_err(|_| Problem::answering())?;
        if self.write(app, conversation, version).await? { Ok(()) } else { Err(Problem::answering()) }
    }

    /// Ends it.
    pub(crate) async fn end(
        &self,
        app: &App,
        id: &str,
        (text, state, mark): (String, State, Option<Mark>),
    ) -> Result<(), Problem> {
        let mut last = Problem::internal("history: others kept writing");
        for _ in 0..ATTEMPTS {
            match Box::pin(self.try_to_end(app, id, (text.clone(), state, mark))).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(problem) if problem.passes() => {
                    last = problem;
                    sleep(PAUSE).await;
                }
                Err(problem) => return Err(problem),
            }
        }
        Err(last)
    }

    /// Whether there is nothing more to write.
    async fn try_to_end(
        &self,
        app: &App,
        id: &str,
        (text, state, mark): (String, State, Option<Mark>),
    ) -> Result<bool, Problem> {
        let Read { mut conversation, version } = self.read(app).await?.ok_or_else(unreadable)?;
        let ours = version.and_then(|_| conversation.end(id, text, state, mark));
        Ok(ours.is_none() || self.write(app, conversation, version).await?)
    }

    /// Deletes the conversation, unless an answer is on its way. One that cannot be read goes whatever it is.
    pub(crate) async fn clear(&self, app: &App) -> Result<(), Problem> {
        let until = App::until();
        match self.read(app).await? {
            None => Ok(app.items.delete(&self.key, until).await?),
            Some(Read { conversation, .. }) if conversation.is_answering(app.clock.now()) => Err(Problem::answering()),
            Some(Read { version: None, .. }) => Ok(()),
            Some(Read { version: Some(version), .. }) => match app.items.remove(&self.key, version, until).await? {
                Replacing::Replaced => Ok(()),
                Replacing::Moved => Err(Problem::answering()),
            },
        }
    }

    /// Nothing if what is there cannot be read: nobody writes over it.
    async fn read(&self, app: &App) -> Result<Option<Read>, Problem> {
        let item = match app.items.read(&self.key, App::until()).await {
            Ok(Some(item)) => item,
            Ok(None) => return Ok(Some(Read { conversation: Conversation::default(), version: None })),
            Err(StoreError::Unreadable) => return Ok(None),
            Err(error) => return Err(error.into()),
        };
        let conversation = serde_json::from_slice(&item.content).ok();
        Ok(conversation.map(|conversation| Read { conversation, version: Some(item.version) }))
    }

    /// Whether it was written. What the table refuses is shortened and tried once more.
    async fn write(&self, app: &App, mut conversation: Conversation, version: Option<u64>) -> Result<bool, Problem> {
        match self.put(app, &conversation, version).await {
            Err(StoreError::Misconfigured) => conversation.halve(),
            other => return Ok(other?),
        }
        Ok(self.put(app, &conversation, version).await?)
    }

    async fn put(&self, app: &App, conversation: &Conversation, version: Option<u64>) -> Result<bool, StoreError> {
        let plain = serde_json::to_vec(conversation).unwrap_or_default();
        let until = App::until();
        Ok(match version {
            None => app.items.create(&self.key, &plain, self.end, until).await? == Creation::Created,
            Some(before) => app.items.replace(&self.key, before, &plain, self.end, until).await? == Replacing::Replaced,
        })
    }
}

pub(super) fn unreadable() -> Problem {
    let refusal = Refusal::new(Code::Internal, "history: it cannot be read");
    let refusal = refusal.saying("Your conversation cannot be read any more.");
    Problem { next: "Begin a new one: the start page has a button.", ..Problem::from(refusal) }
}
