//! What an agent is configured with.

use serde::{Deserialize, Serialize};

use super::intent::{self, Rule};

/// One agent under one alias.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Agent {
    /// At most 10 letters and digits.
    pub id: String,
    /// At most 10 letters and digits.
    pub alias_id: String,
    /// The name that its functions are told.
    pub name: String,
    /// The version that the alias stands for, as in `1`.
    pub version: String,
    /// Where Lambda's Invoke API is, without a trailing slash.
    pub lambda_url: String,
    /// What it can do.
    pub action_groups: Vec<ActionGroup>,
    /// What stands in for the model. The first rule that matches wins.
    #[serde(default = "intent::usual_rules")]
    pub rules: Vec<Rule>,
}

/// Tools that one Lambda function answers for.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct ActionGroup {
    /// The name that the function is told, and must echo.
    pub name: String,
    /// Name or ARN of the function.
    pub lambda: String,
    /// Its tools.
    pub tools: Vec<Tool>,
}

/// One function of function details, or one operation of an OpenAPI schema.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Tool {
    /// The function's name, or the operation's `operationId`, which is not sent.
    pub name: String,
    /// How its event looks.
    pub shape: Shape,
    /// What it may be given.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
}

/// How an action group describes a tool.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Shape {
    /// By function details.
    FunctionDetails,
    /// By an OpenAPI schema.
    OpenApi {
        /// The path template, as in `/users/{user}/groups`.
        path: String,
        /// The method in upper case.
        method: String,
    },
}

/// One parameter of a tool.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// `string`, `number`, `integer`, `boolean` or `array`. Whatever it is, the value goes as a string.
    #[serde(rename = "type")]
    pub kind: String,
    /// Without it the agent asks the person instead of calling the tool.
    #[serde(default)]
    pub required: bool,
    /// Where it goes.
    #[serde(default)]
    pub place: Place,
}

/// Where an event carries a parameter.
#[derive(Clone, Copy, Debug, Default, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// In `parameters`.
    #[default]
    Parameters,
    /// In `requestBody`; for OpenAPI only.
    Body,
}

impl Parameter {
    /// An optional text in `parameters`.
    #[must_use]
    pub fn text(name: impl Into<String>) -> Self {
        Self { name: name.into(), kind: "string".to_owned(), required: false, place: Place::Parameters }
    }
}

impl Agent {
    /// The group and the tool of this name.
    pub(super) fn tool(&self, name: &str) -> Option<(&ActionGroup, &Tool)> {
        let tools = self.action_groups.iter().flat_map(|group| group.tools.iter().map(move |tool| (group, tool)));
        tools.into_iter().find(|(_, tool)| tool.name == name)
    }
}
