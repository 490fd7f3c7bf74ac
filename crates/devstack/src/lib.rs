//! Programs of ours that speak the vendors' wire protocols on loopback, for development and tests.
//!
//! The doubles write their own wire shapes: if they borrowed the clients' structs, a wrong field name would be wrong on
//! both sides and every test would pass. So nothing in this crate may depend on another crate of the workspace.

mod admin;
pub mod auth0;
pub mod bedrock;
mod clock;
pub mod double;
pub mod dynamodb;
pub mod fault;
pub mod gateway;
pub mod iam;
pub mod kms;
pub mod lambda;
pub mod okta;
pub mod openfga;
pub mod operations;
mod outbound;
mod random;
pub mod sample;
pub mod secrets_manager;
pub mod sqs;
pub mod stack;
pub mod sts;
pub mod watch;
