//! Every policy that the system makes or ships, and every document's use.

use auth::approval::PersonKey;
use auth::id::SessionReference;
use auth::keycard::{KeyArn, RoleArn};
use auth::subject::Subject;
use auth::time::Timestamp;
use cli::laptop::account::{
    APPROVAL_WORKER_ROLE, DOCTOR_ROLE, INTERCEPTOR_ROLE, KEYCARD_ROLE, OPERATOR_ROLE, TOOL_FUNCTION_ROLE, WEB_APP_ROLE,
};
use devstack::iam::role_arn;
use devstack::lambda::REGION;
use devstack::stack::{APPROVAL_QUEUE, APPROVAL_TABLE, SESSION_TABLE};
use serde::Serialize;
use serde_json::{Value, json};
use tool::house::{Needs, Resources, Whose};
use upstream_aws::KmsKeys;

use super::intents::{self, Intent};
use super::{document, value};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

/// A principal, the documents that judge its requests, and what they are meant to allow. Null is a document that is not there.
#[derive(Debug, Default, Serialize)]
pub struct Case {
    /// Tells it from the others.
    pub name: String,
    /// A role's ARN, or a service's name.
    pub principal: String,
    /// Of the role.
    pub permissions: Value,
    /// Of the session.
    pub session: Value,
    /// Of the role that is asked for.
    pub trust: Value,
    /// Of the function that is called.
    pub resource: Value,
    /// Of the key, for requests to KMS.
    pub key: Value,
    /// All that is allowed.
    pub intents: Vec<Intent>,
    /// Principals for whom nothing of it is allowed.
    pub strangers: Vec<String>,
    /// Seconds since 1970, when the policies were made.
    pub now: u64,
}

impl Case {
    fn of(name: &str, principal: impl Into<String>, intents: Vec<Intent>) -> Self {
        let (name, principal, now) = (name.to_owned(), principal.into(), NOW.seconds());
        Self { name, principal, intents, now, key: document("sealing-key.resource.json"), ..Self::default() }
    }

    fn role(name: &str, role: &str, file: &str, intents: Vec<Intent>) -> Self {
        Self { permissions: document(file), ..Self::of(name, role_arn(role), intents) }
    }
}

/// All cases.
///
/// # Panics
/// When a policy cannot be made or a document is not there.
#[must_use]
pub fn cases() -> Vec<Case> {
    let own = |secret, more: Vec<Intent>| [vec![intents::secret(secret)], intents::watched(), more].concat();
    let mut cases = keycards();
    cases.extend([
        Case::role("keycard-role", KEYCARD_ROLE, "keycard-role.permissions.json", keycard_role()),
        Case::role(
            "tool-function",
            TOOL_FUNCTION_ROLE,
            "tool-function.permissions.json",
            own("Auth0ClientSecretArn", vec![intents::assumes()]),
        ),
        Case::role(
            "approval-worker",
            APPROVAL_WORKER_ROLE,
            "approval-worker.permissions.json",
            own("Auth0ClientSecretArn", vec![intents::assumes(), intents::receives()]),
        ),
        Case::role(
            "fga-authorizer",
            "mandate-authorizer",
            "fga-authorizer.permissions.json",
            own("OpenFgaClientSecretArn", vec![]),
        ),
        Case::role(
            "gateway-interceptor",
            INTERCEPTOR_ROLE,
            "gateway-interceptor.permissions.json",
            own("GatewayTicketSeedSecretArn", vec![]),
        ),
        Case::role("web-app", WEB_APP_ROLE, "web-app.permissions.json", intents::web_app()),
        Case::role("operator", OPERATOR_ROLE, "operator.permissions.json", intents::operator()),
        Case { key: both_keys(), ..Case::role("doctor", DOCTOR_ROLE, "doctor.permissions.json", intents::doctor()) },
        Case::role(
            "agent",
            "mandate-agent",
            "agent.permissions.json",
            vec![Intent::of(&["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"], value("ModelArn"))],
        ),
        Case { permissions: anything_with_the_key(), ..Case::of("sealing-key", role_arn("anybody"), administration()) },
    ]);
    cases.extend([TOOL_FUNCTION_ROLE, APPROVAL_WORKER_ROLE].map(|role| Case {
        trust: document("keycard-role.trust.json"),
        strangers: vec![role_arn("anybody"), role_arn(WEB_APP_ROLE), "lambda.amazonaws.com".to_owned()],
        ..Case::of(&format!("keycard-role-trust-{role}"), role_arn(role), intents::trusted())
    }));
    cases.extend([
        Case {
            resource: document("tool-function.resource.json"),
            strangers: vec![role_arn("anybody"), "lambda.amazonaws.com".to_owned(), "s3.amazonaws.com".to_owned()],
            ..Case::of(
                "tool-function-resource",
                "bedrock.amazonaws.com",
                vec![intents::by_our_agent("lambda:InvokeFunction", value("FunctionArn"))],
            )
        },
        Case {
            trust: document("agent.trust.json"),
            strangers: vec![role_arn("anybody"), "lambda.amazonaws.com".to_owned()],
            ..Case::of(
                "agent-trust",
                "bedrock.amazonaws.com",
                vec![intents::by_our_agent("sts:AssumeRole", role_arn("mandate-agent"))],
            )
        },
        Case {
            trust: document("function.trust.json"),
            strangers: vec![role_arn("anybody"), "bedrock.amazonaws.com".to_owned()],
            ..Case::of(
                "function-trust",
                "lambda.amazonaws.com",
                vec![Intent::of(&["sts:AssumeRole"], role_arn(TOOL_FUNCTION_ROLE))],
            )
        },
    ]);
    cases
}

