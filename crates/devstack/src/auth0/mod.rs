//! The Auth0 double: sign-in with consent and push enrolment, tokens, those of APIs with Role-Based Access Control included,
//! Token Vault, connected accounts, CIBA with a phone.
//!
//! It answers on Auth0's own paths, with Auth0's statuses and error bodies where they are documented or were seen in
//! the field; where neither is known, the line that chooses says so. The issuer is `http://127.0.0.1:PORT/`, with the
//! trailing slash. What tests turn and read stands under `/_auth0/` and in the functions of [`Auth0`].

mod authorize;
mod back;
mod ciba;
mod code_grant;
pub mod config;
mod control_routes;
mod controls;
mod discovery;
mod federated;
mod fields;
mod forgery;
mod grant;
mod keys;
mod login;
mod logout;
mod management;
mod my_account;
mod oauth_error;
mod page;
mod pkce;
mod provider;
mod rbac;
mod refresh_grant;
mod revoke;
mod tenant;
#[cfg(test)]
mod tests;
mod token;
mod tokens;
mod transaction;
mod userinfo;
mod vault;

use std::ops::Deref;
use std::sync::Arc;

use axum::Router;
use tokio::net::TcpListener;

use crate::double::Double;
pub use ciba::{Pending, Poll};
pub use config::{
    Api, Client, Config, Dialect, Enrolment, GrantType, Lifetimes, MfaPolicy, Permission, Rbac, Upstream, User,
};
pub use controls::{ControlError, Issued, Rotation};
pub use forgery::Signer;
use tenant::Tenant;

/// A running Auth0 double. Dropping it stops it.
pub struct Auth0 {
    /// Its address, counters and faults.
    pub double: Double,
    tenant: Arc<Tenant>,
}

impl Deref for Auth0 {
    type Target = Double;

    fn deref(&self) -> &Double {
        &self.double
    }
}

/// Starts the double on `listener`. All tenants of a process begin with the same signing key; a rotation makes a new one.
///
/// # Errors
/// When the listener has no local address, or no key could be made.
pub async fn start(listener: TcpListener, config: Config) -> std::io::Result<Auth0> {
    let issuer = format!("http://{}/", listener.local_addr()?);
    let key = keys::SigningKey::first().await.map_err(|_| std::io::Error::other("no signing key could be made"))?;
    let tenant = Arc::new(Tenant::new(issuer, config, key));
    let double = Double::serve("auth0", listener, router(Arc::clone(&tenant)))?;
    Ok(Auth0 { double, tenant })
}

fn router(tenant: Arc<Tenant>) -> Router {
    Router::new()
        .merge(discovery::routes())
        .merge(authorize::routes())
        .merge(login::routes())
        .merge(logout::routes())
        .merge(token::routes())
        .merge(revoke::routes())
        .merge(userinfo::routes())
        .merge(my_account::routes())
        .merge(management::routes())
        .merge(ciba::routes())
        .merge(control_routes::routes())
        .with_state(tenant)
}
