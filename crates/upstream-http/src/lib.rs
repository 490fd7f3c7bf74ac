//! Clients for the services that are reached over HTTP: Auth0, OpenFGA, Okta, and key sets.
//!
//! One file for each thing asked. Every call that acts for a person takes a mandate and no other identifier. Every call
//! takes `until`, the moment at which the invocation must be done, and keeps its own, shorter limit besides.

pub mod auth0;
pub mod client_secret;
pub mod jwks;
pub mod okta;
pub mod openfga;
#[cfg(test)]
mod testing;
pub mod transport;
