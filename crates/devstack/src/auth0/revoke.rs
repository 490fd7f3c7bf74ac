//! `POST /oauth/revoke` (RFC 7009): refresh tokens only, as at Auth0.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::routing::post;
use http::{HeaderMap, StatusCode};

use super::fields::Fields;
use super::oauth_error::OauthError;
use super::refresh_grant;
use super::tenant::Tenant;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new().route("/oauth/revoke", post(revoke))
}

/// 200 for a token that is not known, too (RFC 7009, section 2.2).
async fn revoke(State(tenant): State<Arc<Tenant>>, headers: HeaderMap, body: Bytes) -> Result<StatusCode, OauthError> {
    let fields = Fields::read(&headers, &body)?;
    let client = fields.client(&tenant, &headers)?;
    let token = fields.need("token")?;
    if let Some(grant) = refresh_grant::find(&tenant, client, token) {
        let mut state = tenant.state();
        state.refresh_tokens.remove(token);
        if state.revocation_deletes_grant {
            state.refresh_tokens.retain(|_, other| {
                (&other.sub, &other.client_id, &other.audience) != (&grant.sub, &grant.client_id, &grant.audience)
            });
        }
    }
    Ok(StatusCode::OK)
}
