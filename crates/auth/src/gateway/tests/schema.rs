use serde_json::json;

use super::forge::tools;
use crate::gateway::{Argument, ArgumentKind, Tools, schema_of};

#[test]
fn the_schema_says_the_type_of_every_argument_and_which_may_be_absent() {
    let tools = json!({"tools": [
        {"name": "house___whoami", "scopes": ["s"], "vault": false},
        {"name": "okta___find", "scopes": ["s"], "vault": true, "arguments": {
            "all": {"kind": "boolean"}, "groups": {"kind": "strings"}, "limit": {"kind": "integer", "required": false},
            "user": {"kind": "string", "required": true}}}]});
    let schema = schema_of(&Tools::parse(&tools.to_string()).unwrap());
    let (model, actions) = schema.split_once("action \"CallTool\" in [\"Mcp\"];\n").unwrap();
    assert!(model.starts_with("namespace AgentCore {\n"), "{model}");
    let action = |name: &str, input: &str| {
        format!(
            "\n  action \"{name}\" in [\"CallTool\"] appliesTo {{\n    principal: [OAuthUser, IamEntity],\n    \
             resource: [Gateway],\n    context: {{ input: {{{input}}} }},\n  }};\n"
        )
    };
    let input = r#" "all"?: Bool, "groups"?: Set<String>, "limit"?: Long, "user": String "#;
    assert_eq!(actions, action("house___whoami", "") + &action("okta___find", input) + "}\n");
}

#[test]
fn a_tool_tells_its_arguments_by_name() {
    let tools = tools();
    let arguments: Vec<_> = tools.named("okta___list_groups").unwrap().arguments().collect();
    let (limit, user) = (
        Argument { kind: ArgumentKind::Integer, required: false },
        Argument { kind: ArgumentKind::String, required: true },
    );
    assert_eq!(arguments, [("limit", limit), ("user", user)]);
}
