//! Connecting an account, and taking it out of the vault.

use std::borrow::Cow;

use auth::scope::Scopes;
use auth::secret::Secret;
use axum::Form;
use axum::extract::{Query, State};
use axum::response::{Html, IntoResponse, Redirect, Response};
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use upstream_aws::{Creation, WebItem, WebKind};
use upstream_http::auth0::connected_accounts::{AccountsError, Callback, Connect, PendingConnect};

use super::stored;
use super::token::token;
use crate::app::App;
use crate::page;
use crate::person::{Given, Touch, Visitor};
use crate::problem::Problem;
use crate::rim::CHANGES;

/// A connection must come back within this time.
const CONNECT_SECONDS: u64 = 600;
const CREATE: &str = "create:me:connected_accounts";

/// What is kept of a connection under way.
#[derive(Serialize, Deserialize)]
struct Begun<'a> {
    #[serde(borrow)]
    pending: Cow<'a, str>,
    #[serde(borrow)]
    address: Cow<'a, str>,
}

/// `POST /accounts/connect`: begins, and shows a page that leads on.
pub(crate) async fn connect(
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<Given>,
) -> Result<Html<String>, Problem> {
    let visitor = changing(&app, &headers, &form.token).await?;
    let token = token(&app, &visitor.row, CREATE).await?;
    let (now, until) = (app.clock.now(), App::until());
    let redirect_uri = app.site.url.join("accounts/callback").map_err(|_| Problem::internal("accounts: no address"))?;
    let nothing = Scopes::default();
    let ask = Connect { connection: &app.site.connection, redirect_uri: &redirect_uri, scopes: &nothing };
    let random = [crate::random::bytes()?, crate::random::bytes()?];
    let (address, pending) = Box::pin(app.accounts.begin(&token, ask, random, now, until)).await?;
    let plain = pending.to_plain();
    let begun = Begun { pending: Cow::Borrowed(plain.expose()), address: Cow::Borrowed(address.as_str()) };
    let begun = Secret::new(serde_json::to_string(&begun).unwrap_or_default());
    let key = visitor.key.of_kind(WebKind::Connect);
    // One at a time for each session: the one before is forgotten.
    app.items.delete(&key, until).await?;
    let end = now.plus(CONNECT_SECONDS);
    match app.items.create(&key, begun.expose().as_bytes(), end, until).await? {
        Creation::Created => Ok(page::onward(
            "/accounts/go",
            "Connecting Okta",
            "You are sent to Okta, to agree to what the agent may use.",
        )),
        Creation::AlreadyThere => Err(Problem::too_many("accounts: another connection was begun just now", 2)),
    }
}

/// `GET /accounts/go`: to the tenant. Changes nothing.
pub(crate) async fn go(State(app): State<App>, headers: HeaderMap) -> Result<Redirect, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::Yes).await?;
    let found = app.items.read(&visitor.key.of_kind(WebKind::Connect), App::until()).await?;
    let found = found.filter(|item| item.expires_at > app.clock.now());
    let begun = found.as_ref().and_then(|item| serde_json::from_slice::<Begun<'_>>(&item.content).ok());
    begun.map(|begun| Redirect::to(&begun.address)).ok_or_else(|| AccountsError::Expired.into())
}

/// `GET /accounts/callback`: back from the tenant. Whatever comes of it, what was begun is over; but one that does not belong to
/// it is nothing to it.
pub(crate) async fn callback(
    State(app): State<App>,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Result<Response, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::Yes).await?;
    let key = visitor.key.of_kind(WebKind::Connect);
    let until = App::until();
    // `state` is looked at before anything is taken: anybody can have a browser open this address.
    let seen = app.items.read(&key, until).await?.and_then(|item| pending(&app, &item, &callback));
    seen.ok_or(AccountsError::State)?;
    let taken = app.items.take(&key, until).await?.and_then(|item| pending(&app, &item, &callback));
    let pending = taken.ok_or(AccountsError::State)?;
    let token = token(&app, &visitor.row, CREATE).await?;
    let (now, until) = (app.clock.now(), App::until());
    Box::pin(app.accounts.complete(&token, pending, callback, now, until)).await?;
    // What was exchanged for the account of before is another's.
    stored::forget(&app, &visitor.row.subject, App::until()).await.map_err(stored::lasting)?;
    Ok(Redirect::to("/accounts").into_response())
}

/// What was begun, if it lasts and the callback belongs to it.
fn pending(app: &App, item: &WebItem, callback: &Callback) -> Option<PendingConnect> {
    let begun: Begun<'_> = serde_json::from_slice(&item.content).ok()?;
    let pending = PendingConnect::from_plain(begun.pending.as_bytes())?;
    (item.expires_at > app.clock.now() && pending.is_of(callback)).then_some(pending)
}

#[derive(Deserialize)]
pub(crate) struct Disconnect {
    token: Secret,
    id: String,
}

/// `POST /accounts/disconnect`. The tenant takes away only what is the token's person's. What was exchanged before goes from the
/// rows first, so that nothing is disconnected whose tokens stay, and once more in the end, since a call of a tool may exchange
/// in between.
pub(crate) async fn disconnect(
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<Disconnect>,
) -> Result<Redirect, Problem> {
    let visitor = changing(&app, &headers, &form.token).await?;
    let fits = (1..=128).contains(&form.id.len())
        && form.id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
    if !fits {
        return Err(Problem::invalid("There is no such account."));
    }
    let token = token(&app, &visitor.row, "delete:me:connected_accounts").await?;
    let (whose, until) = (&visitor.row.subject, App::until());
    stored::forget(&app, whose, until).await?;
    Box::pin(app.accounts.delete(&token, &form.id, app.clock.now(), until)).await?;
    stored::forget(&app, whose, until).await.map_err(stored::lasting)?;
    Ok(Redirect::to("/accounts"))
}

async fn changing(app: &App, headers: &HeaderMap, token: &Secret) -> Result<Visitor, Problem> {
    let visitor = Visitor::required(app, headers, Touch::Yes).await?;
    visitor.gave(token)?;
    let who = format!("change {}", visitor.session.hash().as_str());
    let taken = app.limits.take(&who, CHANGES, app.clock.now());
    taken.map_err(|seconds| Problem::too_many("limits: changes", seconds))?;
    Ok(visitor)
}
