//! What is declared of the tools behind a gateway: made from the functions' declarations, as `make schemas` would write it.

use devstack::gateway::{Target, Tool};
use serde::Deserialize;
use serde_json::Value;

use crate::schemas;
use crate::trouble::Trouble;

/// The interceptor's table of tools, by the name of its file.
pub(super) const TOOLS: &str = "tools.json";
/// The policies: the names of their files.
pub(super) const POLICIES: [&str; 2] = ["scopes.cedar", "house.cedar"];

/// The interceptor's files, by name.
pub(super) fn files() -> Result<[(&'static str, String); 3], Trouble> {
    let house = include_str!("../../../../../infra/policies/house.cedar").to_owned();
    let [scopes_name, house_name] = POLICIES;
    Ok([(TOOLS, made("gateway/tools.json")?), (scopes_name, made("cedar/scopes.cedar")?), (house_name, house)])
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Declared {
    name: String,
    description: String,
    input_schema: Value,
}

/// The targets, each with its function and the tools as a gateway is told them.
pub(super) fn targets() -> Result<Vec<Target>, Trouble> {
    let target = |(name, function): (&str, &str)| {
        let tools: Vec<Declared> = serde_json::from_str(&made(&format!("gateway/{name}.tools.json"))?)
            .map_err(|error| Trouble::because("the tools of a target", error))?;
        let tool = |Declared { name, description, input_schema }| Tool { name, description, input_schema };
        Ok(Target::new(name, function, tools.into_iter().map(tool).collect()))
    };
    [(okta_groups::ACTION_GROUP, "okta-groups"), (ciba_initiator::ACTION_GROUP, "ciba-initiator")]
        .into_iter()
        .map(target)
        .collect()
}

fn made(name: &str) -> Result<String, Trouble> {
    schemas::all()?.remove(name).ok_or_else(|| Trouble::new(format!("no file `{name}` is made from declarations")))
}
