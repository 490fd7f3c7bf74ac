//! AWS Secrets Manager: secrets with versions and stages, read by ARN.
//!
//! Followed is the [JSON protocol](https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html) for
//! `GetSecretValue`, `PutSecretValue` and `DescribeSecret`. Every call is `POST /`; among the operations a call's request
//! line is `POST /OPERATION`, as in `POST /GetSecretValue`.
//!
//! A new version takes the stage `AWSCURRENT`, and the one before it `AWSPREVIOUS`. With an [`crate::iam::Iam`], a secret has no
//! policy of its own: all is left to IAM.
//!
//! Left out: rotation by a function, stages of one's own, replicas, tags, deletion with a window, and keys at KMS. Members of a
//! request that are not known here are refused.

mod api;
mod controls;
mod problem;
mod store;
#[cfg(test)]
mod tests;

use std::io;

use tokio::net::TcpListener;

pub use controls::SecretsManager;
pub use store::Value;

use crate::iam::Gate;
use crate::operations::Observed;
use store::Secrets;

/// Serves Secrets Manager without secrets on `listener`.
///
/// # Errors
/// When the listener has no local address.
pub async fn start(listener: TcpListener) -> io::Result<SecretsManager> {
    let (observed, secrets, gate) = (Observed::default(), Secrets::default(), Gate::default());
    let router = api::routes(secrets.clone(), gate.clone(), &observed);
    Ok(SecretsManager { operations: observed.serve("secretsmanager", listener, router)?, secrets, gate })
}
