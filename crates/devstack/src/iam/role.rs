//! Roles, as a test or a stack describes them.

use serde_json::Value;

use super::document::{Document, Kind, Malformed};
use crate::lambda::ACCOUNT;

/// The ARN of a role of this name.
#[must_use]
pub fn role_arn(name: &str) -> String {
    format!("arn:aws:iam::{ACCOUNT}:role/{name}")
}

/// A role: its name, who may assume it, and what it may do.
#[derive(Clone, Debug)]
pub struct Role {
    pub(super) name: String,
    trust: Option<Value>,
    permissions: Vec<Value>,
}

impl Role {
    /// A role that nobody may assume and that may do nothing. Lambda's functions have theirs all the same.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), trust: None, permissions: Vec::new() }
    }

    /// The same with this trust policy.
    #[must_use]
    pub fn trusting(mut self, policy: Value) -> Self {
        self.trust = Some(policy);
        self
    }

    /// The same with one more permissions policy.
    #[must_use]
    pub fn allowing(mut self, policy: Value) -> Self {
        self.permissions.push(policy);
        self
    }
}

/// A role whose policies were understood.
pub(super) struct Stored {
    /// Unique id: what `aws:userid` begins with.
    pub(super) id: String,
    pub(super) trust: Option<Document>,
    pub(super) permissions: Vec<Document>,
}

impl Stored {
    pub(super) fn of(role: &Role) -> Result<Self, Malformed> {
        let named = |c: char| c.is_ascii_alphanumeric() || "+=,.@-_".contains(c);
        if role.name.is_empty() || role.name.len() > 64 || !role.name.chars().all(named) {
            return Err(Malformed::new(format!("`{}` is not a role's name", role.name)));
        }
        let trust = role.trust.as_ref().map(|policy| Document::parse(&policy.to_string(), Kind::Trust)).transpose()?;
        let permissions = role.permissions.iter().map(|policy| Document::parse(&policy.to_string(), Kind::Permissions));
        let permissions = permissions.collect::<Result<_, _>>()?;
        Ok(Self { id: super::session::id("AROA"), trust, permissions })
    }
}
