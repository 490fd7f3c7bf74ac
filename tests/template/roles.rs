//! What each role may: what the code needs, what `infra/permissions` says and what the template says are the same.

use std::collections::{BTreeMap, BTreeSet};

use acceptance::permissions::{cases, document, value};
use serde_json::{Value, json};

use crate::deployment::Deployment;
use crate::rights::{Right, right, rights, statements, uniform};

/// Each role of a function, its document, and the case that says what it is meant for.
const ROLES: [(&str, &str, &str); 7] = [
    ("Keycard", "keycard-role.permissions.json", "keycard-role"),
    ("OktaGroups", "tool-function.permissions.json", "tool-function"),
    ("CibaInitiator", "tool-function.permissions.json", "tool-function"),
    ("ApprovalWorker", "approval-worker.permissions.json", "approval-worker"),
    ("FgaAuthorizer", "fga-authorizer.permissions.json", "fga-authorizer"),
    ("Web", "web-app.permissions.json", "web-app"),
    ("Operator", "operator.permissions.json", "operator"),
];

/// The one that is there with a gateway only.
const INTERCEPTOR: (&str, &str, &str) =
    ("GatewayInterceptor", "gateway-interceptor.permissions.json", "gateway-interceptor");

/// A role's policy in the template. Its own log group has the name that the documents know, and no other has.
pub(crate) fn policy(deployment: &Deployment, role: &str) -> Value {
    let policy = deployment.properties(&format!("{role}Policy")).unwrap();
    assert_eq!(policy["RoleName"], format!("<{role}Role>"));
    let own = format!("log-group:<{role}Logs>");
    serde_json::from_str(&policy["PolicyDocument"].to_string().replace(&own, "log-group:/aws/lambda/okta-groups"))
        .unwrap()
}

fn trust(deployment: &Deployment, role: &str) -> Value {
    deployment.properties(&format!("{role}Role")).unwrap()["AssumeRolePolicyDocument"].clone()
}

#[test]
fn every_role_says_exactly_what_its_document_says() {
    let classic = Deployment::whole("Classic");
    for (role, file, _) in ROLES.into_iter().chain([("Agent", "agent.permissions.json", "agent")]) {
        assert_eq!(uniform(&policy(&classic, role)), uniform(&document(file)), "{role} and {file}");
    }
    assert_eq!(uniform(&trust(&classic, "Keycard")), uniform(&document("keycard-role.trust.json")));
    assert_eq!(uniform(&trust(&classic, "Agent")), uniform(&document("agent.trust.json")));
    for role in ["OktaGroups", "CibaInitiator", "ApprovalWorker", "FgaAuthorizer", "Web", "GatewayInterceptor"] {
        let deployment =
            if role == INTERCEPTOR.0 { Deployment::whole("AgentCore") } else { Deployment::whole("Classic") };
        assert_eq!(uniform(&trust(&deployment, role)), uniform(&document("function.trust.json")), "{role}");
    }
    // With a gateway in place of the agent nothing changes, but that nobody talks to an agent.
    let core = Deployment::whole("AgentCore");
    for (role, file, _) in ROLES.into_iter().chain([INTERCEPTOR]).filter(|(role, ..)| *role != "Web") {
        assert_eq!(uniform(&policy(&core, role)), uniform(&document(file)), "{role} and {file}");
    }
    let more = rights(&policy(&classic, "Web"));
    let less = rights(&policy(&core, "Web"));
    assert_eq!(&more - &less, BTreeSet::from([right("bedrock:InvokeAgent", &value("AgentAliasArn"))]));
}

