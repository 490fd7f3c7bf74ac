//! Policies over a model of any kind, decided under the same two rules as those of the tools.

use std::str::FromStr as _;

use cedar_policy::{Authorizer, Context, Entities, EntityUid, Request, Schema, Validator};
use serde_json::Value;

use crate::decide::{Verdict, ask};
use crate::load::{PolicyProblem, Which, checked};

/// Policies, and the model that they are about. Schema and policies are in Cedar's own syntax, entities and context in its JSON.
#[derive(Clone, Copy, Debug)]
pub struct Model<'a> {
    /// Any number of policies.
    pub policies: &'a str,
    /// What there is.
    pub schema: &'a str,
    /// Who and what there is, an array.
    pub entities: &'a Value,
}

/// One request, its names as in `User::"alice"`.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Who.
    pub principal: &'a str,
    /// Does what.
    pub action: &'a str,
    /// To what.
    pub resource: &'a str,
    /// In which circumstances, an object.
    pub context: &'a Value,
}

impl Model<'_> {
    /// Whether the policies permit the request. They are validated strictly; nothing is permitted that no policy permits; a
    /// `forbid` wins; and so does an error in any policy. What does not fit the schema is denied.
    ///
    /// # Errors
    /// The schema is none, or the policies are not loaded.
    pub fn decide(self, asked: Asked<'_>) -> Result<Verdict, PolicyProblem> {
        let schema = Schema::from_str(self.schema).map_err(|error| PolicyProblem::Schema(error.to_string()))?;
        let policies = checked(self.policies, &Validator::new(schema.clone()), Which::Deciding)?;
        let denied = |cause| Ok(Verdict { allowed: false, cause, shadow: None });
        let Ok(entities) = Entities::from_json_value(self.entities.clone(), Some(&schema)) else {
            return denied("the entities do not fit the schema");
        };
        let named = |text: &str| EntityUid::from_str(text).ok();
        let names = (named(asked.principal), named(asked.action), named(asked.resource));
        let (Some(principal), Some(action), Some(resource)) = names else {
            return denied("a name is not of the form Type::\"id\"");
        };
        let Ok(context) = Context::from_json_value(asked.context.clone(), Some((&schema, &action))) else {
            return denied("the context does not fit the schema");
        };
        let Ok(request) = Request::new(principal, action, resource, context, Some(&schema)) else {
            return denied("the request does not fit the schema");
        };
        let (allowed, cause) = ask(&Authorizer::new(), &request, &policies, &entities);
        Ok(Verdict { allowed, cause, shadow: None })
    }
}
