use auth::decision::Check;
use auth::mandate::Asks;
use auth::refusal::{Code, Refusal};
use auth::session::Session;
use auth::ticket::{Minter, TicketKeys};
use function::serve::ClientContext;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::Registry;
use crate::answer::Answer;
use crate::arguments::Undeclarable;
use crate::declaration::{Declared, Effect};
use crate::door;
use crate::tool::{Acting, Tool};

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {}

macro_rules! tool {
    ($tool:ident, $name:expr, $effect:expr) => {
        struct $tool;

        impl Asks<Args> for $tool {
            fn question(&self, _: &Session, _: &Args) -> Result<Check, Refusal> {
                Check::new("alice@example.com", "read_okta", "okta:groups").map_err(Refusal::invalid_input)
            }
        }

        impl Declared for $tool {
            type Args = Args;

            const NAME: &'static str = $name;
            const DESCRIPTION: &'static str = "Does it.";
            const EFFECT: Effect = $effect;
            const SCOPES: &'static str = "okta.users.read";
            const GATEWAY_SCOPES: &'static str = "api/read";
        }

        impl Tool for $tool {
            async fn act(&self, _: Acting<'_, Args>) -> Result<Answer, Refusal> {
                Answer::object(Map::new())
            }
        }
    };
}

tool!(ListGroups, "list_groups", Effect::Reads);
tool!(AddMember, "add_member", Effect::Changes);
tool!(ListGroupsAgain, "list_groups", Effect::Changes);

fn keys() -> TicketKeys {
    let minter = Minter::from_seed("web", "web-1", &[7; 32]).unwrap();
    let minters =
        json!({"minters": [{"name": "web", "doors": ["function-details"], "jwks": {"keys": [minter.public_jwk()]}}]});
    TicketKeys::parse(&minters.to_string()).ok().unwrap()
}

fn tools() -> Registry {
    Registry::of("okta".to_owned(), keys()).with(ListGroups).unwrap().with(AddMember).unwrap()
}

fn called(named: &Value) -> Result<&'static str, Refusal> {
    let mut event = json!({"messageVersion": "1.0", "sessionId": "2f0d7a9e-session",
                           "agent": {"name": "a", "id": "AGENT12345", "alias": "ALIAS67890", "version": "1"}});
    event.as_object_mut().unwrap().extend(named.as_object().unwrap().clone());
    let call = door::parse(event.to_string().as_bytes(), &ClientContext::default())
        .map_err(|unshaped| unshaped.to_string())
        .unwrap();
    tools().find(&call).map(|(declaration, _)| declaration.name)
}

#[test]
fn a_second_tool_of_the_same_name_is_refused() {
    let Err(refused) = tools().with(ListGroupsAgain) else { panic!("it was taken") };
    assert_eq!(refused, Undeclarable::Twice("list_groups"));
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
        json!({"actionGroup": "okta", "function": "List_Groups"}),
        json!({"actionGroup": "okta", "function": "list_groups "}),
        json!({"actionGroup": "okta", "function": "canary"}),
        json!({"actionGroup": "other", "function": "list_groups"}),
        json!({"actionGroup": "okta", "apiPath": "/list_groups", "httpMethod": "POST"}),
        json!({"actionGroup": "okta", "apiPath": "/add_member", "httpMethod": "GET"}),
        json!({"actionGroup": "okta", "apiPath": "list_groups", "httpMethod": "GET"}),
        json!({"actionGroup": "okta", "apiPath": "//list_groups", "httpMethod": "GET"}),
        json!({"actionGroup": "okta", "apiPath": "/list_groups/", "httpMethod": "GET"}),
        json!({"actionGroup": "other", "apiPath": "/list_groups", "httpMethod": "GET"}),
    ] {
        let refusal = called(&event).unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidInput, "{event}");
        assert_eq!(refusal.sentence(), "there is no such action here", "{event}");
    }
}