#[test]
fn the_keys_policy_says_what_its_document_says_and_names_only_roles_that_are_there() {
    // In a key's own policy the key is `*`.
    let mut meant = document("sealing-key.resource.json");
    for statement in meant["Statement"].as_array_mut().unwrap() {
        assert_eq!(statement["Resource"], value("SealingKeyArn"));
        statement["Resource"] = json!("*");
    }
    let says = |deployment: &Deployment| deployment.properties("SealingKey").unwrap()["KeyPolicy"].clone();
    assert_eq!(uniform(&says(&Deployment::whole("Classic"))), uniform(&meant));
    let few = says(&Deployment::first("AgentCore"));
    assert_eq!(statements(&few)[1]["Condition"]["ArnEquals"]["aws:PrincipalArn"], json!([value("KeycardRoleArn")]));
    for (role, name) in [
        ("Keycard", "KeycardRoleArn"),
        ("Web", "WebAppRoleArn"),
        ("Operator", "OperatorRoleArn"),
        ("Doctor", "DoctorRoleArn"),
    ] {
        let properties = Deployment::whole("Classic").properties(&format!("{role}Role")).unwrap();
        assert!(value(name).ends_with(&format!(":role/{}", properties["RoleName"].as_str().unwrap())), "{role}");
    }
}

#[test]
fn what_the_code_needs_is_what_the_template_allows_and_nothing_else() {
    let cases = cases();
    let meant: BTreeMap<&str, BTreeSet<Right>> = cases
        .iter()
        .map(|case| {
            let each =
                case.intents.iter().flat_map(|one| one.actions.iter().map(|action| right(action, &one.resource)));
            (case.name.as_str(), each.collect())
        })
        .collect();
    let deployment = Deployment::whole("Classic");
    for (role, _, case) in ROLES.into_iter().chain([("Agent", "", "agent")]) {
        assert_eq!(rights(&policy(&deployment, role)), meant[case], "{role}");
    }
    let (role, _, case) = INTERCEPTOR;
    assert_eq!(rights(&policy(&Deployment::whole("AgentCore"), role)), meant[case]);
    // The keycards that the code really makes, of every part of a call: what any of them opens is what the role opens.
    let made = cases.iter().filter(|case| case.name.starts_with("keycard-") && !case.session.is_null());
    let opened: BTreeSet<Right> = made.flat_map(|case| rights(&allowing(&case.session))).collect();
    assert_eq!(rights(&policy(&deployment, "Keycard")), opened);
}

/// A document without its denials.
fn allowing(document: &Value) -> Value {
    let allows: Vec<Value> = statements(document).iter().filter(|one| one["Effect"] == "Allow").cloned().collect();
    // One statement for each kind of resource, since a keycard's policy may put several into one.
    let about = |right: &Right| {
        let service = right.0.split(':').next().unwrap().to_owned();
        right.1.starts_with(&format!("arn:aws:{service}:"))
    };
    let pairs: Vec<Right> = rights(&json!({ "Statement": allows })).into_iter().filter(about).collect();
    let each = pairs.into_iter().map(|(action, resource)| json!({ "Action": action, "Resource": resource }));
    json!({ "Statement": each.collect::<Vec<_>>() })
}

#[test]
fn a_right_too_many_and_a_right_too_few_are_both_seen() {
    let deployment = Deployment::whole("Classic");
    let (policy, meant) = (policy(&deployment, "OktaGroups"), document("tool-function.permissions.json"));
    let mut wider = policy.clone();
    wider["Statement"][1]["Action"] = json!(["secretsmanager:GetSecretValue", "secretsmanager:ListSecrets"]);
    let mut narrower = policy.clone();
    narrower["Statement"].as_array_mut().unwrap().remove(0);
    let mut elsewhere = policy.clone();
    elsewhere["Statement"][0]["Resource"] = json!("arn:aws:iam::123456789012:role/another");
    let mut unconditioned = document("keycard-role.permissions.json");
    unconditioned["Statement"][0].as_object_mut().unwrap().remove("Condition");
    for changed in [wider, narrower, elsewhere] {
        assert_ne!(uniform(&changed), uniform(&meant));
        assert_ne!(rights(&changed), rights(&meant));
    }
    assert_ne!(uniform(&unconditioned), uniform(&document("keycard-role.permissions.json")));
    assert_eq!(uniform(&policy), uniform(&meant));
}

