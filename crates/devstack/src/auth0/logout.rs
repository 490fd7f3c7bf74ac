//! The tenant's own sessions, and their end: `GET /v2/logout`, and logout tokens to the applications (OpenID Connect Back-Channel
//! Logout 1.0).
//!
//! A browser's session is remembered by a cookie, for the logout only: the login page is always shown.
//! <https://auth0.com/docs/authenticate/login/logout/back-channel-logout>

use std::collections::HashSet;
use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Auth0;
use super::grant::Grant;
use super::tenant::Tenant;
use super::{back, page};
use crate::{clock, random};

/// Auth0's own name of it.
const NAME: &str = "auth0";
const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Seconds, as in Auth0's example.
const LIFETIME: u64 = 120;

/// Somebody who is signed in at the tenant, and where they went from there.
pub(crate) struct Session {
    sub: String,
    clients: HashSet<String>,
    /// Those that began later have higher ones.
    number: u64,
}

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new().route("/v2/logout", get(logout))
}

/// Writes down which application a session signed in to; its `sid`. Somebody who has one session keeps it where
/// [`Auth0::keep_session`] says so.
pub(crate) fn remember(tenant: &Tenant, grant: &mut Grant) -> Option<String> {
    let mut state = tenant.state();
    if state.one_session.contains(&grant.sub) {
        let before = state.sessions.iter().find(|(_, session)| session.sub == grant.sub).map(|(sid, _)| sid.clone());
        grant.sid = before.or_else(|| grant.sid.take());
    }
    let sid = grant.sid.clone()?;
    let number = state.sessions.values().map(|session| session.number).max().unwrap_or_default() + 1;
    let session = Session { sub: grant.sub.clone(), clients: HashSet::new(), number };
    state.sessions.entry(sid.clone()).or_insert(session).clients.insert(grant.client_id.clone());
    Some(sid)
}

/// The session's cookie.
pub(crate) fn with_cookie(mut response: Response, sid: Option<&str>) -> Response {
    let cookie = sid.map_or_else(
        || format!("{NAME}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"),
        |sid| format!("{NAME}={sid}; Path=/; HttpOnly; SameSite=Lax"),
    );
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().append(SET_COOKIE, cookie);
    }
    response
}

#[derive(Deserialize)]
struct Ask {
    client_id: Option<String>,
    #[serde(rename = "returnTo")]
    return_to: Option<String>,
}

/// Ends the browser's session, tells the applications, and goes back. The applications have heard of it by then; Auth0 puts it
/// into a queue.
async fn logout(State(tenant): State<Arc<Tenant>>, Query(ask): Query<Ask>, headers: HeaderMap) -> Response {
    let known = ask.client_id.as_deref().is_some_and(|id| tenant.client(id).is_some());
    let Some(url) = ask.return_to.filter(|url| known && tenant.state().logout_urls.contains(url)) else {
        return page::error("The returnTo querystring parameter is not an allowed logout URL");
    };
    if let Some(sid) = cookie(&headers) {
        tenant.end_session(&sid).await;
    }
    with_cookie(back::found(&url), None)
}

fn cookie(headers: &HeaderMap) -> Option<String> {
    let pairs =
        headers.get_all(COOKIE).iter().filter_map(|value| value.to_str().ok()).flat_map(|text| text.split("; "));
    pairs.filter_map(|pair| pair.split_once('=')).find(|(name, _)| *name == NAME).map(|(_, sid)| sid.to_owned())
}

impl Tenant {
    /// Ends a session and tells every application that it signed in to; their statuses, 0 for one that did not answer.
    async fn end_session(&self, sid: &str) -> Vec<u16> {
        let Some(session) = self.state().sessions.remove(sid) else { return Vec::new() };
        let mut statuses = Vec::new();
        for client in &session.clients {
            let Some(url) = self.state().back_channel.get(client).cloned() else { continue };
            let Some(token) = self.logout_token(&self.logout_claims(client, &session.sub, sid)) else { continue };
            let answer = self.outbound.post_form(&url, &[("logout_token", &token)]).await;
            statuses.push(answer.map_or(0, |answer| answer.status().as_u16()));
        }
        statuses
    }

    fn logout_claims(&self, client: &str, sub: &str, sid: &str) -> Value {
        let now = clock::now();
        json!({
            "iss": self.issuer, "aud": client, "sub": sub, "sid": sid, "iat": now, "exp": now.saturating_add(LIFETIME),
            "jti": random::token(""), "events": { EVENT: {} }, "trace_id": "81b336a94a4a5707",
        })
    }

    /// What `typ` Auth0 writes is not documented; the verifier in its documentation demands `JWT`.
    fn logout_token(&self, claims: &Value) -> Option<String> {
        let key = self.state().keys.first().cloned()?;
        key.sign("JWT", claims).ok().map(|token| self.hand_out(token))
    }
}

impl Auth0 {
    /// Registers the address at which an application hears of logouts.
    pub fn set_back_channel(&self, client_id: &str, url: &str) {
        self.tenant.state().back_channel.insert(client_id.to_owned(), url.to_owned());
    }

    /// Registers one more address that a logout may come back to, for every application.
    pub fn allow_logout_url(&self, url: &str) {
        self.tenant.state().logout_urls.insert(url.to_owned());
    }

    /// From now on, all sign-ins of this person are of one session, as in a browser that keeps the tenant's cookie.
    pub fn keep_session(&self, sub: &str) {
        self.tenant.state().one_session.insert(sub.to_owned());
    }

    /// The `sid`s of a person's sessions at the tenant, in the order in which they began.
    #[must_use]
    pub fn sessions(&self, sub: &str) -> Vec<String> {
        let state = self.tenant.state();
        let mut found: Vec<_> = state.sessions.iter().filter(|(_, session)| session.sub == sub).collect();
        found.sort_by_key(|(_, session)| session.number);
        found.into_iter().map(|(sid, _)| sid.clone()).collect()
    }

    /// Ends all sessions of a person at the tenant, as an administrator does, and tells the applications; the statuses of their
    /// answers, 0 for one that did not come.
    pub async fn log_out(&self, sub: &str) -> Vec<u16> {
        let mut statuses = Vec::new();
        for sid in self.sessions(sub) {
            statuses.extend(self.tenant.end_session(&sid).await);
        }
        statuses
    }

    /// The claims of a good logout token for an application, to be bent and signed.
    #[must_use]
    pub fn logout_claims(&self, client_id: &str, sub: &str, sid: &str) -> Value {
        self.tenant.logout_claims(client_id, sub, sid)
    }
}
