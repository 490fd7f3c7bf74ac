use std::str::FromStr as _;

use auth::gateway::{Tools, schema_of};
use cedar_policy::{Authorizer, PolicySet, Schema, ValidationMode, Validator};

use crate::entities::{Names, NamesProblem};

/// Policies that passed the validator, and what they are asked with.
pub struct Policies {
    pub(crate) deciding: PolicySet,
    /// Evaluated and logged, never deciding.
    pub(crate) shadow: Option<PolicySet>,
    pub(crate) schema: Schema,
    pub(crate) authorizer: Authorizer,
    pub(crate) names: Names,
}

/// Which of the two sets a problem is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// Those that decide.
    Deciding,
    /// Those that are only logged.
    Shadow,
}

/// Why policies were not loaded. Policies are no secret: the text says what Cedar has against them.
#[derive(Debug, thiserror::Error)]
pub enum PolicyProblem {
    /// The tools make no schema.
    #[error("the tools make no schema: {0}")]
    Schema(String),
    /// Not Cedar.
    #[error("not Cedar: {1}")]
    Syntax(Which, String),
    /// The strict validator has an error or a warning.
    #[error("not valid: {1}")]
    Invalid(Which, String),
    /// Nothing would ever be allowed.
    #[error("there is no policy")]
    None(Which),
    /// The gateway's ARN is none.
    #[error("not the name of a gateway")]
    Gateway,
}

impl Policies {
    /// Reads policies in Cedar's syntax, any number to a text, and validates them strictly against the schema of `tools`.
    /// `gateway` is the gateway's ARN.
    ///
    /// # Errors
    /// The first problem found.
    pub fn load(deciding: &str, shadow: Option<&str>, tools: &Tools, gateway: &str) -> Result<Self, PolicyProblem> {
        let schema = Schema::from_str(&schema_of(tools)).map_err(|error| PolicyProblem::Schema(error.to_string()))?;
        let names = Names::new(gateway).map_err(|NamesProblem| PolicyProblem::Gateway)?;
        let validator = Validator::new(schema.clone());
        let deciding = checked(deciding, &validator, Which::Deciding)?;
        let shadow = shadow.map(|text| checked(text, &validator, Which::Shadow)).transpose()?;
        Ok(Self { deciding, shadow, schema, authorizer: Authorizer::new(), names })
    }
}

pub(crate) fn checked(text: &str, validator: &Validator, which: Which) -> Result<PolicySet, PolicyProblem> {
    let policies = PolicySet::from_str(text).map_err(|error| PolicyProblem::Syntax(which, error.to_string()))?;
    if policies.policies().next().is_none() {
        return Err(PolicyProblem::None(which));
    }
    let result = validator.validate(&policies, ValidationMode::Strict);
    let errors = result.validation_errors().map(ToString::to_string);
    let findings: Vec<String> = errors.chain(result.validation_warnings().map(ToString::to_string)).collect();
    if findings.is_empty() { Ok(policies) } else { Err(PolicyProblem::Invalid(which, findings.join("; "))) }
}
