//! Logouts that came before the session that they mean was written down.

use auth::jwt::{Ended, LogoutToken};
use auth::time::Timestamp;
use tokio::time::Instant;
use upstream_aws::{Creation, Replacing, WebKey, WebKind};

use super::item_of;
use crate::app::App;
use crate::list::ROUNDS;
use crate::person::open::Open;
use crate::person::times::LONGEST_SECONDS;
use crate::problem::Problem;

/// A sign-in that began before a logout of the person is over by then, with the clocks' difference.
const PERSON_SECONDS: u64 = 900;

/// The provider's session `sid`, of everybody or of one person.
fn of_session(issuer: &str, sid: &str, sub: Option<&str>) -> Result<WebKey, Problem> {
    item_of(
        WebKind::Logout,
        if sub.is_some() { "sid of" } else { "sid" },
        issuer,
        &match sub {
            Some(sub) => format!("{}:{sid}{sub}", sid.len()),
            None => sid.to_owned(),
        },
    )
}

fn of_person(issuer: &str, sub: &str) -> Result<WebKey, Problem> {
    item_of(WebKind::Logout, "sub", issuer, sub)
}

/// Writes down what a logout token ends, before its sessions are looked for: whoever opens one at the same time either finds this
/// or is found.
pub(in crate::person) async fn note(app: &App, token: &LogoutToken, until: Instant) -> Result<(), Problem> {
    let (now, at) = (app.clock.now(), token.issued_at());
    let (item, end) = match token.ended() {
        Ended::Session(sid, whose) => {
            (of_session(&app.auth0.issuer, sid, whose.as_ref().map(|whose| whose.id()))?, LONGEST_SECONDS)
        }
        Ended::Person(whose) => (of_person(whose.issuer(), whose.id())?, PERSON_SECONDS),
    };
    let end = now.plus(end);
    for _ in 0..ROUNDS {
        let done = match app.items.read(&item, until).await? {
            None => app.items.create(&item, &written(at), end, until).await? == Creation::Created,
            Some(before) => {
                let latest = read(&before.content).max(at);
                app.items.replace(&item, before.version, &written(latest), end, until).await? == Replacing::Replaced
            }
        };
        if done {
            return Ok(());
        }
    }
    Err(Problem::too_many("provider: the same logout is written too often", 2))
}

/// Whether there was a logout of the provider's session, or of the person since the sign-in was `begun`.
pub(super) async fn mean(app: &App, open: &Open, begun: Timestamp, until: Instant) -> Result<bool, Problem> {
    let (now, issuer, sub) = (app.clock.now(), open.subject.issuer(), open.subject.id());
    if let Some(sid) = &open.sid {
        for item in [of_session(issuer, sid, None)?, of_session(issuer, sid, Some(sub))?] {
            if app.items.read(&item, until).await?.is_some_and(|item| now < item.expires_at) {
                return Ok(true);
            }
        }
    }
    let whole = app.items.read(&of_person(issuer, sub)?, until).await?;
    Ok(whole.is_some_and(|item| now < item.expires_at && begun <= read(&item.content)))
}

fn written(at: Timestamp) -> Vec<u8> {
    at.seconds().to_string().into_bytes()
}

/// What cannot be read is a logout of any time.
fn read(content: &[u8]) -> Timestamp {
    let seconds = std::str::from_utf8(content).ok().and_then(|text| text.parse().ok());
    Timestamp::from_seconds(seconds.unwrap_or(u64::MAX))
}
