//! What a gateway and its interceptor are told: `toolSchema.inlinePayload` of a Lambda target, and the interceptor's table.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-add-target-lambda.html>

use std::collections::BTreeMap;

use auth::gateway::{TICKET_ARGUMENT, Tools};
use serde::Serialize;
use tool::arguments::{Kind, Parameter};
use tool::catalog::{Catalog, Entry};
use tool::declaration::Declaration;

use super::json;
use crate::trouble::Trouble;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ToolDefinition<'a> {
    name: &'a str,
    description: &'a str,
    input_schema: InputSchema<'a>,
}

#[derive(Serialize)]
struct InputSchema<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    properties: BTreeMap<&'a str, Property>,
    required: Vec<&'a str>,
}

/// The type of one argument, as far as `SchemaDefinition` and Bedrock's OpenAPI can say it.
#[derive(Serialize)]
pub(super) struct Property {
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    items: Option<BTreeMap<&'static str, &'static str>>,
}

impl Property {
    pub(super) fn of(parameter: &Parameter) -> Self {
        let items = match &parameter.kind {
            Kind::List { item, .. } => Some(BTreeMap::from([("type", item.type_name())])),
            Kind::Integer { .. } | Kind::Number { .. } | Kind::Boolean | Kind::Text { .. } | Kind::Choice(_) => None,
        };
        Self { kind: parameter.kind.type_name(), description: parameter.told(), items }
    }

    /// For where the description stands beside the type.
    pub(super) fn without_description(self) -> Self {
        Self { description: String::new(), ..self }
    }
}

/// Every tool has the argument for the ticket, which no caller is shown: whether a gateway passes on what its schema does
/// not have is not documented.
pub(super) fn tools_of(catalog: &Catalog) -> Result<String, Trouble> {
    let tools = catalog.entries().iter().map(|entry| ToolDefinition::of(&entry.declaration));
    json(&tools.collect::<Vec<_>>())
}

impl<'a> ToolDefinition<'a> {
    fn of(declaration: &'a Declaration) -> Self {
        let arguments = || declaration.parameters.iter();
        let ticket = Property {
            kind: "string",
            description: "Set by the gateway's interceptor. A call that brings one is refused.".to_owned(),
            items: None,
        };
        let properties = arguments().map(|parameter| (parameter.name.as_str(), Property::of(parameter)));
        let required = arguments().filter(|parameter| parameter.required).map(|parameter| parameter.name.as_str());
        let input_schema = InputSchema {
            kind: "object",
            properties: properties.chain([(TICKET_ARGUMENT, ticket)]).collect(),
            required: required.collect(),
        };
        Self { name: declaration.name, description: declaration.description, input_schema }
    }
}

#[derive(Serialize)]
struct Table<'a> {
    tools: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    name: String,
    scopes: Vec<&'a str>,
    vault: bool,
    #[serde(skip_serializing_if = "is_false")]
    identity: bool,
    arguments: BTreeMap<&'a str, Argument>,
}

#[derive(Serialize)]
struct Argument {
    kind: &'static str,
    required: bool,
}

/// The interceptor's table, and the same as the interceptor reads it: what it would not take is not written.
pub(super) fn table_of(catalogs: &[Catalog]) -> Result<(String, Tools), Trouble> {
    let mut tools = Vec::new();
    for catalog in catalogs {
        for entry in catalog.entries() {
            tools.push(Row::of(catalog.action_group(), entry)?);
        }
    }
    let table = json(&Table { tools })?;
    let tools = Tools::parse(&table).map_err(|problem| Trouble::because("the gateway's table", problem))?;
    Ok((table, tools))
}

impl<'a> Row<'a> {
    fn of(target: &str, entry: &'a Entry) -> Result<Self, Trouble> {
        let Entry { declaration, kind } = entry;
        let name = format!("{target}___{}", declaration.name);
        let mut arguments = BTreeMap::new();
        for parameter in declaration.parameters.iter() {
            let kind = kind_of(&parameter.kind).ok_or_else(|| {
                let wrong = "only whole numbers, texts, booleans and lists of texts can be in a ticket";
                Trouble::because(&format!("`{}` of the tool {name}", parameter.name), wrong)
            })?;
            arguments.insert(parameter.name.as_str(), Argument { kind, required: parameter.required });
        }
        Ok(Self {
            name,
            scopes: declaration.gateway_scopes.split_ascii_whitespace().collect(),
            vault: kind.needs_session(),
            identity: kind.tells_identity(),
            arguments,
        })
    }
}

/// As `auth::gateway::ArgumentKind` has them; none for what has no canonical form, or is no type of Cedar's.
fn kind_of(kind: &Kind) -> Option<&'static str> {
    match kind {
        Kind::Text { .. } | Kind::Choice(_) => Some("string"),
        Kind::Integer { .. } => Some("integer"),
        Kind::Boolean => Some("boolean"),
        Kind::List { item, .. } if matches!(**item, Kind::Text { .. } | Kind::Choice(_)) => Some("strings"),
        Kind::List { .. } | Kind::Number { .. } => None,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}
