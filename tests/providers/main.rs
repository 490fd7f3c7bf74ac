//! Foreign identity providers behind our clients, and the double of Okta before Okta's own description. `make conformance` installs
//! what they need and runs them; each is started by its test, on a free port, and ends with it.

mod browser;
mod channel;
mod engine;
mod keycloak;
mod mandates;
mod oidc_provider;
mod okta;
mod site;
