//! The policies of `infra/policies`, and the cases beside them.
#![expect(clippy::unwrap_used, reason = "what a test reads must be there")]

use std::collections::BTreeMap;
use std::path::Path;

use auth::gateway::Tools;
use gateway_policy::{Policies, PolicyProblem, Which};
use serde::Deserialize;
use serde_json::{Map, Value};

const GATEWAY: &str = "arn:aws:bedrock-agentcore:us-east-1:111122223333:gateway/gw-one-abc1234567";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Claims of the token, as texts.
    tags: BTreeMap<String, String>,
    action: String,
    input: Map<String, Value>,
    decision: String,
    /// Policies besides those of the file.
    #[serde(default)]
    also: String,
    gateway: Option<String>,
}

fn file(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("infra/policies");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn tools() -> Tools {
    Tools::parse(&file("tools.json")).unwrap()
}

fn problem(deciding: &str, shadow: Option<&str>) -> PolicyProblem {
    Policies::load(deciding, shadow, &tools(), GATEWAY).err().unwrap()
}

#[test]
fn every_case_beside_the_policies_comes_out_as_it_says() {
    let cases: Vec<Case> = serde_json::from_str(&file("tests/tools.json")).unwrap();
    assert!(cases.len() > 20);
    for case in cases {
        let text = format!("{}\n{}", file("tools.cedar"), case.also);
        let gateway = case.gateway.as_deref().unwrap_or(GATEWAY);
        let policies = Policies::load(&text, None, &tools(), gateway).unwrap();
        let verdict = policies.decide_for("auth0|alice", case.tags, &case.action, &case.input);
        assert_eq!(if verdict.allowed { "allow" } else { "deny" }, case.decision, "{}: {}", case.name, verdict.cause);
        assert_eq!(verdict.shadow, None);
    }
}

#[test]
fn a_policy_on_trial_is_told_of_and_decides_nothing() {
    let (deciding, shadow) = (file("tools.cedar"), file("shadow/tools.cedar"));
    let policies = Policies::load(&deciding, Some(&shadow), &tools(), GATEWAY).unwrap();
    let input = serde_json::json!({"user": "bob@example.com", "group": "VPN users"});
    let decide = |organization: Option<&str>| {
        let mut tags = BTreeMap::from([("scope".to_owned(), "api/admin".to_owned())]);
        tags.extend(organization.map(|id| ("org_id".to_owned(), id.to_owned())));
        let verdict = policies.decide_for("auth0|alice", tags, "okta___add_to_group", input.as_object().unwrap());
        (verdict.allowed, verdict.shadow)
    };
    assert_eq!(decide(None), (true, Some(false)));
    assert_eq!(decide(Some("org_acme")), (true, Some(true)));
}

#[test]
fn what_the_validator_minds_is_not_loaded() {
    let good = file("tools.cedar");
    let policy = |head: &str, body: &str| {
        format!("permit (principal is AgentCore::OAuthUser, {head}, resource is AgentCore::Gateway) when {{ {body} }};")
    };
    let groups = "action == AgentCore::Action::\"okta___list_groups\"";
    for bad in [
        policy("action == AgentCore::Action::\"okta___unknown\"", "true"),
        policy(groups, "principal.getTag(\"scope\") == \"api/read\""),
        policy(groups, "context.input.user == \"bob\""),
        policy(groups, "context.input has user && context.input.user < 3"),
        policy(groups, "context.user == \"bob\""),
        policy(groups, "principal.email == \"bob\""),
        policy(groups, "false"),
    ] {
        assert!(matches!(problem(&bad, None), PolicyProblem::Invalid(Which::Deciding, _)), "{bad}");
        assert!(matches!(problem(&good, Some(&bad)), PolicyProblem::Invalid(Which::Shadow, _)), "{bad}");
    }
    assert!(matches!(problem("permit", None), PolicyProblem::Syntax(..)));
    assert!(matches!(problem("// nothing\n", None), PolicyProblem::None(Which::Deciding)));
}
