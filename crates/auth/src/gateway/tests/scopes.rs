//! The three users of the article on role-based access with AgentCore: full, standard and read-only.

use serde_json::json;

use super::forge::{caller, tools};
use crate::gateway::{Tools, ToolsProblem};

const TOOLS: [&str; 5] =
    ["house___whoami", "okta___list_groups", "okta___reset_password", "okta___unlock_user", "okta___remove_from_group"];

// J17, M08
#[test]
fn each_user_of_the_article_reaches_what_their_scopes_say() {
    for (scopes, reach) in [
        ("api/read api/write api/admin", [true, true, true, true, true]),
        ("api/read api/write", [true, true, true, true, false]),
        ("api/read", [true, true, false, false, false]),
        ("api/write", [false, false, true, false, false]),
        ("api/admin", [false, false, false, false, true]),
        ("api/readonly API/READ api/read-write xapi/read", [false; 5]),
        ("api/read,api/write", [false; 5]),
        ("api", [false; 5]),
        ("", [false; 5]),
    ] {
        let (caller, tools) = (caller(scopes), tools());
        for (name, reaches) in TOOLS.into_iter().zip(reach) {
            assert_eq!(tools.named(name).unwrap().is_within_reach_of(&caller), reaches, "{scopes}: {name}");
        }
    }
}

#[test]
fn a_table_says_of_each_tool_its_name_scopes_and_whether_it_is_told_who_calls() {
    let tool =
        |name: &str, identity: bool| json!({"name": name, "scopes": ["b", "a"], "vault": false, "identity": identity});
    let table = json!({"tools": [tool("house___whoami", true), tool("house___other", false),
                                 {"name": "house___third", "scopes": ["a"], "vault": true}]});
    let tools = Tools::parse(&table.to_string()).unwrap();
    let told: Vec<_> = tools
        .iter()
        .map(|tool| (tool.name(), tool.scopes().joined(), tool.needs_vault(), tool.tells_identity()))
        .collect();
    let expected = [
        ("house___other", "a b".to_owned(), false, false),
        ("house___third", "a".to_owned(), true, false),
        ("house___whoami", "a b".to_owned(), false, true),
    ];
    assert_eq!(told, expected);
}

#[test]
fn the_longest_name_of_a_tool_is_256_bytes() {
    let parsed = |length: usize| {
        let name = format!("okta___{}", "x".repeat(length - 7));
        Tools::parse(&json!({"tools": [{"name": name, "scopes": ["s"], "vault": true}]}).to_string()).err()
    };
    assert_eq!((parsed(255), parsed(256)), (None, None));
    assert_eq!((parsed(257), parsed(258)), (Some(ToolsProblem::Name(1)), Some(ToolsProblem::Name(1))));
}

#[test]
fn a_table_that_would_open_more_than_it_says_is_a_problem() {
    let tool = |name: &str, scopes: &[&str], argument: &str| json!({"name": name, "scopes": scopes, "vault": true, "arguments": {argument: {"kind": "string"}}});
    let problem = |tools: serde_json::Value| Tools::parse(&json!({ "tools": tools }).to_string()).err().unwrap();
    assert_eq!(problem(json!([])), ToolsProblem::None);
    let good = tool("okta___list_groups", &["api/read"], "user");
    assert_eq!(problem(json!([good, good])), ToolsProblem::Twice(2));
    for name in ["list_groups", "___x", "okta___", "ok_ta___x", "okta___a___b", "okta___\u{430}", "okta___a b", ""] {
        assert_eq!(problem(json!([tool(name, &["api/read"], "user")])), ToolsProblem::Name(1), "{name}");
    }
    for scopes in [&[][..], &[""], &["api/read api/write"], &["a,b"], &["\u{e9}"]] {
        assert_eq!(problem(json!([tool("okta___x", scopes, "user")])), ToolsProblem::Scopes(1), "{scopes:?}");
    }
    for argument in ["mandate_ticket", "", "a-b", "\u{e9}"] {
        assert_eq!(problem(json!([tool("okta___x", &["s"], argument)])), ToolsProblem::Argument(1), "{argument}");
    }
    let told = problem(json!([{"name": "pasted"}])).to_string();
    assert!(told.contains("line 1") && !told.contains("pasted"), "{told}");
}
