//! Each check by the one thing that it is about: broken, its line turns wrong and no other does.

use std::collections::{BTreeMap, BTreeSet};

use devstack::fault::{Effect, Fault};
use devstack::sample::TOOLS_API;
use devstack::stack::{AGENT, STORE};
use serde_json::{Value, json};

use super::super::checks::CHECKS;
use super::super::finding::Verdict;
use super::{report, with};
use crate::laptop::Laptop;
use crate::laptop::planned::doubles;

/// Who answers otherwise.
#[derive(Clone, Copy, Debug)]
enum At {
    Auth0,
    Okta,
    OpenFga,
    Lambda,
    Bedrock,
    Gateway,
    Tables,
    Keys,
    Queues,
}

/// What is broken.
enum Broken {
    Answer(At, String, u32, Effect),
    Settings(Vec<(&'static str, String)>),
}

/// A check, what is broken, and the lines that turn wrong beside it because they look at the same setting.
struct Case {
    check: &'static str,
    broken: Broken,
    also: &'static [&'static str],
}

fn patch(pointer: &str, value: Value) -> Effect {
    Effect::Patch(BTreeMap::from([(pointer.to_owned(), value)]))
}

fn answer(status: u16, headers: &[(&str, &str)], body: &str) -> Effect {
    let headers = headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Effect::Answer { status, headers, body: body.to_owned() }
}

fn at(check: &'static str, at: At, on: impl Into<String>, effect: Effect) -> Case {
    Case { check, broken: Broken::Answer(at, on.into(), 0, effect), also: &[] }
}

/// The second request of the kind.
fn second(check: &'static str, place: At, on: impl Into<String>, effect: Effect) -> Case {
    Case { check, broken: Broken::Answer(place, on.into(), 1, effect), also: &[] }
}

fn set(check: &'static str, name: &'static str, value: &str) -> Case {
    Case { check, broken: Broken::Settings(vec![(name, value.to_owned())]), also: &[] }
}

fn cases(laptop: &Laptop) -> Vec<Case> {
    [settings(laptop), tenant(laptop), openfga(laptop), tables(), account(), functions()]
        .into_iter()
        .flatten()
        .collect()
}

fn settings(laptop: &Laptop) -> Vec<Case> {
    let discovery = json!({
        "issuer": laptop.stack.auth0.issuer(), "token_endpoint": "x", "authorization_endpoint": "x",
        "jwks_uri": format!("{}.well-known/jwks.json", laptop.stack.auth0.issuer()),
    });
    let late = answer(200, &[("date", "Thu, 01 Jan 2026 00:00:00 GMT")], &discovery.to_string());
    let document = "GET /.well-known/openid-configuration";
    let slashless = laptop.stack.auth0.issuer().trim_end_matches('/').to_owned();
    let issuer = laptop.stack.auth0.issuer();
    let jwks = "http://keys.example/jwks.json";
    let plain_keys = json!({"issuers": [{"issuer": issuer, "audience": TOOLS_API, "jwks": jwks}]}).to_string();
    vec![
        set("settings.complete", "AUDIT_DAYS", "0"),
        set("settings.profile", "KEYCARDS", "off"),
        set("settings.https", "GATEWAY_RESOURCE_METADATA", "http://gateway.example/x"),
        set("settings.https", "AWS_ENDPOINT_URL_SECRETS_MANAGER", "http://secrets.example"),
        Case { also: &["functions.settings"], ..set("settings.https", "GATEWAY_ISSUERS", &plain_keys) },
        Case { also: &["functions.settings"], ..set("settings.ticket-keys", "TICKET_KEYS", r#"{"minters":[]}"#) },
        at("auth0.discovery", At::Auth0, document, Effect::Remove(vec!["/authorization_endpoint".to_owned()])),
        at("auth0.issuer", At::Auth0, document, patch("/issuer", json!(slashless))),
        at("auth0.keys", At::Auth0, "GET /.well-known/jwks.json", patch("/keys/0/alg", json!("PS256"))),
        Case { also: &["functions.settings"], ..set("auth0.keys", "OIDC_JWKS_PATH", "nowhere") },
        at("auth0.clock", At::Auth0, document, late),
        set("auth0.client", "AUTH0_CLIENT_SECRET", "another"),
        Case { also: &["functions.settings"], ..set("auth0.client", "OIDC_TOKEN_PATH", "nowhere") },
        at("okta.org", At::Okta, document, patch("/issuer", json!("https://other.okta.com"))),
    ]
}

fn tenant(laptop: &Laptop) -> Vec<Case> {
    let vault = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token";
    let ciba = "urn:openid:params:grant-type:ciba";
    let client = format!("GET /api/v2/clients/{}", laptop.stack.web.id);
    let application = |check, pointer: &str, value| at(check, At::Auth0, client.clone(), patch(pointer, value));
    let connection =
        |check, pointer: &str, value| at(check, At::Auth0, "GET /api/v2/connections", patch(pointer, value));
    let always = answer(200, &[], r#"["all-applications"]"#);
    vec![
        application("auth0.application", "/oidc_conformant", json!(false)),
        application("auth0.grants", "/grant_types", json!(["authorization_code", vault, ciba])),
        application("auth0.vault-grant", "/grant_types", json!(["authorization_code", "refresh_token", ciba])),
        application("auth0.ciba-grant", "/grant_types", json!(["authorization_code", "refresh_token", vault])),
        application("auth0.ciba-channel", "/async_approval_notification_channels", json!(["email"])),
        application("auth0.rotation", "/refresh_token/rotation_type", json!("rotating")),
        set("auth0.callbacks", "WEB_URL", "http://localhost"),
        connection("auth0.connection", "/0/name", json!("another")),
        connection("auth0.connected-accounts", "/0/connected_accounts/active", json!(false)),
        connection("auth0.connection-scopes", "/0/options/scope", json!("openid okta.users.read")),
        at("auth0.mfa-policy", At::Auth0, "GET /api/v2/guardian/policies", always),
        at("auth0.push-factor", At::Auth0, "GET /api/v2/guardian/factors", patch("/0/enabled", json!(false))),
    ]
}

fn openfga(laptop: &Laptop) -> Vec<Case> {
    let store = format!("GET /stores/{}", STORE.0);
    let (admin, gone) = (&laptop.stack.administrator, answer(404, &[], r#"{"code":"undefined_endpoint"}"#));
    let strong = vec![("FGA_CLIENT_ID", admin.id.clone()), ("FGA_CLIENT_SECRET", admin.secret.clone())];
    let models = format!("POST /stores/{}/authorization-models", STORE.0);
    let fewer = patch("/authorization_model/type_definitions/0/type", json!("somebody"));
    vec![
        set("fga.client", "FGA_CLIENT_SECRET", "another"),
        at("fga.store", At::OpenFga, store.clone(), gone.clone()),
        second("fga.model", At::OpenFga, store, gone),
        at("fga.model-equal", At::OpenFga, format!("GET /stores/{}/authorization-models", STORE.0), fewer),
        Case { check: "fga.rights", broken: Broken::Settings(strong), also: &[] },
        at("fga.rights", At::OpenFga, models, answer(400, &[], r#"{"code":"invalid_authorization_model"}"#)),
    ]
}

fn tables() -> Vec<Case> {
    let absent = || answer(400, &[], r#"{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException"}"#);
    let other = || patch("/TimeToLiveDescription/AttributeName", json!("expires_at"));
    let lost = || patch("/Table/SSEDescription", json!({"Status": "DISABLED"}));
    let status = "/ContinuousBackupsDescription/PointInTimeRecoveryDescription/PointInTimeRecoveryStatus";
    let no_recovery = || patch(status, json!("DISABLED"));
    let bare = || patch("/Table/DeletionProtectionEnabled", json!(false));
    let tables = |sessions, approvals, on: &str, effect: &dyn Fn() -> Effect| {
        let on = format!("POST /{on}");
        [at(sessions, At::Tables, on.clone(), effect()), second(approvals, At::Tables, on, effect())]
    };
    [
        tables("sessions.table", "approvals.table", "DescribeTable", &absent),
        tables("sessions.ttl", "approvals.ttl", "DescribeTimeToLive", &other),
        tables("sessions.encryption", "approvals.encryption", "DescribeTable", &lost),
        tables("sessions.recovery", "approvals.recovery", "DescribeContinuousBackups", &no_recovery),
        tables("sessions.protection", "approvals.protection", "DescribeTable", &bare),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn account() -> Vec<Case> {
    let agent = format!("GET /agents/{}/", AGENT.0);
    let unopened = answer(400, &[], r#"{"__type":"InvalidCiphertextException"}"#);
    let no_target = Effect::Remove(vec!["/Attributes/RedrivePolicy".to_owned()]);
    let audiences = "/authorizerConfiguration/customJWTAuthorizer/allowedAudience";
    let log_only = json!({"arn": "arn:aws:bedrock-agentcore:us-east-1:1:policy-engine/a-1", "mode": "LOG_ONLY"});
    let one_point = patch("/interceptorConfigurations/0/interceptionPoints", json!(["REQUEST"]));
    vec![
        at("seal.key", At::Keys, "POST /DescribeKey", patch("/KeyMetadata/KeyState", json!("PendingDeletion"))),
        at("seal.context", At::Keys, "POST /Decrypt", unopened),
        at("queue.exists", At::Queues, "POST /GetQueueAttributes", patch("/Attributes/VisibilityTimeout", json!("5"))),
        at("queue.dead-letters", At::Queues, "POST /GetQueueAttributes", no_target),
        at("agent.exists", At::Bedrock, agent.clone(), patch("/agent/agentStatus", json!("NOT_PREPARED"))),
        second(
            "agent.alias",
            At::Bedrock,
            agent,
            patch("/agentAlias/aliasInvocationState", json!("REJECT_INVOCATIONS")),
        ),
        at("gateway.exists", At::Gateway, "GET /gateways/", patch("/exceptionLevel", json!("DEBUG"))),
        at("gateway.authorizer", At::Gateway, "GET /gateways/", patch("/authorizerType", json!("NONE"))),
        at("gateway.authorizer", At::Gateway, "GET /gateways/", patch(audiences, json!([TOOLS_API, "api://other"]))),
        Case { also: &["functions.settings"], ..set("gateway.authorizer", "GATEWAY_ISSUERS", r#"{"issuers":[]}"#) },
        at("gateway.interceptor", At::Gateway, "GET /gateways/", one_point),
        at("gateway.policy-engine", At::Gateway, "GET /gateways/", patch("/policyEngineConfiguration", log_only)),
    ]
}

const OLD_KEY: &str = "arn:aws:kms:us-east-1:000000000000:key/00000000-0000-4000-8000-000000000001";

fn functions() -> Vec<Case> {
    // It lacks the rest: a double has no such function.
    let web_application = answer(
        200,
        &[],
        &json!({"Timeout": 120, "Environment": {"Variables": {"PROFILE": "trial", "WEB_URL": "https://app.example"}}})
            .to_string(),
    );
    let of = |name: &str| format!("GET /2015-03-31/functions/{name}/configuration");
    let absent = answer(404, &[("x-amzn-errortype", "ResourceNotFoundException")], "{}");
    let variable = |name: &str, value: &str| patch(&format!("/Environment/Variables/{name}"), json!(value));
    vec![
        at("functions.exist", At::Lambda, of("ciba-initiator"), absent),
        at("functions.time-outs", At::Lambda, of("approval-worker"), patch("/Timeout", json!(3))),
        at("functions.settings", At::Lambda, of("okta-groups"), variable("OKTA_DOMAIN", "https://other.okta.com")),
        at("functions.settings", At::Lambda, of("approval-worker"), variable("PASSWORD_RESET", "okta")),
        at("functions.settings", At::Lambda, of("ciba-initiator"), variable("FGA_USER_CLAIM", "email")),
        at("functions.settings", At::Lambda, of("ciba-initiator"), variable("FGA_EMAIL_CONNECTIONS", "okta")),
        at("functions.settings", At::Lambda, of("approval-worker"), variable("UNLOCK_RELATION", "read_okta")),
        at("functions.settings", At::Lambda, of("ciba-initiator"), variable("MEMBERS_OBJECT", "okta:groups")),
        at("functions.settings", At::Lambda, of("okta-groups"), variable("SEAL_OLD_KEY_ARNS", OLD_KEY)),
        at("functions.settings", At::Lambda, of("okta-groups"), variable("OIDC_ISSUER", "https://other.example/")),
        at("functions.settings", At::Lambda, of("web"), web_application),
        at("functions.secrets", At::Lambda, of("fga-authorizer"), Effect::Remove(vec!["/KMSKeyArn".to_owned()])),
        at("functions.profile", At::Lambda, of("approval-worker"), variable("PROFILE", "laptop")),
    ]
}

/// Until [`mend`], the doubles are broken so; gives the settings that are.
fn break_it(laptop: &Laptop, broken: &Broken) -> Vec<(&'static str, String)> {
    let (at, on, skip, effect) = match broken {
        Broken::Settings(settings) => return settings.clone(),
        Broken::Answer(at, on, skip, effect) => (at, on, *skip, effect),
    };
    let fault = Fault { on: on.clone(), times: Some(1), skip, effect: effect.clone() };
    let stack = &laptop.stack;
    match at {
        At::Auth0 => stack.auth0.double.fault(fault),
        At::Okta => stack.okta.double.fault(fault),
        At::OpenFga => stack.openfga.double.fault(fault),
        At::Lambda => stack.lambda.double.fault(fault),
        At::Bedrock => stack.bedrock.double.fault(Fault { times: None, skip: 0, ..fault }),
        At::Gateway => laptop.gateway().unwrap().double.fault(fault),
        At::Tables => stack.dynamodb.fault(fault),
        At::Keys => stack.security.kms.fault(fault),
        At::Queues => stack.sqs.fault(fault),
    }
    Vec::new()
}

fn mend(laptop: &Laptop) {
    laptop.stack.doubles().iter().for_each(|double| double.mend());
    laptop.gateway().unwrap().double.mend();
    laptop.stack.dynamodb.mend();
    laptop.stack.security.kms.mend();
    laptop.stack.sqs.mend();
}

#[tokio::test]
async fn whatever_is_broken_turns_its_own_line_wrong_and_no_other() {
    let laptop = doubles("doctor-broken", true).await;
    let cases = cases(&laptop);
    for case in &cases {
        // What only production must have is looked at as production; there, http to a double is wrong too.
        let production = case.check.ends_with(".recovery") || case.check.ends_with(".protection");
        let (profile, always): (&[_], &[&str]) = match production {
            true => (&[("PROFILE", "production")], &["settings.https", "gateway.policy-engine", "functions.profile"]),
            false => (&[], &[]),
        };
        let settings = break_it(&laptop, &case.broken);
        let broken = settings.iter().map(|(name, value)| (*name, value.as_str()));
        let more: Vec<(&str, &str)> = profile.iter().copied().chain(broken).collect();
        let report = report(&laptop, &more).await;
        mend(&laptop);
        let expected: BTreeSet<&str> = always.iter().chain(case.also).copied().chain([case.check]).collect();
        assert_eq!(with(&report, Verdict::Wrong), expected, "{}: {}", case.check, report.lines().join("\n"));
        let line = report.lines.iter().find(|line| line.check == case.check).unwrap();
        assert!(!line.what.is_empty() && line.mend.as_ref().is_some_and(|mend| !mend.is_empty()), "{line:?}");
        assert_eq!(report.ended().unwrap_err().exit_code(), 1);
    }
    let broken: BTreeSet<&str> = cases.iter().map(|case| case.check).collect();
    let all: BTreeSet<&str> = CHECKS.iter().map(|(name, _)| *name).collect();
    assert_eq!(broken, all, "each check has a case");
}
