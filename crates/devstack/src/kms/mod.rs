//! AWS KMS: symmetric keys, and data keys bound to an encryption context.
//!
//! Followed is the [JSON protocol](https://docs.aws.amazon.com/kms/latest/APIReference/Welcome.html) for
//! `GenerateDataKey`, `Encrypt`, `Decrypt` and `DescribeKey`. Every call is `POST /`; among the operations a call's
//! request line is `POST /OPERATION`, as in `POST /Decrypt`.
//!
//! A key's material is made at random, never leaves this module, and is used as AES-256-GCM with the encryption context
//! as associated data. A ciphertext says which key and which of its materials it is under, in a form of this double's own.
//! With an [`crate::iam::Iam`], a key's policy is the usual one: it leaves all to IAM.
//!
//! Left out: asymmetric and HMAC keys, grants, key policies, imported material, other regions, and keys' deletion.
//! Members of a request that are not known here are refused.

mod api;
mod blob;
mod context;
mod controls;
mod operation;
mod problem;
mod store;
#[cfg(test)]
mod tests;

use std::io;

use tokio::net::TcpListener;

pub use controls::Kms;

use crate::iam::Gate;
use crate::lambda::{ACCOUNT, REGION};
use crate::operations::Observed;
use store::Keys;

/// The ARN of a key with this id.
#[must_use]
pub fn arn(key_id: &str) -> String {
    format!("arn:aws:kms:{REGION}:{ACCOUNT}:key/{key_id}")
}

/// Serves KMS without keys on `listener`.
///
/// # Errors
/// When the listener has no local address.
pub async fn start(listener: TcpListener) -> io::Result<Kms> {
    let (observed, keys, gate) = (Observed::default(), Keys::default(), Gate::default());
    let router = api::routes(keys.clone(), gate.clone(), &observed);
    Ok(Kms { operations: observed.serve("kms", listener, router)?, keys, gate })
}
