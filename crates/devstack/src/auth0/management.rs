//! The Management API, as far as it tells how an application, its connection and the second factor are set up: four reads, for
//! tokens of `client_credentials` with the API's own audience.
//!
//! Paths, members and values are those of Auth0's reference of the Management API v2 (`GET /clients/{id}`, `/connections`,
//! `/guardian/policies`, `/guardian/factors`); of an answer only what is read here is there. That a policy "Always" shows as
//! `all-applications`, and that the bodies of 401, 403 and 404 look as they do here, is not verified against a live tenant.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http::header::AUTHORIZATION;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::ciba;
use super::config::{Client, GrantType, MfaPolicy};
use super::fields::{Fields, allowed};
use super::oauth_error::OauthError;
use super::tenant::Tenant;
use super::token::FEDERATED;

/// Seconds that a token of this API lives at Auth0 unless set otherwise.
const LIFETIME: u64 = 86_400;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/api/v2/clients/{id}", get(client))
        .route("/api/v2/connections", get(connections))
        .route("/api/v2/guardian/policies", get(policies))
        .route("/api/v2/guardian/factors", get(factors))
}

/// The grant `client_credentials`, for this API only.
///
/// # Errors
/// For an application without the grant, and for another audience.
pub(crate) fn token(tenant: &Tenant, client: &Client, fields: &Fields) -> Result<Value, OauthError> {
    allowed(client, GrantType::ClientCredentials)?;
    if fields.need("audience")? != tenant.at("api/v2/") {
        return Err(OauthError::forbidden("access_denied", "Service not found"));
    }
    let token = tenant.secret("");
    tenant.state().management_tokens.insert(token.clone());
    Ok(json!({"access_token": token, "token_type": "Bearer", "expires_in": LIFETIME}))
}

async fn client(State(tenant): State<Arc<Tenant>>, Path(id): Path<String>, headers: HeaderMap) -> Response {
    answer(&tenant, &headers, |tenant| {
        let client = tenant.client(&id)?;
        // Those that were registered since the start are every application's.
        let later = tenant.state().callbacks.clone();
        let callbacks: BTreeSet<&String> = client.redirect_uris.iter().chain(&later).collect();
        let grants: Vec<&str> = client.grants.iter().map(|grant| named(*grant)).collect();
        Some(json!({
            "client_id": client.client_id,
            "app_type": "regular_web",
            "is_first_party": true,
            "oidc_conformant": true,
            "token_endpoint_auth_method": "client_secret_post",
            "callbacks": callbacks,
            "grant_types": grants,
            "refresh_token": {"rotation_type": "non-rotating", "expiration_type": "expiring"},
            "async_approval_notification_channels": ["guardian-push"],
        }))
    })
}

#[derive(Deserialize)]
struct Filter {
    name: Option<String>,
}

async fn connections(State(tenant): State<Arc<Tenant>>, Query(filter): Query<Filter>, headers: HeaderMap) -> Response {
    answer(&tenant, &headers, |tenant| {
        let upstream = &tenant.upstream;
        let meant = filter.name.as_ref().is_none_or(|name| *name == upstream.connection);
        let connection = json!({
            "id": "con_okta",
            "name": upstream.connection,
            "strategy": "oidc",
            "enabled_clients": tenant.client_ids(),
            "connected_accounts": {"active": true},
            "options": {"scope": upstream.scopes.join(" ")},
        });
        Some(Value::Array(meant.then_some(connection).into_iter().collect()))
    })
}

async fn policies(State(tenant): State<Arc<Tenant>>, headers: HeaderMap) -> Response {
    answer(&tenant, &headers, |tenant| match tenant.state().mfa_policy {
        MfaPolicy::Always => Some(json!(["all-applications"])),
        MfaPolicy::Never => Some(json!([])),
    })
}

async fn factors(State(tenant): State<Arc<Tenant>>, headers: HeaderMap) -> Response {
    answer(&tenant, &headers, |_| {
        Some(json!([{"name": "push-notification", "enabled": true}, {"name": "sms", "enabled": false}]))
    })
}

fn answer(tenant: &Tenant, headers: &HeaderMap, found: impl FnOnce(&Tenant) -> Option<Value>) -> Response {
    let given = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let token = given.strip_prefix("Bearer ").unwrap_or_default();
    if !tenant.state().management_tokens.contains(token) {
        return refused(StatusCode::UNAUTHORIZED, "Unauthorized", "Invalid token");
    }
    match found(tenant) {
        Some(value) => Json(value).into_response(),
        None => refused(StatusCode::NOT_FOUND, "Not Found", "The client does not exist"),
    }
}

fn refused(status: StatusCode, error: &str, message: &str) -> Response {
    (status, Json(json!({"statusCode": status.as_u16(), "error": error, "message": message}))).into_response()
}

fn named(grant: GrantType) -> &'static str {
    match grant {
        GrantType::AuthorizationCode => "authorization_code",
        GrantType::RefreshToken => "refresh_token",
        GrantType::ClientCredentials => "client_credentials",
        GrantType::TokenVault => FEDERATED,
        GrantType::Ciba => ciba::GRANT_TYPE,
    }
}
