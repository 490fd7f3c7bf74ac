//! The person behind a request.

use std::borrow::Cow;

use auth::id::{Agent, SessionReference};
use auth::secret::Secret;
use auth::session::Row;
use auth::ticket::Statement;
use auth::time::Timestamp;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use upstream_aws::{Replacing, WebKey, WebKind};

use super::cookies;
use super::open::{Open, end_apart};
use super::times::{LONGEST_SECONDS, Times};
use crate::app::App;
use crate::problem::Problem;
use crate::rim::Shown;

/// A ticket is good for one turn.
const TICKET_SECONDS: u64 = 300;
/// The same browser may write its item at the same time.
const ROUNDS: usize = 3;

/// Whether a request is a use of the session: what a page fetches by itself is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Touch {
    Yes,
    No,
}

/// Somebody who is signed in: their cookie was good, the session lasts, and its row is there and theirs.
pub(crate) struct Visitor {
    /// The item of the browser's session.
    pub(crate) key: WebKey,
    /// The agent's session id.
    pub(crate) session: SessionReference,
    /// What every form of theirs must hold.
    pub(crate) token: Secret,
    /// What to call them: untrusted text.
    pub(crate) name: String,
    /// The provider's name of the session.
    pub(crate) provider: Option<String>,
    /// Whether the session's id was shown, so that a client may have it.
    pub(crate) handed: bool,
    /// The stored row, which says who they are.
    pub(crate) row: Row,
}

/// What is sealed in the item of a browser's session.
#[derive(Serialize, Deserialize)]
pub(super) struct Held<'a> {
    #[serde(borrow)]
    pub(super) session: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) token: Cow<'a, str>,
    pub(super) name: Option<String>,
    /// The provider's name of the session.
    pub(super) provider: Option<String>,
    pub(super) began: u64,
    pub(super) used: u64,
    /// The session's id was shown: a client may have it.
    #[serde(default)]
    pub(super) handed: bool,
    /// It was ended, and the row may be there still.
    #[serde(default)]
    pub(super) over: bool,
}

impl Held<'_> {
    pub(super) fn times(&self) -> Times {
        Times { began: Timestamp::from_seconds(self.began), used: Timestamp::from_seconds(self.used) }
    }

    /// When the item ends: with its browser's session, or with the row that a client has, so that it can be signed out until then.
    fn end(&self) -> Timestamp {
        if self.handed { self.times().began.plus(LONGEST_SECONDS) } else { self.times().end() }
    }

    /// How the session stands, whose item and row end then.
    fn standing(&self, item_ends: Timestamp, row_ends: Timestamp, now: Timestamp) -> Standing {
        if self.over || now >= row_ends {
            Standing::Over
        } else if self.times().lasts(now) && now < item_ends {
            Standing::Lasts
        } else if self.handed && self.times().is_idle(now) {
            Standing::Left
        } else {
            Standing::Over
        }
    }

    pub(super) fn to_plain(&self) -> Secret {
        Secret::new(serde_json::to_string(self).unwrap_or_default())
    }
}

/// How a session stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    Lasts,
    /// Nobody has used the browser for so long that its cookie opens nothing any more. The row stays, for a client has its id.
    Left,
    Over,
}

/// Has the cookie of this item open nothing any more. The item stays for as long as it would have.
pub(super) async fn mark_over(app: &App, key: &WebKey, until: Instant) -> Result<(), Problem> {
    changed(app, key, until, |held| held.over = true).await.map(|_| ())
}

/// Writes down in the browser's item that the session's id is shown. Whether the item was there.
pub(super) async fn mark_handed(app: &App, key: &WebKey, until: Instant) -> Result<bool, Problem> {
    changed(app, key, until, |held| held.handed = true).await
}

