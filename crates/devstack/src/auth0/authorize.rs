//! `GET /authorize` (OpenID Connect Core 1.0, section 3.1.2): code flow with PKCE, and nothing else.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Query, State};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;

use super::back::Back;
use super::config::{Client, GrantType};
use super::grant::{Grant, words};
use super::refresh_grant::{is_oidc, scopes_of};
use super::tenant::Tenant;
use super::transaction::{Step, Transaction};
use super::{page, pkce};
use crate::random;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new().route("/authorize", get(authorize))
}

#[derive(Deserialize)]
struct Request {
    client_id: Option<String>,
    redirect_uri: Option<String>,
    response_type: Option<String>,
    scope: Option<String>,
    state: Option<String>,
    nonce: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    audience: Option<String>,
    organization: Option<String>,
    connection: Option<String>,
    prompt: Option<String>,
    max_age: Option<String>,
}

/// `error` and `error_description`.
type Refused = (&'static str, &'static str);

/// An unknown application or callback URL gets a page and never a redirect (RFC 6749, section 4.1.2.1).
async fn authorize(State(tenant): State<Arc<Tenant>>, Query(request): Query<Request>) -> Response {
    let Some(client) = request.client_id.as_deref().and_then(|id| tenant.client(id)) else {
        return page::error("Unknown client");
    };
    let Some(redirect_uri) = request.redirect_uri.clone().filter(|uri| tenant.is_callback(client, uri)) else {
        return page::error("Callback URL mismatch");
    };
    let back = Back { redirect_uri, state: request.state.clone() };
    match check(&tenant, client, request, &back) {
        Err((error, description)) => back.refuse(&tenant.issuer, error, description),
        Ok(transaction) => {
            let id = random::token("");
            let body = page::login(&tenant, &id, transaction.connection.as_deref(), false);
            tenant.state().transactions.insert(id, transaction);
            body
        }
    }
}

fn check(tenant: &Tenant, client: &Client, request: Request, back: &Back) -> Result<Transaction, Refused> {
    if request.response_type.as_deref() != Some("code") {
        return Err(("unsupported_response_type", "response_type must be code"));
    }
    if !client.grants.contains(&GrantType::AuthorizationCode) {
        return Err(("unauthorized_client", "Grant type not allowed for the client."));
    }
    let asked = words(request.scope.as_deref().unwrap_or_default());
    if !asked.iter().any(|scope| scope == "openid") {
        return Err(("invalid_scope", "scope must contain openid"));
    }
    if request.code_challenge_method.as_deref() != Some("S256") {
        return Err(("invalid_request", "code_challenge_method must be S256"));
    }
    let challenge = request.code_challenge.filter(|challenge| pkce::is_challenge(challenge));
    let challenge = challenge.ok_or(("invalid_request", "code_challenge must be the base64url of a SHA-256"))?;
    let audience = request.audience.filter(|audience| !audience.is_empty());
    let api = match &audience {
        None => Vec::new(),
        Some(audience) => scopes_of(tenant, audience).ok_or(("access_denied", "Service not found"))?,
    };
    let known = |name: &String| tenant.users().iter().any(|user| user.connection == *name);
    if !request.connection.as_ref().is_none_or(known) {
        return Err(("invalid_request", "the connection was not found"));
    }
    let prompt = words(request.prompt.as_deref().unwrap_or_default());
    if prompt.iter().any(|word| word == "none") {
        // There is no login cookie, so nobody is ever signed in already.
        return Err(("login_required", "Login required"));
    }
    let offline = client.grants.contains(&GrantType::RefreshToken);
    let granted = |scope: &String| match scope.as_str() {
        "offline_access" => offline,
        word => is_oidc(word) || api.iter().any(|known| known == word),
    };
    let grant = Grant {
        sub: String::new(),
        client_id: client.client_id.clone(),
        scope: asked.into_iter().filter(granted).collect(),
        audience,
        org_id: request.organization.filter(|org| !org.is_empty()),
        nonce: request.nonce,
        sid: Some(random::token("")),
        auth_time: None,
    };
    Ok(Transaction {
        back: back.clone(),
        grant,
        challenge,
        connection: request.connection,
        always_ask: prompt.iter().any(|word| word == "consent"),
        wants_auth_time: request.max_age.is_some(),
        step: Step::Login,
    })
}
