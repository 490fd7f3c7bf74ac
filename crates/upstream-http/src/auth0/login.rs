//! Sign-in by the authorization code flow (OpenID Connect Core section 3.1) with PKCE S256, state, nonce and, where the
//! provider sends it, `iss` on the callback.
//!
//! The way through: [`begin`] gives the address for the browser and a [`PendingLogin`] to keep; the callback's query and
//! the pending sign-in give an [`Exchanged`], which costs the code; [`Exchanged::verify`] gives a [`SignedIn`]. The last
//! two are apart so that an ID token under a key that is not known yet can be tried again with newer keys, while the code
//! is sent once only.

mod begin;
mod error;
mod exchanged;
mod pending;
#[cfg(test)]
mod tests;

pub use begin::{Begin, begin};
pub use error::LoginError;
pub use exchanged::{Exchanged, SignedIn};
pub use pending::{Callback, PendingLogin};