/// Whether there was an item.
async fn changed(app: &App, key: &WebKey, until: Instant, change: impl Fn(&mut Held<'_>)) -> Result<bool, Problem> {
    for _ in 0..ROUNDS {
        let Some(item) = app.items.read(key, until).await? else { return Ok(false) };
        let Ok(mut held) = serde_json::from_slice::<Held<'_>>(&item.content) else { return Ok(false) };
        change(&mut held);
        let plain = held.to_plain();
        let end = item.expires_at.max(held.end());
        if app.items.replace(key, item.version, plain.expose().as_bytes(), end, until).await? == Replacing::Replaced {
            return Ok(true);
        }
    }
    Err(Problem::internal("visitor: others kept writing"))
}

impl Visitor {
    /// Who sent a request with these headers; nobody if it has no good cookie. A session that has lasted too long, or whose end
    /// failed half-way, is ended now; but one that a client has outlasts its browser.
    ///
    /// # Errors
    /// Cookies that cannot be read, and a table that does not answer.
    pub(crate) async fn of(app: &App, headers: &HeaderMap, touch: Touch) -> Result<Option<Self>, Problem> {
        let Some((visitor, standing)) = Self::behind(app, headers, touch).await? else { return Ok(None) };
        match standing {
            Standing::Lasts => return Ok(Some(visitor)),
            Standing::Left => return Ok(None),
            Standing::Over => {}
        }
        end_apart(app, Open::of(&visitor), &Shown::new().reference).await;
        Ok(None)
    }

    /// Whose session it is or was, and how it stands: for a sign-out, which may come once more.
    ///
    /// # Errors
    /// As [`Self::of`].
    pub(super) async fn behind(
        app: &App,
        headers: &HeaderMap,
        touch: Touch,
    ) -> Result<Option<(Self, Standing)>, Problem> {
        let Some(cookie) = cookies::read(headers, cookies::SESSION)? else { return Ok(None) };
        let Some(key) = WebKey::of(WebKind::Session, cookie.expose().as_bytes()) else { return Ok(None) };
        let (now, until) = (app.clock.now(), App::until());
        let Some(item) = app.items.read(&key, until).await? else { return Ok(None) };
        let Ok(mut held) = serde_json::from_slice::<Held<'_>>(&item.content) else { return Ok(None) };
        let Ok(session) = SessionReference::parse(&held.session) else { return Ok(None) };
        let Some(row) = Box::pin(app.sessions.read(&session.hash(), until)).await? else { return Ok(None) };
        let standing = held.standing(item.expires_at, row.expires_at, now);
        if standing == Standing::Lasts && touch == Touch::Yes && held.times().to_be_noted(now) {
            held.used = now.seconds();
            let end = held.end();
            let written =
                app.items.replace(&key, item.version, held.to_plain().expose().as_bytes(), end, until).await?;
            // Another request of the same browser noted it a moment ago, or signed out: the next request will tell.
            let (Replacing::Replaced | Replacing::Moved) = written;
        }
        app.limits.know(&key, now);
        let name = held.name.or_else(|| row.email.as_ref().map(|email| email.as_str().to_owned()));
        let visitor = Self {
            provider: held.provider,
            handed: held.handed,
            token: Secret::new(held.token.into_owned()),
            name: name.unwrap_or_else(|| "you".to_owned()),
            session,
            key,
            row,
        };
        Ok(Some((visitor, standing)))
    }

    /// The same, where nobody is a problem.
    pub(crate) async fn required(app: &App, headers: &HeaderMap, touch: Touch) -> Result<Self, Problem> {
        Self::of(app, headers, touch).await?.ok_or_else(|| Problem::signed_out("web: no session behind the cookie"))
    }

    /// Whether a form is one that this person was given.
    pub(crate) fn gave(&self, token: &Secret) -> Result<(), Problem> {
        if self.token.same_as(token) {
            Ok(())
        } else {
            Err(Problem::foreign("form: token of another session, or none"))
        }
    }

    /// A ticket for this person's session and the agent, for one turn.
    pub(crate) fn ticket(&self, app: &App, agent: &Agent) -> Secret {
        let hash = self.session.hash();
        let statement = Statement {
            subject: &self.row.subject,
            organization: self.row.organization.as_ref(),
            agent,
            session: &hash,
        };
        app.minter.mint(&statement, app.clock.now(), TICKET_SECONDS)
    }
}
