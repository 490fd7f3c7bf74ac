//! Foreign identity providers behind our clients, and the double of Okta before Okta's own description. `make conformance` installs
//! what they need and runs them; each is started by its test, on a free port, and ends with it.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a suite fails its test by a panic"
)]

mod browser;
mod channel;
mod engine;
mod keycloak;
mod mandates;
mod oidc_provider;
mod okta;
mod site;