fn tagged(person: &str, session: &str, intent: Intent) -> Intent {
    let key = |intent: &Intent, own: &str| {
        let values = intent.context.values().flatten();
        values.clone().any(|value| value.contains(own))
    };
    // A tag matters only to what is its person's or session's.
    let (of_person, of_session) = (key(&intent, person), key(&intent, session));
    let intent = if of_person { intent.with("aws:PrincipalTag/person", person) } else { intent };
    if of_session { intent.with("aws:PrincipalTag/session", session) } else { intent }
}

fn keycard_role() -> Vec<Intent> {
    let (person, session) = ("person-hash", "session-hash");
    let meant = vec![
        intents::renew(session),
        intents::change(person),
        intents::record(person),
        intents::session_seals(session),
        intents::approval_seals(person),
        intents::invoke(),
        intents::send(),
    ];
    meant.into_iter().map(|intent| tagged(person, session, intent)).collect()
}

/// One keycard for each kind of call, of functions with and without approvals.
fn keycards() -> Vec<Case> {
    let role = RoleArn::parse(&role_arn(KEYCARD_ROLE)).expect("a role");
    let account = role.account(REGION).expect("a region");
    let queue = format!("https://sqs.{REGION}.amazonaws.com/123456789012/{APPROVAL_QUEUE}");
    let resources = |with: bool| {
        let queue = with.then_some(queue.as_str());
        let keys = KmsKeys { current: KeyArn::parse(&value("SealingKeyArn")).expect("a key"), old: Vec::new() };
        Resources::of(&account, (SESSION_TABLE, APPROVAL_TABLE), "fga-authorizer", queue, Some(keys))
            .expect("names of resources")
    };
    let session = SessionReference::parse("session-1").expect("a session").hash();
    let person = PersonKey::of(&Subject::new("https://tenant.example/", "auth0|alice").expect("a subject"));
    let (row, key) = (session.as_str(), person.as_str());
    let (read, renew, change) = (|| intents::read(row), || intents::renew(row), || intents::change(key));
    let (invoke, send, record) = (intents::invoke, intents::send, || intents::record(key));
    let (opens, reseals, seals) =
        (|| intents::opens(row), || intents::session_seals(row), || intents::approval_seals(key));
    let kinds = [
        ("acts-without-approvals", Needs::Acts, false, vec![renew(), invoke(), reseals(), record()]),
        ("acts", Needs::Acts, true, vec![renew(), invoke(), reseals(), record()]),
        ("asks", Needs::Asks, true, vec![read(), invoke(), opens(), record()]),
        ("requests", Needs::Requests, true, vec![change(), send(), seals()]),
        ("reads", Needs::Reads, true, vec![read(), opens(), record()]),
        ("tells", Needs::Tells, true, vec![intents::end(key), seals()]),
        ("looks", Needs::Looks, true, vec![change(), send(), seals(), record()]),
        ("resumes", Needs::Resumes, true, vec![renew(), invoke(), reseals()]),
    ];
    let each = kinds.into_iter().map(|(name, needs, with, meant)| {
        let whose = Whose { person: &person, session: Some(&session), tool: "list_groups" };
        let Ok(policy) = resources(with).policy(&whose, needs, NOW) else { panic!("no policy for {name}") };
        let until = NOW.plus(auth::keycard::KEYCARD_SECONDS).seconds();
        let meant = meant.into_iter().map(|intent| tagged(key, row, intent).until(until)).collect();
        Case {
            session: serde_json::from_str(policy.as_str()).expect("JSON"),
            ..Case::role(&format!("keycard-{name}"), KEYCARD_ROLE, "keycard-role.permissions.json", meant)
        }
    });
    each.collect()
}

/// The policy of the sealing key, and what the template says of the key of settings and logs: Lambda uses it for the account.
fn both_keys() -> Value {
    let mut policies = document("sealing-key.resource.json");
    let by_lambda = json!({
        "Effect": "Allow",
        "Principal": { "AWS": format!("arn:aws:iam::{}:root", value("AccountId")) },
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:GenerateDataKey", "kms:CreateGrant", "kms:DescribeKey"],
        "Resource": value("OperationsKeyArn"),
        "Condition": { "StringEquals": { "kms:ViaService": format!("lambda.{REGION}.amazonaws.com") } },
    });
    let statements = policies.get_mut("Statement").and_then(Value::as_array_mut).expect("statements");
    statements.push(by_lambda);
    policies
}

/// Permissions that leave everything to the key's own policy.
fn anything_with_the_key() -> Value {
    let statement = json!({ "Effect": "Allow", "Action": "kms:*", "Resource": value("SealingKeyArn") });
    json!({ "Version": "2012-10-17", "Statement": [statement] })
}

/// What the account may do with the key: not use it.
fn administration() -> Vec<Intent> {
    let actions = [
        "kms:DescribeKey",
        "kms:GetKeyPolicy",
        "kms:PutKeyPolicy",
        "kms:GetKeyRotationStatus",
        "kms:EnableKeyRotation",
        "kms:EnableKey",
        "kms:DisableKey",
        "kms:ListResourceTags",
        "kms:TagResource",
        "kms:UntagResource",
        "kms:UpdateKeyDescription",
        "kms:ScheduleKeyDeletion",
        "kms:CancelKeyDeletion",
    ];
    vec![Intent::of(&actions, value("SealingKeyArn"))]
}
