use std::collections::BTreeMap;

use auth::gateway::Tool;
use auth::jwt::Caller;
use cedar_policy::{Authorizer, Context, Decision, Entities, EntityUid, PolicySet, Request};
use serde_json::{Map, Value, json};

use crate::entities::tags_of;
use crate::load::Policies;

/// What the policies say of one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// Whether it is allowed.
    pub allowed: bool,
    /// Why, for the log: a fixed text.
    pub cause: &'static str,
    /// What the policies on trial would say; for the log. Nothing if there are none, or if the call does not even fit the schema.
    pub shadow: Option<Shadow>,
}

/// What the policies on trial would make of a call, together with those that decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shadow {
    /// The same.
    Agrees,
    /// It is denied, and would be allowed.
    WouldAllow,
    /// It is allowed, and would be denied.
    WouldDeny,
    /// One of them could not be evaluated: it would be denied, whatever is decided now.
    Broken,
}

impl Shadow {
    /// For the log: a fixed text that follows upon the cause.
    #[must_use]
    pub const fn told(self) -> &'static str {
        match self {
            Self::Agrees => "the policies on trial agree",
            Self::WouldAllow => "the policies on trial would permit it",
            Self::WouldDeny => "the policies on trial would forbid it",
            Self::Broken => "the policies on trial could not be evaluated",
        }
    }
}

const BROKEN: &str = "a policy could not be evaluated";

impl Policies {
    /// Whether this caller may call this tool with these arguments. Nothing is allowed that no policy permits; a `forbid`
    /// wins; and so does an error in any policy.
    #[must_use]
    pub fn decide(&self, caller: &Caller, tool: &Tool, arguments: &Map<String, Value>) -> Verdict {
        self.decide_for(caller.claims().subject(), tags_of(caller), tool.name(), arguments)
    }

    /// The same for a principal of any tags: what the tests of policies ask.
    #[must_use]
    pub fn decide_for(
        &self,
        subject: &str,
        tags: BTreeMap<String, String>,
        tool: &str,
        arguments: &Map<String, Value>,
    ) -> Verdict {
        let denied = |cause| Verdict { allowed: false, cause, shadow: None };
        let (principal, action) = (self.names.user(subject), self.names.action(tool));
        let Some(entities) = self.entities(subject, tags) else { return denied("the caller does not fit the schema") };
        let context = Context::from_json_value(json!({ "input": arguments }), Some((&self.schema, &action)));
        let Ok(context) = context else { return denied("the arguments do not fit the schema") };
        let request = Request::new(principal, action, self.names.gateway.clone(), context, Some(&self.schema));
        let Ok(request) = request else { return denied("the call does not fit the schema") };
        let (allowed, cause) = ask(&self.authorizer, &request, &self.deciding, &entities);
        let shadow = self.shadow.as_ref().map(|shadow| {
            let mut both = self.deciding.clone();
            let merged = both.merge(shadow, true).is_ok();
            match ask(&self.authorizer, &request, &both, &entities) {
                (_, BROKEN) => Shadow::Broken,
                _ if !merged => Shadow::Broken,
                (would, _) if would == allowed => Shadow::Agrees,
                (true, _) => Shadow::WouldAllow,
                (false, _) => Shadow::WouldDeny,
            }
        });
        Verdict { allowed, cause, shadow }
    }

    /// Whether there are arguments with which this caller may call this tool, as far as is known without any: what a list
    /// shows. Every call is decided again.
    #[must_use]
    pub fn may_list(&self, caller: &Caller, tool: &Tool) -> bool {
        let subject = caller.claims().subject();
        let Some(entities) = self.entities(subject, tags_of(caller)) else { return false };
        let request = Request::builder()
            .principal(self.names.user(subject))
            .action(self.names.action(tool.name()))
            .resource(self.names.gateway.clone())
            .schema(&self.schema)
            .build();
        let Ok(request) = request else { return false };
        let response = self.authorizer.is_authorized_partial(&request, &self.deciding, &entities);
        response.definitely_errored().next().is_none() && response.decision() != Some(Decision::Deny)
    }

    fn entities(&self, subject: &str, tags: BTreeMap<String, String>) -> Option<Entities> {
        let gateway: EntityUid = self.names.gateway.clone();
        self.names.entities(subject, tags, gateway, &self.schema)
    }
}

/// Whether it is permitted, and why: an error in any policy is a denial.
pub(crate) fn ask(
    authorizer: &Authorizer,
    request: &Request,
    policies: &PolicySet,
    entities: &Entities,
) -> (bool, &'static str) {
    let response = authorizer.is_authorized(request, policies, entities);
    if response.diagnostics().errors().next().is_some() {
        return (false, BROKEN);
    }
    match response.decision() {
        Decision::Allow => (true, "permitted"),
        Decision::Deny if response.diagnostics().reason().next().is_some() => (false, "forbidden"),
        Decision::Deny => (false, "no policy permits it"),
    }
}
