//! CIBA (OpenID Connect Client-Initiated Backchannel Authentication 1.0) in poll mode, with the push channel only.
//!
//! `POST /bc-authorize` sends a notification to the user's phone, which is the page `/phone/{sub}`; the application
//! polls `POST /oauth/token`. A request with `requested_expiry` over 300 s, which Auth0 would send by e-mail, is refused,
//! and so are `authorization_details`: the phone page shows none.

mod book;
mod control_routes;
mod controls;
mod hint;
mod phone;
mod poll;
mod request;
mod start;

use std::sync::Arc;

use axum::Router;

use super::tenant::Tenant;
pub(crate) use book::Book;
pub use controls::Pending;
pub(crate) use poll::{GRANT_TYPE, poll};
pub use request::Poll;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new().merge(start::routes()).merge(phone::routes()).merge(control_routes::routes())
}