#[test]
fn the_gateways_role_calls_three_functions_and_asks_one_policy_engine() {
    let deployment = Deployment::whole("AgentCore");
    let gateway = deployment.properties("GatewayRole").unwrap()["AssumeRolePolicyDocument"].clone();
    let arn = "arn:aws:bedrock-agentcore:us-east-1:123456789012:gateway/mandate-abc1234567";
    let meant = json!({ "Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": { "Service": "bedrock-agentcore.amazonaws.com" },
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": { "aws:SourceAccount": value("AccountId") },
            "ArnLike": { "aws:SourceArn": arn },
        },
    }] });
    assert_eq!(uniform(&gateway), uniform(&meant));
    let engine = "<PolicyEngine.PolicyEngineArn>";
    let functions = ["OktaGroupsFunctionArn", "CibaInitiatorFunctionArn", "InterceptorFunctionArn"].map(value);
    let mut allowed: BTreeSet<Right> = functions.iter().map(|one| right("lambda:InvokeFunction", one)).collect();
    allowed.extend([
        right("bedrock-agentcore:GetPolicyEngine", engine),
        right("bedrock-agentcore:AuthorizeAction", engine),
        right("bedrock-agentcore:AuthorizeAction", arn),
        right("bedrock-agentcore:PartiallyAuthorizeActions", engine),
        right("bedrock-agentcore:PartiallyAuthorizeActions", arn),
    ]);
    assert_eq!(rights(&policy(&deployment, "Gateway")), allowed);
}

#[test]
fn the_harness_reaches_one_model_and_the_gateway_as_whoever_chats() {
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:us-east-1:123456789012:{rest}");
    let directory = arn("bedrock-agentcore", "workload-identity-directory/default");
    let itself = format!("{directory}/workload-identity/harness_mandate-*");
    let vault = arn("bedrock-agentcore", "token-vault/default");
    let provider = format!("{vault}/oauth2credentialprovider/auth0");
    let logs = arn("logs", "log-group:/aws/bedrock-agentcore/runtimes/harness_mandate-*");
    let secret = arn("secretsmanager", "secret:bedrock-agentcore-identity!default/oauth2/auth0-*");
    let (token, identity) =
        ("bedrock-agentcore:GetResourceOauth2Token", "bedrock-agentcore:GetWorkloadAccessTokenForJWT");
    let meant = BTreeSet::from([
        right("bedrock:InvokeModel", &value("ModelArn")),
        right("bedrock:InvokeModelWithResponseStream", &value("ModelArn")),
        right("ecr-public:GetAuthorizationToken", "*"),
        right("sts:GetServiceBearerToken", "*"),
        right("logs:CreateLogGroup", &logs),
        right("logs:CreateLogStream", &logs),
        right("logs:PutLogEvents", &logs),
        right("logs:DescribeLogStreams", &logs),
        right("xray:PutTraceSegments", "*"),
        right("xray:PutTelemetryRecords", "*"),
        right(identity, &directory),
        right(identity, &itself),
        right(token, &directory),
        right(token, &itself),
        right(token, &vault),
        right(token, &provider),
        right("secretsmanager:GetSecretValue", &secret),
    ]);
    assert_eq!(rights(&policy(&Deployment::whole("AgentCore"), "Harness")), meant);
    assert!(Deployment::first("AgentCore").properties("HarnessRole").is_none(), "none without a credential provider");
}

#[test]
fn no_role_has_a_policy_that_no_test_here_compares() {
    let compared =
        ["Keycard", "OktaGroups", "CibaInitiator", "ApprovalWorker", "FgaAuthorizer", "Web", "Operator", "Doctor"];
    for (kind, more) in [("Classic", &["Agent"][..]), ("AgentCore", &["Gateway", "GatewayInterceptor", "Harness"])] {
        let deployment = Deployment::whole(kind);
        let known: BTreeSet<String> = compared.iter().chain(more).map(|role| format!("{role}Policy")).collect();
        assert_eq!(deployment.of_type("AWS::IAM::RolePolicy").into_iter().collect::<BTreeSet<_>>(), known, "{kind}");
        let roles: BTreeSet<String> = deployment.of_type("AWS::IAM::Role").into_iter().collect();
        assert_eq!(roles, known.iter().map(|name| name.replace("Policy", "Role")).collect(), "{kind}");
        for other in ["AWS::IAM::Policy", "AWS::IAM::ManagedPolicy", "AWS::IAM::UserPolicy", "AWS::IAM::GroupPolicy"] {
            assert!(deployment.of_type(other).is_empty(), "{other}");
        }
    }
}
