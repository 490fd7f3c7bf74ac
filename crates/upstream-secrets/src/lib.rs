//! What every AWS client is made with, and the one of them that is for functions without rows too: secrets at Secrets Manager.
//!
//! A crate by itself, so that the authorizer and the gateway's interceptor link no client of a table, a key, a queue or a function.

pub mod connection;
pub mod failure;
mod secrets;

pub use connection::{Common, ConnectError, Identity};
pub use secrets::{SecretError, Secrets};
