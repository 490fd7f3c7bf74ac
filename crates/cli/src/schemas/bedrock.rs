//! The function schema of an action group: `functionSchema` of CreateAgentActionGroup.
//! <https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent_FunctionSchema.html>

use std::collections::BTreeMap;

use serde::Serialize;
use tool::catalog::Catalog;
use tool::declaration::{Declaration, Effect};

use super::json;
use crate::trouble::Trouble;

#[derive(Serialize)]
struct FunctionSchema<'a> {
    functions: Vec<Function<'a>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Function<'a> {
    name: &'a str,
    description: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    parameters: BTreeMap<&'a str, ParameterDetail>,
    require_confirmation: &'static str,
}

#[derive(Serialize)]
struct ParameterDetail {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    required: bool,
}

pub(super) fn functions_of(catalog: &Catalog) -> Result<String, Trouble> {
    let functions = catalog.entries().iter().map(|entry| Function::of(&entry.declaration));
    json(&FunctionSchema { functions: functions.collect() })
}

impl<'a> Function<'a> {
    fn of(declaration: &'a Declaration) -> Self {
        let parameters = declaration.parameters.iter().map(|parameter| {
            let detail = ParameterDetail {
                kind: parameter.kind.type_name(),
                description: parameter.told(),
                required: parameter.required,
            };
            (parameter.name.as_str(), detail)
        });
        Self {
            name: declaration.name,
            description: declaration.description,
            parameters: parameters.collect(),
            require_confirmation: confirmation(declaration.effect),
        }
    }
}

/// Whether Bedrock has the application ask its user before the call. What the person says there proves nothing to the
/// function, so it is no approval; it keeps a prompt that was tampered with from ringing somebody's phone.
pub(super) const fn confirmation(effect: Effect) -> &'static str {
    match effect {
        Effect::Reads => "DISABLED",
        Effect::Changes => "ENABLED",
    }
}
