//! The My Account API's connected accounts: the one way to fill the vault.

mod accounts;
mod browser;
mod complete;
mod connect;
mod problem;

use std::sync::Arc;

use axum::Router;
use axum::routing::{delete, get, post};
use http::HeaderMap;

use super::grant::Grant;
use super::tenant::Tenant;
use super::tokens;
pub(crate) use connect::Connecting;
use problem::Problem;

/// The API's scopes.
pub(crate) const SCOPES: [&str; 3] = [CREATE, READ, DELETE];
const CREATE: &str = "create:me:connected_accounts";
const READ: &str = "read:me:connected_accounts";
const DELETE: &str = "delete:me:connected_accounts";

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/me/v1/connected-accounts/connect", post(connect::connect))
        .route("/me/v1/connected-accounts/complete", post(complete::complete))
        .route("/me/v1/connected-accounts/accounts", get(accounts::list))
        .route("/me/v1/connected-accounts/accounts/{id}", delete(accounts::remove))
        .route("/me/v1/connected-accounts/connections", get(accounts::connections))
        .route("/connected-accounts/connect", get(browser::leave))
        .route("/login/callback", get(browser::arrive))
}

/// What the bearer of an access token for this API may do.
///
/// # Errors
/// 401 for a token that is unknown, over, or for another audience; 403 for one without the scope.
fn authorized(tenant: &Tenant, headers: &HeaderMap, scope: &str) -> Result<Grant, Problem> {
    let grant = tokens::bearer(tenant, headers).map(|access| access.grant);
    let grant = grant.filter(|grant| grant.audience.as_ref() == Some(&tenant.my_account())).ok_or(Problem::token())?;
    if grant.has(scope) { Ok(grant) } else { Err(Problem::scope()) }
}
