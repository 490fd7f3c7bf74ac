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
