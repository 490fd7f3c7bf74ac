//! Signed tokens (RFC 7515, 7517, 7519) under the rules of RFC 8725.
//!
//! The way through: [`Unverified::parse`] gives what is needed to find a key, [`KeyCache`] says whether the keys at hand
//! will do, and [`verify`] turns a token, a [`KeySet`], a [`Policy`] and a time into [`Claims`]. There is no other way to
//! get claims, and no claim can be read before the signature holds. Where tokens of several issuers are taken, [`Issuers`]
//! picks the policy, and what a token says comes as a [`Caller`] in one form for all providers.
//!
//! `jsonwebtoken` checks the signature, in one call in `jwk.rs`, and nothing else: its own validation compares times with
//! the system clock, treats some ill-typed claims as absent and takes padded or repeated members that RFC 8725 refuses.
//!
//! The caller maps every [`Refused`] to one answer: whoever sent a token must not learn which rule it broke.

mod access_token;
mod algorithm;
mod caller;
mod claims;
mod header;
mod id_token;
mod issuers;
mod jwk;
mod jwks;
mod keys;
mod lifetime;
mod logout_token;
mod parties;
mod policy;
mod provider;
mod refused;
mod segments;
pub(crate) mod strict_json;
mod unverified;
mod verify;

#[cfg(test)]
mod tests;

pub use algorithm::Algorithm;
pub use caller::Caller;
pub use claims::Claims;
pub use issuers::{Issuer, Issuers, IssuersProblem};
pub use jwks::{Decision, KeyCache, Limits};
pub use keys::{KeySet, KeySetError};
pub use logout_token::{Ended, LogoutToken, verify_logout_token};
pub use policy::Policy;
pub use provider::Provider;
pub use refused::{Refused, Rule};
pub use unverified::Unverified;
pub use verify::{payload, verify};
