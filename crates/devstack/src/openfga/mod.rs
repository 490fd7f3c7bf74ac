//! A double of an OpenFGA server, with the token endpoint that a hosted one has beside it.
//!
//! Relations are really evaluated, over the models and tuples that were written. Conditions (CEL), ListUsers, Expand
//! and ReadChanges are not spoken.

mod admin;
mod api;
mod config;
mod controls;
mod entry_points;
mod evaluate;
mod model;
mod model_rules;
mod parse;
mod pattern;
mod problem;
mod store;
#[cfg(test)]
mod tests;
mod token;
mod tuple;
mod tuple_rules;
mod ulid;

use axum::Router;
use axum::routing::post;
use tokio::net::TcpListener;

pub use config::{Auth, Config, Seed, Writer};
pub use controls::OpenFga;
pub use store::Question;
pub use tuple::Tuple;

use crate::double::Double;
use store::{Shared, World};

/// Serves an OpenFGA server on `listener`.
///
/// # Errors
/// When the listener has no local address, or when a seed holds an id, a model or a tuple that the server would refuse.
pub async fn start(listener: TcpListener, config: Config) -> std::io::Result<OpenFga> {
    let world = World::build(config).map_err(|problem| std::io::Error::other(problem.message))?;
    let shared = Shared::new(world);
    let router = Router::new()
        .merge(api::routes(&shared))
        .route("/oauth/token", post(token::issue))
        .merge(admin::routes())
        .fallback(problem::no_such_path)
        .with_state(shared.clone());
    Ok(OpenFga::new(Double::serve("openfga", listener, router)?, shared))
}
