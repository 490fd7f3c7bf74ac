//! The Cedar schema of the tools behind a gateway, as text: who loads policies and who writes the file share it.

use std::fmt::Write as _;

use super::{ArgumentKind, Tool, Tools};

/// The principals, the resource and the groups of actions, as documented.
const MODEL: &str = "namespace AgentCore {
  entity OAuthUser = { id: String } tags String;
  entity IamEntity = { id: String };
  entity Gateway;

  action \"Mcp\";
  action \"CallTool\" in [\"Mcp\"];
";

/// The schema of these tools, in Cedar's own syntax, over the entity model that Amazon Bedrock AgentCore Policy documents
/// ("Core concepts", "Schema constraints"). A tool's name and its arguments' names are plain words (see
/// [`Tools::parse`]), so nothing in them can end a text.
#[must_use]
pub fn schema_of(tools: &Tools) -> String {
    let mut schema = MODEL.to_owned();
    for tool in tools.iter() {
        // Writing into a `String` cannot fail.
        let _ = write!(
            schema,
            "
  action \"{}\" in [\"CallTool\"] appliesTo {{
    principal: [OAuthUser, IamEntity],
    resource: [Gateway],
    context: {{ input: {{{}}} }},
  }};
",
            tool.name(),
            input_of(tool)
        );
    }
    schema.push_str("}\n");
    schema
}

fn input_of(tool: &Tool) -> String {
    let members = tool.arguments().map(|(name, argument)| {
        let kind = match argument.kind {
            ArgumentKind::String => "String",
            ArgumentKind::Integer => "Long",
            ArgumentKind::Boolean => "Bool",
            ArgumentKind::Strings => "Set<String>",
        };
        format!(" \"{name}\"{}: {kind}", if argument.required { "" } else { "?" })
    });
    let members = members.collect::<Vec<_>>().join(",");
    if members.is_empty() { members } else { members + " " }
}
