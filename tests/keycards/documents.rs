//! The documents in `infra/permissions`, read as text.

use std::collections::BTreeSet;
use std::path::Path;

use acceptance::permissions::{cases, document, shipped, value};
use auth::keycard::LONGEST_POLICY;
use cli::chat::Chat;
use devstack::bedrock;
use devstack::lambda::ACCOUNT;
use serde_json::{Value, json};

use crate::account::Secured;

fn files() -> Vec<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../infra/permissions");
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    names.filter(|name| name.ends_with(".json")).collect()
}

fn statements(document: &Value) -> &[Value] {
    document["Statement"].as_array().unwrap()
}

fn list(value: &Value) -> Vec<String> {
    let items = value.as_array().cloned().unwrap_or_else(|| vec![value.clone()]);
    items.iter().map(|item| item.as_str().unwrap().to_owned()).collect()
}

// A01
#[test]
fn no_document_has_a_principal_or_an_action_for_everybody_and_a_resource_only_where_there_is_none() {
    let files = files();
    assert!(files.len() >= 11, "{files:?}");
    for file in files {
        let document = document(&file);
        for statement in statements(&document) {
            // Of denials there is one kind: no record is changed.
            assert!(statement["Effect"] == "Allow" || statement["Sid"] == "ChangeNoRecord", "{file}");
            for principal in statement.get("Principal").iter().flat_map(|one| one.as_object().unwrap().values()) {
                assert!(list(principal).iter().all(|name| !name.contains('*')), "{file}: {principal}");
            }
            for action in list(&statement["Action"]) {
                assert!(!action.contains(['*', '?']), "{file}: {action}");
            }
            for resource in statement.get("Resource").map(list).unwrap_or_default() {
                let (logs, traces) = (resource.ends_with(":log-stream:*"), statement["Sid"] == "Traces");
                let plain = !resource.contains(['*', '?']);
                assert!(plain || logs || traces && resource == "*", "{file}: {resource}");
            }
            for unknown in ["NotPrincipal", "NotAction", "NotResource"] {
                assert!(statement.get(unknown).is_none(), "{file}");
            }
        }
    }
}

// A01
#[test]
fn the_agents_service_is_let_in_for_our_account_and_our_agent_only() {
    for file in ["tool-function.resource.json", "agent.trust.json"] {
        let document = document(file);
        let [only] = statements(&document) else { panic!("{file} has another statement") };
        assert_eq!(only["Principal"], json!({ "Service": "bedrock.amazonaws.com" }), "{file}");
        let condition = json!({
            "StringEquals": { "aws:SourceAccount": ACCOUNT },
            "ArnLike": { "aws:SourceArn": "arn:aws:bedrock:us-east-1:123456789012:agent/AGENT12345" },
        });
        assert_eq!(only["Condition"], condition, "{file}");
    }
    // Nobody else's service is named but Lambda's, whose roles are given to functions of the same account only.
    let named: BTreeSet<String> = files()
        .iter()
        .flat_map(|file| statements(&document(file)).to_vec())
        .filter_map(|statement| statement["Principal"]["Service"].as_str().map(str::to_owned))
        .collect();
    assert_eq!(named.into_iter().collect::<Vec<_>>(), ["bedrock.amazonaws.com", "lambda.amazonaws.com"]);
}

