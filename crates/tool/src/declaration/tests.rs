use auth::decision::Check;
use auth::mandate::Asks;
use auth::refusal::Refusal;
use auth::session::Session;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Declared, Effect};
use crate::arguments::{Kind, Undeclarable};

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

        impl Asks<Args> for $tool {
            fn question(&self, _: &Session, _: &Args) -> Result<Check, Refusal> {
                Check::new("alice@example.com", "read_okta", "okta:groups").map_err(Refusal::invalid_input)
            }
        }

        impl Declared for $tool {
            type Args = Args;

            const NAME: &'static str = $name;
            const DESCRIPTION: &'static str = $description;
            const EFFECT: Effect = $effect;
            const SCOPES: &'static str = "okta.users.read";
            const GATEWAY_SCOPES: &'static str = "api/read";
        }
    };
}

tool!(ListGroups, "list_groups", "Lists groups.", Effect::Reads);
tool!(Misnamed, "list groups", "Lists groups.", Effect::Reads);
tool!(Undescribed, "list_groups", "", Effect::Reads);

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
