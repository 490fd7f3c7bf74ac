//! Discovery (OpenID Connect Discovery 1.0, section 4) and the JWKS.

use std::sync::Arc;

use axum::extract::State;
use axum::routing::get;
use axum::{Json, Router};
use serde_json::{Value, json};

use super::ciba;
use super::tenant::Tenant;
use super::token::FEDERATED;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/.well-known/openid-configuration", get(configuration))
        .route("/.well-known/jwks.json", get(jwks))
}

async fn configuration(State(tenant): State<Arc<Tenant>>) -> Json<Value> {
    Json(json!({
        "issuer": tenant.issuer,
        "authorization_endpoint": tenant.at("authorize"),
        "token_endpoint": tenant.at("oauth/token"),
        "userinfo_endpoint": tenant.at("userinfo"),
        "jwks_uri": tenant.at(".well-known/jwks.json"),
        "backchannel_logout_supported": true,
        "backchannel_logout_session_supported": true,
        "revocation_endpoint": tenant.at("oauth/revoke"),
        "backchannel_authentication_endpoint": tenant.at("bc-authorize"),
        "backchannel_token_delivery_modes_supported": ["poll"],
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token", FEDERATED, ciba::GRANT_TYPE],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "code_challenge_methods_supported": ["S256"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "claims_supported": ["aud", "auth_time", "email", "email_verified", "exp", "iat", "iss", "name", "sub"],
        "request_uri_parameter_supported": false,
        "request_parameter_supported": false,
        "authorization_response_iss_parameter_supported": true,
    }))
}

async fn jwks(State(tenant): State<Arc<Tenant>>) -> Json<Value> {
    let keys: Vec<Value> = tenant.state().keys.iter().map(|key| key.jwk()).collect();
    Json(json!({ "keys": keys }))
}
