//! What policies say of a request that nobody made: for tests that compare this evaluator with another one.

use std::collections::BTreeMap;

use serde_json::Value;

use super::caller::{Caller, Signer};
use super::context::Context;
use super::document::{Document, Kind, Malformed};
use super::evaluate::{Outcome, Request, decide};
use super::session::Session;

/// The documents that a request must pass, all of them.
#[derive(Debug, Default)]
pub struct Policies {
    permissions: Vec<Document>,
    session: Option<Document>,
    trust: Option<Document>,
    resource: Option<Document>,
}

/// A request.
#[derive(Debug)]
pub struct Trial<'a> {
    /// The ARN of a role or of a session of it, or the name of a service of AWS.
    pub principal: &'a str,
    /// As in `dynamodb:GetItem`.
    pub action: &'a str,
    /// An ARN, or `*` for what has none.
    pub resource: &'a str,
    /// Condition keys and their values, those of the caller and the time included: none are added.
    pub context: &'a BTreeMap<String, Vec<String>>,
}

impl Policies {
    /// Reads the documents. Null stands for one that is not there; `permissions` is one document or a list of them.
    ///
    /// # Errors
    /// When one is not understood in full.
    pub fn parse(permissions: &Value, session: &Value, trust: &Value, resource: &Value) -> Result<Self, Malformed> {
        let one =
            |value: &Value, kind| (!value.is_null()).then(|| Document::parse(&value.to_string(), kind)).transpose();
        let permissions: Vec<&Value> = match permissions.as_array() {
            Some(list) => list.iter().collect(),
            None => Some(permissions).filter(|one| !one.is_null()).into_iter().collect(),
        };
        let permissions = permissions.into_iter().map(|policy| Document::parse(&policy.to_string(), Kind::Permissions));
        Ok(Self {
            permissions: permissions.collect::<Result<_, _>>()?,
            session: one(session, Kind::Permissions)?,
            trust: one(trust, Kind::Trust)?,
            resource: one(resource, Kind::Resource)?,
        })
    }

    /// Whether each that is there allows the request.
    #[must_use]
    pub fn allow(&self, trial: &Trial<'_>) -> bool {
        let mut context = Context::default();
        for (key, values) in trial.context {
            values.iter().for_each(|value| context.add(key, value));
        }
        let caller = caller(trial.principal);
        let signer = caller.as_ref().map_or(Signer::Service(trial.principal), Signer::Session);
        let request = Request { action: trial.action, resource: trial.resource, caller: signer, context: &context };
        let single = [&self.session, &self.trust, &self.resource];
        let asked = single.iter().filter_map(|document| document.as_ref()).map(|document| decide([document], &request));
        let permitted = (!self.permissions.is_empty()).then(|| decide(&self.permissions, &request));
        let outcomes: Vec<Outcome> = asked.chain(permitted).collect();
        !outcomes.is_empty() && outcomes.iter().all(|outcome| *outcome == Outcome::Allowed)
    }
}

/// None for a service.
fn caller(principal: &str) -> Option<Caller> {
    let (_, name) = principal.split_once(":role/").or_else(|| principal.split_once(":assumed-role/"))?;
    let (role, session_name) = name.split_once('/').unwrap_or((name, "session"));
    let session = Session {
        access_key_id: String::new(),
        role: role.to_owned(),
        session_name: session_name.to_owned(),
        source_identity: None,
        tags: BTreeMap::new(),
        transitive: Default::default(),
        policy: None,
        issued_to: String::new(),
        issued_at: 0,
        expires_at: None,
    };
    Some(Caller { session, role_id: String::new(), policy: None })
}
