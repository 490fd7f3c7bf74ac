//! Policy documents.
//!
//! Source: [the grammar](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html).

use std::collections::BTreeSet;
use std::fmt;

use serde_json::Value;

use super::condition::{self, Clause};
use super::members::{Members, texts};
use super::operator;
use super::pattern::Pattern;
use super::principal::{self, Principal};
use super::strict;

/// Why a document is refused: the sentence of a `MalformedPolicyDocument`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Malformed(String);

impl Malformed {
    pub(super) fn new(sentence: String) -> Self {
        Self(sentence)
    }
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Malformed {}

/// What a document is for.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Kind {
    /// A role's permissions or a session policy: with resources, without principals.
    Permissions,
    /// Who may assume a role: with principals, without resources.
    Trust,
    /// A function's or a key's own: with principals and resources.
    Resource,
}

/// A document that was understood in full.
#[derive(Clone, Debug)]
pub(crate) struct Document(pub(super) Vec<Statement>);

#[derive(Clone, Debug)]
pub(super) struct Statement {
    pub(super) denies: bool,
    pub(super) actions: Patterns,
    /// None in a trust policy.
    pub(super) resources: Option<Patterns>,
    /// Empty in permissions.
    pub(super) principals: Vec<Principal>,
    pub(super) clauses: Vec<Clause>,
}

/// What is meant, or what is not.
#[derive(Clone, Debug)]
pub(super) struct Patterns {
    pub(super) list: Vec<Pattern>,
    pub(super) negated: bool,
}

impl Document {
    /// # Errors
    /// [`Malformed`] for whatever is not understood.
    pub(crate) fn parse(text: &str, kind: Kind) -> Result<Self, Malformed> {
        let value = strict::parse(text).map_err(|why| Malformed::new(format!("This policy is not JSON: {why}")))?;
        let mut members = Members::of(value, "the policy")?;
        let version = members.take_text("Version")?;
        if version.as_deref() != Some("2012-10-17") {
            return Err(Malformed::new("The policy's `Version` is not 2012-10-17".to_owned()));
        }
        members.take_text("Id")?;
        let statements = match members.take("Statement") {
            Some(Value::Array(list)) => list,
            Some(one) => vec![one],
            None => Vec::new(),
        };
        members.end()?;
        if statements.is_empty() {
            return Err(Malformed::new("The policy has no statement".to_owned()));
        }
        let mut ids = BTreeSet::new();
        let parsed = statements.into_iter().map(|statement| Statement::parse(statement, kind, &mut ids));
        Ok(Self(parsed.collect::<Result<_, _>>()?))
    }
}

impl Statement {
    fn parse(value: Value, kind: Kind, ids: &mut BTreeSet<String>) -> Result<Self, Malformed> {
        let mut members = Members::of(value, "a statement")?;
        if let Some(id) = members.take_text("Sid")? {
            let plain = id.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if !plain || (!id.is_empty() && !ids.insert(id)) {
                return Err(Malformed::new("A `Sid` is not of letters and digits, or is there twice".to_owned()));
            }
        }
        let denies = match members.take_text("Effect")?.as_deref() {
            Some("Allow") => false,
            Some("Deny") => true,
            _ => return Err(Malformed::new("`Effect` is neither Allow nor Deny".to_owned())),
        };
        let actions = Patterns::take(&mut members, "Action", action)?;
        let actions = actions.ok_or_else(|| Malformed::new("A statement has no action".to_owned()))?;
        let (mut resources, mut principals) = (None, Vec::new());
        if kind != Kind::Trust {
            resources = Patterns::take(&mut members, "Resource", operator::arn)?;
            if resources.is_none() {
                return Err(Malformed::new("Policy statement must contain resources.".to_owned()));
            }
        }
        if kind != Kind::Permissions {
            let value = members.take("Principal");
            let value = value.ok_or_else(|| Malformed::new("The policy must name principals".to_owned()))?;
            principals = principal::parse(value)?;
        }
        let clauses = members.take("Condition").map(condition::parse).transpose()?.unwrap_or_default();
        members.end()?;
        Ok(Self { denies, actions, resources, principals, clauses })
    }
}

impl Patterns {
    fn take(
        members: &mut Members,
        name: &str,
        parse: fn(&str) -> Result<Pattern, Malformed>,
    ) -> Result<Option<Self>, Malformed> {
        let Some((value, negated)) = members.take_either(name, &format!("Not{name}"))? else { return Ok(None) };
        let list = texts(value, name)?.iter().map(|text| parse(text)).collect::<Result<_, _>>()?;
        Ok(Some(Self { list, negated }))
    }
}

/// `*`, or `service:Action` with wildcards in the action's name.
fn action(text: &str) -> Result<Pattern, Malformed> {
    let plain = |part: &str, wildcards: bool| {
        let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || (wildcards && (c == '*' || c == '?'));
        !part.is_empty() && part.chars().all(known)
    };
    let known =
        text == "*" || text.split_once(':').is_some_and(|(service, name)| plain(service, false) && plain(name, true));
    if known {
        Pattern::parse(text, true)
    } else {
        Err(Malformed::new("Actions must be `*` or `service:Action`".to_owned()))
    }
}
