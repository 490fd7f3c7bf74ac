//! Listing and removing.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, Query, State};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{DELETE, Problem, READ, authorized};
use crate::auth0::tenant::Tenant;

#[derive(Deserialize)]
pub(super) struct Filter {
    connection: Option<String>,
}

/// `GET /me/v1/connected-accounts/accounts`.
pub(super) async fn list(
    State(tenant): State<Arc<Tenant>>,
    Query(filter): Query<Filter>,
    headers: HeaderMap,
) -> Result<Json<Value>, Problem> {
    let grant = authorized(&tenant, &headers, READ)?;
    let state = tenant.state();
    let own = state.vault.iter().filter(|account| account.sub == grant.sub);
    let chosen = own.filter(|account| filter.connection.as_ref().is_none_or(|name| *name == account.connection));
    let accounts: Vec<Value> = chosen.map(|account| account.to_json()).collect();
    Ok(Json(json!({ "accounts": accounts })))
}

/// `GET /me/v1/connected-accounts/connections`.
pub(super) async fn connections(State(tenant): State<Arc<Tenant>>, headers: HeaderMap) -> Result<Json<Value>, Problem> {
    authorized(&tenant, &headers, READ)?;
    let upstream = &tenant.upstream;
    let connection = json!({"name": upstream.connection, "strategy": "oidc", "scopes": upstream.scopes});
    Ok(Json(json!({ "connections": [connection] })))
}

/// `DELETE /me/v1/connected-accounts/accounts/{id}`. Nothing is revoked at the provider, as at Auth0.
pub(super) async fn remove(
    State(tenant): State<Arc<Tenant>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Result<StatusCode, Problem> {
    let grant = authorized(&tenant, &headers, DELETE)?;
    let mut state = tenant.state();
    let before = state.vault.len();
    state.vault.retain(|account| account.id != id || account.sub != grant.sub);
    if state.vault.len() == before { Err(Problem::missing()) } else { Ok(StatusCode::NO_CONTENT) }
}
