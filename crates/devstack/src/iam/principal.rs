//! The `Principal` of a trust policy or of a resource's own policy.

use serde_json::Value;

use super::caller::Signer;
use super::document::Malformed;
use super::members::{Members, texts};
use crate::lambda::ACCOUNT;

/// Who is meant.
#[derive(Clone, Debug)]
pub(super) enum Principal {
    /// A role, by its ARN: every session of it.
    Role(String),
    /// One session, by its ARN.
    Session(String),
    /// Everybody in the account.
    Account,
    /// A service of AWS, by its name.
    Service(String),
}

/// `{"AWS": ...}` and `{"Service": ...}`. Everybody (`*`) is refused.
pub(super) fn parse(value: Value) -> Result<Vec<Principal>, Malformed> {
    let mut members = Members::of(value, "`Principal`")?;
    let named = members.take("AWS").map(|value| texts(value, "AWS")).transpose()?;
    let services = members.take("Service").map(|value| texts(value, "Service")).transpose()?;
    members.end()?;
    let mut principals = Vec::new();
    for name in services.unwrap_or_default() {
        if !name.ends_with(".amazonaws.com") || name.contains(['*', '?', '$']) {
            return Err(Malformed::new("Invalid principal in policy".to_owned()));
        }
        principals.push(Principal::Service(name));
    }
    for name in named.unwrap_or_default() {
        principals.push(one(&name).ok_or_else(|| Malformed::new("Invalid principal in policy".to_owned()))?);
    }
    if principals.is_empty() { Err(Malformed::new("`Principal` is empty".to_owned())) } else { Ok(principals) }
}

fn one(name: &str) -> Option<Principal> {
    let plain = |text: &str| !text.is_empty() && !text.contains(['*', '?', '$']);
    if name == ACCOUNT || name == format!("arn:aws:iam::{ACCOUNT}:root") {
        return Some(Principal::Account);
    }
    let of = |prefix: String| name.strip_prefix(prefix.as_str()).is_some_and(plain).then(|| name.to_owned());
    of(format!("arn:aws:iam::{ACCOUNT}:role/"))
        .map(Principal::Role)
        .or_else(|| of(format!("arn:aws:sts::{ACCOUNT}:assumed-role/")).map(Principal::Session))
}

impl Principal {
    pub(super) fn is(&self, signer: Signer<'_>) -> bool {
        match (self, signer) {
            (Self::Role(arn), Signer::Session(caller)) => *arn == caller.role_arn(),
            (Self::Session(arn), Signer::Session(caller)) => *arn == caller.arn(),
            (Self::Account, Signer::Session(_)) => true,
            (Self::Service(name), Signer::Service(service)) => name == service,
            (Self::Role(_) | Self::Session(_) | Self::Account, Signer::Service(_))
            | (Self::Service(_), Signer::Session(_)) => false,
        }
    }
}
