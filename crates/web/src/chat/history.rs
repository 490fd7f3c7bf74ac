//! The conversation in the table: sealed, and ending with the session.

use auth::id::SessionHash;
use auth::time::Timestamp;
use upstream_aws::{Creation, Replacing, WebKey, WebKind};

use super::conversation::{Conversation, Mark, State};
use crate::app::App;
use crate::problem::Problem;

/// How often the end of a turn is tried to be written, when others write too.
const ATTEMPTS: usize = 3;

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

impl History {
    pub(crate) fn of(session: &SessionHash, end: Timestamp) -> Self {
        Self { key: WebKey::of_session(WebKind::History, session), end }
    }

    /// What was said so far.
    pub(crate) async fn conversation(&self, app: &App) -> Result<Conversation, Problem> {
        Ok(self.read(app).await?.conversation)
    }

    /// Begins a turn: of many who try at once, one does.
    pub(crate) async fn begin(&self, app: &App, text: String, id: String, seconds: u64) -> Result<(), Problem> {
        let Read { mut conversation, version } = self.read(app).await?;
        conversation.begin(text, id, app.clock.now(), seconds).map_err(|_| Problem::answering())?;
        if self.write(app, &conversation, version).await? { Ok(()) } else { Err(Problem::answering()) }
    }

    /// Ends it.
    pub(crate) async fn end(
        &self,
        app: &App,
        id: &str,
        (text, state, mark): (String, State, Option<Mark>),
    ) -> Result<(), Problem> {
        for _ in 0..ATTEMPTS {
            let Read { mut conversation, version } = self.read(app).await?;
            let ours = version.and_then(|_| conversation.end(id, text.clone(), state, mark));
            if ours.is_none() || self.write(app, &conversation, version).await? {
                return Ok(());
            }
        }
        Err(Problem::internal("history: others kept writing"))
    }

    async fn read(&self, app: &App) -> Result<Read, Problem> {
        let none = Read { conversation: Conversation::default(), version: None };
        let Some(item) = app.items.read(&self.key, App::until()).await? else { return Ok(none) };
        let conversation = serde_json::from_slice(&item.content).unwrap_or_default();
        Ok(Read { conversation, version: Some(item.version) })
    }

    async fn write(&self, app: &App, conversation: &Conversation, version: Option<u64>) -> Result<bool, Problem> {
        let plain = serde_json::to_vec(conversation).map_err(|_| Problem::internal("history: no JSON"))?;
        let until = App::until();
        Ok(match version {
            None => app.items.create(&self.key, &plain, self.end, until).await? == Creation::Created,
            Some(before) => app.items.replace(&self.key, before, &plain, self.end, until).await? == Replacing::Replaced,
        })
    }
}
