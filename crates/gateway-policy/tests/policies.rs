//! The policies of `infra/generated/cedar` and `infra/policies` together, and the cases beside the latter.
#![expect(clippy::unwrap_used, reason = "what a test reads must be there")]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use auth::gateway::{ArgumentKind, Tools};
use cedar_policy::{PolicySet, Schema, ValidationMode, Validator};
use gateway_policy::{Policies, PolicyProblem, Which};
use serde::Deserialize;
use serde_json::{Map, Value, json};

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
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("infra");
    std::fs::read_to_string(folder.join(name)).unwrap()
}

fn tools() -> Tools {
    Tools::parse(&file("generated/gateway/tools.json")).unwrap()
}

/// What the interceptor is given.
fn deciding() -> String {
    [file("generated/cedar/scopes.cedar"), file("policies/house.cedar")].join("\n")
}

fn problem(deciding: &str, shadow: Option<&str>) -> PolicyProblem {
    Policies::load(deciding, shadow, &tools(), GATEWAY).err().unwrap()
}

#[test]
fn every_case_beside_the_policies_comes_out_as_it_says() {
    for (name, least) in [("policies/tests/scopes.json", 25), ("policies/tests/house.json", 8)] {
        let cases: Vec<Case> = serde_json::from_str(&file(name)).unwrap();
        assert!(cases.len() > least, "{name}");
        for case in cases {
            let text = format!("{}\n{}", deciding(), case.also);
            let gateway = case.gateway.as_deref().unwrap_or(GATEWAY);
            let policies = Policies::load(&text, None, &tools(), gateway).unwrap();
            let verdict = policies.decide_for("auth0|alice", case.tags, &case.action, &case.input);
            let said = if verdict.allowed { "allow" } else { "deny" };
            assert_eq!(said, case.decision, "{}: {}", case.name, verdict.cause);
            assert_eq!(verdict.shadow, None);
        }
    }
}

// J17
#[test]
fn every_tool_is_opened_by_its_own_scopes_together_and_by_nothing_else() {
    let (tools, policies) = (tools(), Policies::load(&deciding(), None, &tools(), GATEWAY).unwrap());
    let all: BTreeSet<String> =
        tools.iter().flat_map(|tool| words(&tool.scopes().joined())).chain(["api".to_owned()]).collect();
    let mut asked = 0;
    for tool in tools.iter() {
        let input = tool.arguments().map(|(name, argument)| (name.to_owned(), example(argument.kind))).collect();
        let allows = |scopes: &[String]| {
            let tags = BTreeMap::from([("scope".to_owned(), scopes.join(" "))]);
            policies.decide_for("auth0|alice", tags, tool.name(), &input).allowed
        };
        let own = words(&tool.scopes().joined());
        let others: Vec<String> = all.iter().filter(|scope| !own.contains(scope)).cloned().collect();
        assert!(allows(&own), "{}: its own", tool.name());
        assert!(allows(&all.iter().cloned().collect::<Vec<_>>()), "{}: all", tool.name());
        assert!(!allows(&[]), "{}: none", tool.name());
        assert!(!allows(&others), "{}: all others", tool.name());
        for scope in own.iter().chain(&others) {
            assert_eq!(allows(std::slice::from_ref(scope)), own == [scope.clone()], "{}: {scope}", tool.name());
            for longer in [format!("{scope}-x"), format!("x{scope}"), scope.to_uppercase()] {
                assert!(!allows(&[longer]), "{}: nearly {scope}", tool.name());
            }
        }
        asked += 1;
    }
    assert!(asked >= 8);
}

fn words(scopes: &str) -> Vec<String> {
    scopes.split(' ').map(str::to_owned).collect()
}

fn example(kind: ArgumentKind) -> Value {
    match kind {
        ArgumentKind::String => json!("x"),
        ArgumentKind::Integer => json!(1),
        ArgumentKind::Boolean => json!(true),
        ArgumentKind::Strings => json!(["x"]),
    }
}

#[test]
fn the_generated_schema_and_policies_pass_the_strict_validator_without_a_word() {
    let (schema, warnings) = Schema::from_cedarschema_str(&file("generated/cedar/schema.cedarschema")).unwrap();
    assert_eq!(warnings.count(), 0);
    let validator = Validator::new(schema);
    for name in ["generated/cedar/scopes.cedar", "policies/house.cedar", "policies/shadow/organization.cedar"] {
        let policies: PolicySet = file(name).parse().unwrap();
        let result = validator.validate(&policies, ValidationMode::Strict);
        assert!(result.validation_passed_without_warnings(), "{name}: {result:?}");
    }
}

#[test]
fn no_policy_is_longer_than_agentcore_takes() {
    for name in ["generated/cedar/scopes.cedar", "policies/house.cedar"] {
        let policies: PolicySet = file(name).parse().unwrap();
        for policy in policies.policies() {
            assert!((35..=10_000).contains(&policy.to_string().len()), "{name}: {policy}");
        }
    }
}

#[test]
fn a_policy_on_trial_is_told_of_and_decides_nothing() {
    let (deciding, shadow) = (deciding(), file("policies/shadow/organization.cedar"));
    let policies = Policies::load(&deciding, Some(&shadow), &tools(), GATEWAY).unwrap();
    let input = json!({"user": "bob@example.com", "group": "VPN users"});
    let decide = |organization: Option<&str>| {
        let mut tags = BTreeMap::from([("scope".to_owned(), "api/admin".to_owned())]);
        tags.extend(organization.map(|id| ("org_id".to_owned(), id.to_owned())));
        let verdict =
            policies.decide_for("auth0|alice", tags, "okta-changes___add_to_group", input.as_object().unwrap());
        (verdict.allowed, verdict.shadow)
    };
    assert_eq!(decide(None), (true, Some(false)));
    assert_eq!(decide(Some("org_acme")), (true, Some(true)));
}

#[test]
fn what_the_validator_minds_is_not_loaded() {
    let good = deciding();
    let policy = |head: &str, body: &str| {
        format!("permit (principal is AgentCore::OAuthUser, {head}, resource is AgentCore::Gateway) when {{ {body} }};")
    };
    let groups = "action == AgentCore::Action::\"okta-groups___list_groups\"";
    for bad in [
        policy("action == AgentCore::Action::\"okta-groups___unknown\"", "true"),
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
