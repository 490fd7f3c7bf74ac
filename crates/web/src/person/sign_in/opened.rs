//! A new session: what the provider calls it, its row, and the item of the browser.

use std::borrow::Cow;

use auth::id::{Reference, SessionReference};
use auth::secret::Secret;
use auth::session::{Row, Tokens};
use auth::time::Timestamp;
use tokio::time::Instant;
use upstream_aws::{Creation, WebKey, WebKind};
use upstream_http::auth0::login::SignedIn;

use crate::app::App;
use crate::person::open::{Open, end_apart};
use crate::person::provider;
use crate::person::times::LONGEST_SECONDS;
use crate::person::visitor::Held;
use crate::problem::Problem;
use crate::random;

/// Writes them and gives the cookie. The id in the cookie and the agent's session id are new and know nothing of each other;
/// the table has the hashes of both.
///
/// The names come first and are looked at once more in the end, with the logouts that the provider sent since the sign-in was
/// `begun`: if one of them means it, there is no session. Whatever fails, what was written before goes again.
pub(super) async fn open(
    app: &App,
    (signed_in, begun): (SignedIn, Timestamp),
    reference: &Reference,
    until: Instant,
) -> Result<Secret, Problem> {
    let (cookie, token, id) = (random::text()?, random::text()?, random::text()?);
    let session = SessionReference::parse(id.expose())?;
    let now = app.clock.now();
    let sid = signed_in.provider_session;
    let key = WebKey::of(WebKind::Session, cookie.expose().as_bytes());
    let key = key.ok_or_else(|| Problem::internal("a hash has another form"))?;
    let opening =
        Open { browser: key.clone(), session: session.hash(), subject: signed_in.subject.clone(), sid: sid.clone() };
    let row = Row {
        hash: session.hash(),
        subject: signed_in.subject,
        organization: signed_in.organization,
        email: signed_in.email,
        connection: signed_in.connection,
        agent: app.site.agent_kind.id(),
        expires_at: now.plus(LONGEST_SECONDS),
        version: 1,
        lease: None,
        tokens: Tokens::new(signed_in.refresh_token),
    };
    let held = Held {
        session: Cow::Borrowed(session.expose()),
        token: Cow::Borrowed(token.expose()),
        name: signed_in.name.map(|name| name.chars().filter(|letter| !letter.is_control()).take(80).collect()),
        provider: sid,
        began: now.seconds(),
        used: now.seconds(),
        handed: false,
        over: false,
    };
    let written = async {
        provider::add(app, &opening, row.expires_at, reference, until).await?;
        stored(Box::pin(app.sessions.create(&row, now, until)).await?)?;
        let plain = held.to_plain();
        stored(app.items.create(&key, plain.expose().as_bytes(), held.times().end(), until).await?)?;
        provider::still(app, &opening, begun, until).await
    };
    if let Err(problem) = Box::pin(written).await {
        end_apart(app, opening, reference).await;
        return Err(problem);
    }
    Ok(cookie)
}

fn stored(creation: Creation) -> Result<(), Problem> {
    match creation {
        Creation::Created => Ok(()),
        Creation::AlreadyThere => Err(Problem::internal("a random value came twice")),
    }
}
