//! A double of an Okta org: its authorization server (`/oauth2/v1`) and the part of the Management API that Mandate
//! calls (`/api/v1`).
//!
//! Access tokens are opaque, no ID token is issued and the key set is empty: a caller that reads a token instead of
//! presenting it meets an error here, as it should. Where the real service is not documented, the doc comment of the
//! function says so.

mod admin;
mod config;
mod controls;
mod cursor;
pub(crate) mod date;
mod directory;
mod grants;
mod groups;
mod lifecycle;
mod oidc;
mod problem;
mod rate;
mod rights;
#[cfg(test)]
mod tests;
mod users;
#[cfg(test)]
pub(crate) mod wire;
mod world;

use axum::Router;
use axum::routing::{get, post, put};
use tokio::net::TcpListener;

pub use config::{Client, Config, Group, GroupKind, Role, Status, User};
pub use controls::Okta;
pub use rate::Bucket;

use crate::double::Double;
use world::{Shared, World};

/// Serves an Okta org on `listener`.
///
/// # Errors
/// When the listener has no local address, or when the configuration names a user or group that it does not define.
pub async fn start(listener: TcpListener, config: Config) -> std::io::Result<Okta> {
    let base = format!("http://{}", listener.local_addr()?);
    let world = World::build(base, config).map_err(std::io::Error::other)?;
    let shared = Shared::new(world);
    let double = Double::serve("okta", listener, router(shared.clone()))?;
    Ok(Okta::new(double, shared))
}

fn router(shared: Shared) -> Router {
    let management = Router::new()
        .route("/api/v1/users/{user}", get(users::read))
        .route("/api/v1/users/{user}/groups", get(users::groups))
        .route("/api/v1/users/{user}/lifecycle/reset_password", post(lifecycle::reset_password))
        .route("/api/v1/users/{user}/lifecycle/unlock", post(lifecycle::unlock))
        .route("/api/v1/groups", get(groups::list))
        .route("/api/v1/groups/{group}/users/{user}", put(groups::add).delete(groups::remove))
        .layer(axum::middleware::from_fn_with_state(shared.clone(), rate::limit));
    Router::new()
        .merge(management)
        .merge(oidc::routes())
        .merge(admin::routes())
        .fallback(problem::no_such_path)
        .method_not_allowed_fallback(problem::wrong_method)
        .with_state(shared)
}