// A01
#[tokio::test]
async fn a_function_answers_our_agent_and_is_closed_to_another_and_without_a_policy_to_every() {
    let secured = Secured::start().await;
    let (iam, function) = (&secured.security().iam, value("FunctionArn"));
    let stack = &secured.world.laptop.stack;
    let ticket = secured.world.laptop.ticket(&secured.alice.signed);
    let chat = Chat::new(stack.bedrock.double.url(), secured.world.laptop.agent());
    let turn = || chat.say("Which groups am I in?", &secured.alice.signed.session, &ticket);
    let _ = turn().await;
    assert_eq!(stack.lambda.calls("okta-groups"), 1, "our agent");
    // The same document, as another agent's deployment would fill it in.
    let text = shipped("tool-function.resource.json").replace("${AgentArn}", &bedrock::arn("AGENT99999"));
    let text = text.replace("${AccountId}", ACCOUNT).replace("${FunctionArn}", &function);
    iam.add_resource_policy(function, &serde_json::from_str(&text).unwrap()).unwrap();
    assert!(turn().await.is_err());
    // The other function, whose policy is about something else.
    let initiator = devstack::lambda::arn("ciba-initiator");
    iam.add_resource_policy(&*initiator, &document("tool-function.resource.json")).unwrap();
    assert!(chat.say("Reset my password", &secured.alice.signed.session, &ticket).await.is_err());
    assert_eq!((stack.lambda.calls("okta-groups"), stack.lambda.calls("ciba-initiator")), (1, 0));
    let refused: Vec<String> = iam
        .decisions()
        .into_iter()
        .filter(|one| !one.allowed && one.caller == "bedrock.amazonaws.com")
        .map(|one| one.resource)
        .collect();
    assert_eq!(refused, [value("FunctionArn"), initiator]);
}

// A04
#[test]
fn a_keycards_policy_read_back_has_exactly_the_declared_needs() {
    let mut seen = 0;
    for case in cases().iter().filter(|case| case.name.starts_with("keycard-") && !case.session.is_null()) {
        let text = case.session.to_string();
        assert!(text.chars().count() <= LONGEST_POLICY, "{}", case.name);
        let (allows, denies): (Vec<&Value>, Vec<&Value>) =
            statements(&case.session).iter().partition(|one| one["Effect"] == "Allow");
        let granted: BTreeSet<(String, String)> = allows.iter().flat_map(|one| pairs(one)).collect();
        let declared = case
            .intents
            .iter()
            .flat_map(|intent| intent.actions.iter().map(|action| ((*action).to_owned(), intent.resource.clone())));
        assert_eq!(granted, declared.collect(), "{}", case.name);
        // The minute is said once, for everything: there is no other statement, and no other pattern.
        let [minute] = denies.as_slice() else { panic!("{}: {denies:?}", case.name) };
        assert_eq!((&minute["Action"], &minute["Resource"]), (&json!("*"), &json!("*")), "{}", case.name);
        assert!(minute["Condition"]["DateGreaterThanEqualsIfExists"]["aws:CurrentTime"].is_string(), "{}", case.name);
        for statement in allows {
            let text = statement.to_string();
            assert!(!text.contains('*') && !text.contains('?'), "{}", case.name);
            let keyed = &statement["Condition"]["ForAllValues:StringEquals"]["dynamodb:LeadingKeys"];
            assert_eq!(text.contains(":table/"), keyed.is_string(), "{}", case.name);
            assert_eq!(text.contains("kms:Decrypt"), text.contains("kms:EncryptionContext:row"), "{}", case.name);
        }
        seen += 1;
    }
    assert_eq!(seen, 8, "one for each part of a call, and one of a function without approvals");
}

#[test]
fn the_roles_that_end_anybodys_approvals_change_nobodys_records() {
    for file in ["web-app.permissions.json", "operator.permissions.json"] {
        let document = document(file);
        let denials = statements(&document).iter().filter(|statement| statement["Effect"] == "Deny");
        let [denial] = denials.collect::<Vec<_>>()[..] else { panic!("{file}") };
        assert_eq!(list(&denial["Action"]), ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]);
        let records = json!({ "ForAnyValue:StringLike": { "dynamodb:LeadingKeys": ["audit#*"] } });
        assert_eq!((&denial["Resource"], &denial["Condition"]), (&json!(value("ApprovalTableArn")), &records));
    }
}

/// Each action of a statement with each resource that it is about.
fn pairs(statement: &Value) -> Vec<(String, String)> {
    let (actions, resources) = (list(&statement["Action"]), list(&statement["Resource"]));
    let service = |text: &str, at: &str| text.split(at).next().unwrap_or_default().to_owned();
    let about = |action: &str, resource: &str| {
        resource.strip_prefix("arn:aws:").is_some_and(|rest| service(rest, ":") == service(action, ":"))
    };
    let all = actions.iter().flat_map(|action| resources.iter().map(move |resource| (action, resource)));
    all.filter(|(action, resource)| about(action, resource)).map(|(a, b)| (a.clone(), b.clone())).collect()
}
