//! Signing in: to the provider, and back.

mod begun;
mod opened;

use auth::scope::Scopes;
use axum::extract::{Extension, Query, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::HeaderMap;
use serde::Deserialize;
use tokio::time::Instant;
use upstream_http::auth0::login::{Begin, Callback, LoginError, SignedIn, begin};
use upstream_http::jwks::NoKey;

use self::begun::Begun;
use super::cookies;
use super::open::{Open, end_apart};
use super::place::Place;
use super::times::LONGEST_SECONDS;
use super::visitor::{Touch, Visitor};
use crate::app::App;
use crate::problem::Problem;
use crate::random;
use crate::rim::{Peer, SIGN_INS, Shown, led_here};

/// A sign-in must come back within this time.
pub(super) const SIGN_IN_SECONDS: u64 = 600;

#[derive(Deserialize)]
pub(crate) struct Ask {
    return_to: Option<String>,
    /// Ask who it is even if the provider knows.
    again: Option<String>,
}

/// `GET /sign-in`: writes down what the way back must show, and sends the browser to the provider.
///
/// A link rather than a form: `form-action` of the content policy would stop at the provider's redirects. It changes nothing
/// for a person; what it writes ends after ten minutes, and how often is limited. Whoever is signed in and is led here by a page
/// of others stays so: a sign-in that nobody asked for would end the session that is open.
pub(crate) async fn start(
    State(app): State<App>,
    Extension(Peer(address)): Extension<Peer>,
    headers: HeaderMap,
    Query(ask): Query<Ask>,
) -> Result<Response, Problem> {
    let now = app.clock.now();
    app.limits
        .take_of("sign-in", address, SIGN_INS, now)
        .map_err(|seconds| Problem::too_many("limits: sign-ins", seconds))?;
    let place = ask.return_to.as_deref().map(Place::of).unwrap_or_default();
    if led_here(&headers) && Visitor::of(&app, &headers, Touch::No).await?.is_some() {
        return Ok(Redirect::to(place.path()).into_response());
    }
    let wanted = Begin {
        scopes: Scopes::parse("openid profile email offline_access"),
        organization: app.site.organization.clone(),
        connection: app.site.sign_in_connection.clone(),
        prompt: ask.again.map(|_| "login".to_owned()),
        ..Begin::default()
    };
    let random = [random::bytes()?, random::bytes()?, random::bytes()?];
    let (address, pending) = begin(&app.auth0, wanted, random, now);
    let cookie = Begun { login: pending, place, at: now }.keep(&app, now.plus(SIGN_IN_SECONDS)).await?;
    let mut response = Redirect::to(address.as_str()).into_response();
    cookies::set(&mut response, cookies::SIGN_IN, &cookie, SIGN_IN_SECONDS);
    Ok(response)
}

/// `GET /callback`: the way back. Whatever comes of it, the sign-in that was begun is over; but one that does not belong to it
/// is nothing to it.
pub(crate) async fn callback(
    State(app): State<App>,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
    Query(callback): Query<Callback>,
) -> Response {
    // One for all of it: a browser that is answered too late has no cookie of a session that is there.
    let until = App::until();
    let begun = match begun(&app, &headers, &callback, until).await {
        Ok(begun) => begun,
        Err(problem) => return problem.into_response(),
    };
    let mut response = match Box::pin(come_back(&app, &shown, &headers, (begun, callback), until)).await {
        Ok(response) => response,
        Err(problem) => problem.into_response(),
    };
    cookies::clear(&mut response, cookies::SIGN_IN);
    response
}

/// What this browser began and a callback belongs to.
async fn begun(app: &App, headers: &HeaderMap, callback: &Callback, until: Instant) -> Result<Begun, Problem> {
    let elsewhere = || Problem::from(LoginError::State);
    let cookie = cookies::read(headers, cookies::SIGN_IN)?.ok_or_else(elsewhere)?;
    Begun::take(app, &cookie, callback, until).await?.ok_or_else(elsewhere)
}

async fn come_back(
    app: &App,
    shown: &Shown,
    headers: &HeaderMap,
    (begun, callback): (Begun, Callback),
    until: Instant,
) -> Result<Response, Problem> {
    let signed_in = verified(app, begun.login, callback, until).await?;
    let before = Visitor::of(app, headers, Touch::No).await.ok().flatten();
    let cookie = opened::open(app, (signed_in, begun.at), &shown.reference, until).await?;
    if let Some(before) = before {
        end_apart(app, Open::of(&before), &shown.reference).await;
    }
    let mut response = Redirect::to(begun.place.path()).into_response();
    cookies::set(&mut response, cookies::SESSION, &cookie, LONGEST_SECONDS);
    Ok(response)
}

/// Who it is. Where that cannot be told, the refresh token that came is of no use to anybody, and ends.
async fn verified(
    app: &App,
    pending: upstream_http::auth0::login::PendingLogin,
    callback: Callback,
    until: Instant,
) -> Result<SignedIn, Problem> {
    let now = app.clock.now();
    let exchanged = Box::pin(pending.exchange(callback, &app.transport, &app.auth0, now, until)).await?;
    let verified = match app.keys.of(exchanged.key_id().as_deref(), until).await {
        Ok(keys) => exchanged.verify(&keys, app.clock.now()),
        Err(NoKey) => Err(LoginError::UnknownKey),
    };
    if verified.is_err() {
        let now = app.clock.now();
        let _told = Box::pin(exchanged.give_up(&app.transport, &app.auth0.client, now, App::until())).await;
    }
    Ok(verified?)
}
