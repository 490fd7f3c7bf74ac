//! Sessions by what the identity provider calls them, so that its back-channel logout finds them: each `sid`, and each person,
//! has an item with the sessions that go by it.

mod entry;
mod logouts;

use auth::id::{Reference, SessionHash, sha256_base64url};
use auth::subject::Subject;
use auth::time::Timestamp;
use futures_util::{StreamExt as _, stream};
use tokio::time::Instant;
use upstream_aws::{WebKey, WebKind};

use self::entry::Entry;
pub(super) use self::logouts::note;
use super::open::Open;
use crate::app::App;
use crate::list::{self, Entry as _, ROUNDS};
use crate::problem::Problem;

/// Sessions of one name. The oldest is ended when another begins.
const MOST_SESSIONS: usize = 50;

/// What the provider calls sessions.
#[derive(Clone, Copy)]
pub(super) enum Name<'a> {
    /// One of its own sessions: issuer and `sid`.
    Session(&'a str, &'a str),
    /// A person.
    Person(&'a Subject),
}

impl Name<'_> {
    fn key(self) -> Result<WebKey, Problem> {
        let (kind, issuer, id) = match self {
            Self::Session(issuer, sid) => ("sid", issuer, sid),
            Self::Person(subject) => ("sub", subject.issuer(), subject.id()),
        };
        item_of(WebKind::Provider, kind, issuer, id)
    }
}

/// The item of a text that an issuer chose: what it is, and both texts with their lengths before them.
pub(crate) fn item_of(kind: WebKind, what: &str, issuer: &str, id: &str) -> Result<WebKey, Problem> {
    let text = format!("{what} {}:{issuer}{}:{id}", issuer.len(), id.len());
    WebKey::of(kind, text.as_bytes()).ok_or_else(|| Problem::internal("a hash has another form"))
}

fn names(open: &Open) -> impl Iterator<Item = Name<'_>> {
    let issuer = open.subject.issuer();
    let sid = open.sid.as_deref().map(|sid| Name::Session(issuer, sid));
    [Some(Name::Person(&open.subject)), sid].into_iter().flatten()
}

/// Writes a session down under its names, beside those that have the same.
pub(super) async fn add(
    app: &App,
    open: &Open,
    end: Timestamp,
    reference: &Reference,
    until: Instant,
) -> Result<(), Problem> {
    for name in names(open) {
        let now = app.clock.now();
        let mut over = Vec::new();
        list::change_or_begin(app, &name.key()?, until, |entries: &mut Vec<Entry>| {
            entries.retain(|entry| entry.lasts(now));
            over = entries.drain(..entries.len().saturating_sub(MOST_SESSIONS - 1)).collect();
            entries.push(Entry::of(open, end));
        })
        .await?;
        for entry in over {
            if let Some(open) = entry.open(open.subject.issuer()) {
                let _told = open.end(app, reference).await;
            }
        }
    }
    Ok(())
}

/// Forgets a session under its names.
pub(super) async fn remove(app: &App, open: &Open, until: Instant) -> Result<(), Problem> {
    for name in names(open) {
        let key = name.key()?;
        list::change(app, &key, until, |entries: &mut Vec<Entry>| entries.retain(|entry| !entry.is(&open.session)))
            .await?;
    }
    Ok(())
}

/// Writes down beside the person's name that a session's id is shown, so that a sign-out anywhere ends it.
pub(super) async fn hand(app: &App, open: &Open, until: Instant) -> Result<(), Problem> {
    let key = Name::Person(&open.subject).key()?;
    let found = list::change(app, &key, until, |entries: &mut Vec<Entry>| {
        let own = entries.iter_mut().find(|entry| entry.is(&open.session));
        own.map(Entry::hand).is_some()
    });
    if found.await? { Ok(()) } else { Err(Problem::signed_out("provider: the session goes by no name any more")) }
}

/// Whether a session still goes by all of its names, and no logout since its sign-in was `begun` meant it: nobody has ended it.
pub(super) async fn still(app: &App, open: &Open, begun: Timestamp, until: Instant) -> Result<(), Problem> {
    for name in names(open) {
        let entries: Vec<Entry> = list::read(app, &name.key()?, until).await?;
        if !entries.iter().any(|entry| entry.is(&open.session)) {
            return Err(Problem::signed_out("provider: logged out while the session was opened"));
        }
    }
    if logouts::mean(app, open, begun, until).await? {
        return Err(Problem::signed_out("provider: logged out before the session was opened"));
    }
    Ok(())
}

/// The sessions of a person.
pub(crate) async fn sessions(app: &App, whose: &Subject, until: Instant) -> Result<Vec<SessionHash>, Problem> {
    let entries: Vec<Entry> = list::read(app, &Name::Person(whose).key()?, until).await?;
    Ok(entries.iter().filter_map(|entry| entry.open(whose.issuer())).map(|open| open.session).collect())
}

/// Which sessions of a name are meant.
#[derive(Clone, Copy)]
pub(super) enum Of<'a> {
    /// All.
    Everybody,
    /// Those of a person.
    One(&'a Subject),
    /// Those that the provider gave no name.
    Nameless,
    /// Those that a client has, but for this one.
    HandedBut(&'a SessionHash),
}

impl Of<'_> {
    fn means(self, open: &Open, handed: bool) -> bool {
        match self {
            Self::Everybody => true,
            Self::One(whose) => *whose == open.subject,
            Self::Nameless => open.sid.is_none(),
            Self::HandedBut(own) => handed && open.session != *own,
        }
    }
}

/// Ends every session of this name that is meant. One that cannot be ended does not keep the others open. After `until` none is
/// begun to be ended: that is told as one that could not be, and what is left stays under its name.
pub(super) async fn end(
    app: &App,
    (name, of): (Name<'_>, Of<'_>),
    issuer: &str,
    reference: &Reference,
    until: Instant,
) -> Result<(), Problem> {
    let key = name.key()?;
    for _ in 0..ROUNDS {
        let entries: Vec<Entry> = list::read(app, &key, until).await?;
        let open =
            entries.iter().filter_map(|entry| entry.open(issuer).filter(|open| of.means(open, entry.is_handed())));
        let open: Vec<Open> = open.collect();
        if open.is_empty() {
            return Ok(());
        }
        // They write the same item, so of `ROUNDS` at once each comes to its turn.
        let ending =
            stream::iter(open).map(async |open| Instant::now() >= until || open.end(app, reference).await.is_err());
        let failed: Vec<bool> = ending.buffer_unordered(ROUNDS).collect().await;
        if failed.contains(&true) {
            return Err(Problem::internal("provider: a session could not be ended"));
        }
    }
    Err(Problem::internal("provider: sessions are begun faster than they end"))
}

/// The item that says that a logout token was obeyed.
pub(super) fn obeyed(issuer: &str, id: &str) -> Result<WebKey, Problem> {
    item_of(WebKind::Logout, "jti", issuer, &sha256_base64url(id.as_bytes()))
}
