//! A new session: its row, the item of the browser, and its name at the provider.

use std::borrow::Cow;

use auth::id::{AgentId, SessionReference};
use auth::secret::Secret;
use auth::session::{Row, Tokens};
use upstream_aws::{Creation, WebKey, WebKind};
use upstream_http::auth0::login::SignedIn;

use crate::app::App;
use crate::person::times::LONGEST_SECONDS;
use crate::person::visitor::Held;
use crate::problem::Problem;
use crate::random;

/// Writes them and gives the cookie. The id in the cookie and the agent's session id are new and know nothing of each other;
/// the table has the hashes of both. If the browser's item cannot be written, the row goes again.
pub(super) async fn open(app: &App, signed_in: SignedIn) -> Result<Secret, Problem> {
    let (cookie, token, id) = (random::text()?, random::text()?, random::text()?);
    let session = SessionReference::parse(id.expose())?;
    let (now, until) = (app.clock.now(), App::until());
    let end = now.plus(LONGEST_SECONDS);
    let issuer = signed_in.subject.issuer().to_owned();
    let row = Row {
        hash: session.hash(),
        subject: signed_in.subject,
        organization: signed_in.organization,
        email: signed_in.email,
        connection: signed_in.connection,
        agent: AgentId::parse(&app.site.agent.id),
        expires_at: end,
        version: 1,
        lease: None,
        tokens: Tokens::new(signed_in.refresh_token),
    };
    stored(Box::pin(app.sessions.create(&row, now, until)).await?)?;
    let provider = signed_in.provider_session.map(|sid| provider_text(&issuer, &sid));
    let held = Held {
        session: Cow::Borrowed(session.expose()),
        token: Cow::Borrowed(token.expose()),
        name: signed_in.name.map(|name| name.chars().filter(|letter| !letter.is_control()).take(80).collect()),
        provider: provider.clone(),
        began: now.seconds(),
        used: now.seconds(),
    };
    let key = key(WebKind::Session, cookie.expose())?;
    let item = app.items.create(&key, held.to_plain().expose().as_bytes(), held.times().end(), until).await;
    if let Err(problem) = item.map_err(Problem::from).and_then(stored) {
        let _tried = app.sessions.delete(&row.hash, until).await;
        return Err(problem);
    }
    if let Some(provider) = provider {
        let content = key.hash().as_str().as_bytes();
        // A second sign-in of the same session at the provider leaves this to the first: its end ends that one.
        let (Creation::Created | Creation::AlreadyThere) =
            app.items.create(&self::key(WebKind::Provider, &provider)?, content, end, until).await?;
    }
    Ok(cookie)
}

/// Issuer and `sid`, each with its length before it.
pub(crate) fn provider_text(issuer: &str, sid: &str) -> String {
    format!("{}:{issuer}{}:{sid}", issuer.len(), sid.len())
}

fn key(kind: WebKind, text: &str) -> Result<WebKey, Problem> {
    WebKey::of(kind, text.as_bytes()).ok_or_else(|| Problem::internal("a hash has another form"))
}

fn stored(creation: Creation) -> Result<(), Problem> {
    match creation {
        Creation::Created => Ok(()),
        Creation::AlreadyThere => Err(Problem::internal("a random value came twice")),
    }
}
