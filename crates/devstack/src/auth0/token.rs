//! `POST /oauth/token`.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::HeaderMap;

use super::fields::Fields;
use super::oauth_error::OauthError;
use super::tenant::Tenant;
use super::tokens::Answer;
use super::{ciba, code_grant, federated, management, refresh_grant};

/// The grant type of a Token Vault exchange.
pub(crate) const FEDERATED: &str = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token";

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new().route("/oauth/token", post(token))
}

async fn token(State(tenant): State<Arc<Tenant>>, headers: HeaderMap, body: Bytes) -> Result<Answer, OauthError> {
    let fields = Fields::read(&headers, &body)?;
    let grant_type = fields.need("grant_type")?;
    let client = fields.client(&tenant, &headers)?;
    match grant_type {
        "authorization_code" => code_grant::redeem(&tenant, client, &fields),
        "refresh_token" => refresh_grant::redeem(&tenant, client, &fields),
        ciba::GRANT_TYPE => ciba::poll(&tenant, client, &fields),
        "client_credentials" => management::token(&tenant, client, &fields),
        FEDERATED => federated::exchange(&tenant, client, &fields).await,
        _ => Err(OauthError::forbidden("unsupported_grant_type", "Unsupported grant type")),
    }
    .map(Answer)
}
