use auth::decision::Check;
use auth::mandate::Asks;
use auth::refusal::{Code, Refusal};
use auth::session::Session;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Declaration, Declared, Effect, route};
use crate::arguments::{Kind, Undeclarable};
use crate::door::Envelope;

/// What a tool's author writes.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "only its schema is read")]
struct Args {
    /// How many groups
    /// to list.
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    /// Whose groups.
    #[schemars(length(min = 3, max = 100))]
    user: String,
}

macro_rules! tool {
    ($tool:ident, $name:expr, $description:expr, $effect:expr) => {
        struct $tool;

        impl Asks for $tool {
            type Args = Args;

            fn question(&self, _: &Session, _: &Args) -> Result<Check, Refusal> {
                Check::new("alice@example.com", "read_okta", "okta:groups").map_err(Refusal::invalid_input)
            }
        }

        impl Declared for $tool {
            const NAME: &'static str = $name;
            const DESCRIPTION: &'static str = $description;
            const EFFECT: Effect = $effect;
            const SCOPES: &'static str = "okta.users.read";
        }
    };
}

tool!(ListGroups, "list_groups", "Lists groups.", Effect::Reads);
tool!(AddMember, "add_member", "Adds a member.", Effect::Changes);
tool!(Misnamed, "list groups", "Lists groups.", Effect::Reads);
tool!(Undescribed, "list_groups", "", Effect::Reads);

fn tools() -> [Declaration; 2] {
    [ListGroups::declaration().unwrap(), AddMember::declaration().unwrap()]
}

fn called(event: &Value) -> Result<&'static str, Refusal> {
    let tools = tools();
    route(&tools, "okta", &Envelope::outline(event.to_string().as_bytes())).map(|tool| tool.name)
}

#[test]
fn a_declaration_says_what_the_type_says() {
    let tool = ListGroups::declaration().unwrap();
    assert_eq!(tool.name, "list_groups");
    assert_eq!(tool.description, "Lists groups.");
    assert_eq!(tool.effect, Effect::Reads);
    assert_eq!(tool.scopes, "okta.users.read");
    let [limit, user] = tool.parameters.iter().collect::<Vec<_>>()[..] else { panic!("two parameters") };
    assert_eq!(limit.name, "limit");
    assert_eq!(limit.description, "How many groups to list.");
    assert!(!limit.required);
    assert_eq!(limit.kind, Kind::Integer { least: Some(1), most: Some(200) });
    assert_eq!(limit.kind.type_name(), "integer");
    assert_eq!(user.name, "user");
    assert_eq!(user.description, "Whose groups.");
    assert!(user.required);
    assert_eq!(user.kind, Kind::Text { least: Some(3), most: Some(100) });
    assert_eq!(user.kind.type_name(), "string");
}

#[test]
fn a_tool_that_bedrock_would_refuse_cannot_be_declared() {
    assert_eq!(Misnamed::declaration(), Err(Undeclarable::Misnamed("list groups".to_owned())));
    assert_eq!(Undescribed::declaration(), Err(Undeclarable::Misnamed("list_groups".to_owned())));
}

#[test]
fn a_call_finds_its_tool_by_group_and_name() {
    assert_eq!(called(&json!({"actionGroup": "okta", "function": "list_groups"})).unwrap(), "list_groups");
    assert_eq!(called(&json!({"actionGroup": "okta", "function": "add_member"})).unwrap(), "add_member");
    let read = json!({"actionGroup": "okta", "apiPath": "/list_groups", "httpMethod": "GET"});
    assert_eq!(called(&read).unwrap(), "list_groups");
    let change = json!({"actionGroup": "okta", "apiPath": "/add_member", "httpMethod": "post"});
    assert_eq!(called(&change).unwrap(), "add_member");
}

#[test]
fn no_other_name_finds_a_tool() {
    for event in [
        json!({}),
        json!({"actionGroup": "okta"}),
        json!({"actionGroup": "okta", "function": "List_Groups"}),
        json!({"actionGroup": "okta", "function": "list_groups "}),
        json!({"actionGroup": "okta", "function": "canary"}),
        json!({"actionGroup": "other", "function": "list_groups"}),
        json!({"function": "list_groups"}),
        json!({"actionGroup": "okta", "apiPath": "/list_groups", "httpMethod": "POST"}),
        json!({"actionGroup": "okta", "apiPath": "/add_member", "httpMethod": "GET"}),
        json!({"actionGroup": "okta", "apiPath": "list_groups", "httpMethod": "GET"}),
        json!({"actionGroup": "okta", "apiPath": "//list_groups", "httpMethod": "GET"}),
        json!({"actionGroup": "okta", "apiPath": "/list_groups/", "httpMethod": "GET"}),
        json!({"actionGroup": "okta", "apiPath": "/list_groups"}),
        json!({"actionGroup": "other", "apiPath": "/list_groups", "httpMethod": "GET"}),
    ] {
        let refusal = called(&event).unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidInput, "{event}");
        assert_eq!(refusal.sentence(), "there is no such action here", "{event}");
    }
}
