//! The functions' settings on one machine: those of a deployment, but for the addresses.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devstack::iam::role_arn;
use devstack::sample::{CONNECTION, ORGANIZATION};
use devstack::stack::{APPROVAL_QUEUE, APPROVAL_TABLE, FGA_AUDIENCE, SESSION_TABLE, STORE};

use super::account::{self, DOCTOR_ROLE, KEYCARD_ROLE, OPERATOR_ROLE};
use super::{Laptop, files};

pub(super) fn fga_authorizer(laptop: &Laptop) -> BTreeMap<String, String> {
    let url = laptop.stack.openfga.double.url();
    map([
        ("FGA_API_URL", url.clone()),
        ("FGA_TOKEN_URL", format!("{url}/oauth/token")),
        ("FGA_API_AUDIENCE", FGA_AUDIENCE.to_owned()),
        ("FGA_CLIENT_ID", laptop.stack.checker.id.clone()),
        ("FGA_CLIENT_SECRET", laptop.stack.checker.secret.clone()),
        ("FGA_STORE_ID", STORE.0.to_owned()),
        ("FGA_AUTHORIZATION_MODEL_ID", STORE.1.to_owned()),
    ])
}

pub(super) fn administrator(laptop: &Laptop) -> BTreeMap<String, String> {
    let administrator = &laptop.stack.administrator;
    let settings = account::environment(&laptop.stack.security, OPERATOR_ROLE);
    with(
        settings,
        [("FGA_ADMIN_CLIENT_ID", administrator.id.clone()), ("FGA_ADMIN_CLIENT_SECRET", administrator.secret.clone())],
    )
}

/// Where a web application at [`WEB_ORIGIN`] is sent back to after an account was connected.
pub(super) const ACCOUNTS_CALLBACK: &str = "http://127.0.0.1/accounts/callback";
/// The origin that the tenant's application is set up for from the start.
const WEB_ORIGIN: &str = "http://127.0.0.1";

/// What is looked at beside the functions' settings, and as whom. It takes the place of what they have for themselves.
pub(super) fn auditor(laptop: &Laptop) -> BTreeMap<String, String> {
    let Laptop { stack, .. } = laptop;
    let settings = with(
        administrator(laptop),
        [
            ("AUTH0_MANAGEMENT_CLIENT_ID", stack.auditor.id.clone()),
            ("AUTH0_MANAGEMENT_CLIENT_SECRET", stack.auditor.secret.clone()),
            ("WEB_URL", WEB_ORIGIN.to_owned()),
            ("AGENT_ID", laptop.agent().id),
            ("AGENT_ALIAS_ID", laptop.agent().alias),
            ("AWS_ENDPOINT_URL_BEDROCK_AGENT", stack.bedrock.double.url()),
            ("AWS_ENDPOINT_URL_LAMBDA", stack.lambda.double.url()),
            tickets(laptop),
        ],
    );
    let gateway = laptop.front.as_ref().map(|front| {
        let control = ("AWS_ENDPOINT_URL_BEDROCK_AGENTCORE_CONTROL", front.gateway.double.url());
        let public = front.settings(stack).into_iter().filter(|(name, _)| !name.contains("SEED"));
        public.chain([control]).map(|(name, value)| (name.to_owned(), value)).collect::<Vec<_>>()
    });
    let mut settings = settings;
    settings.extend(gateway.into_iter().flatten());
    settings.extend(account::environment(&stack.security, DOCTOR_ROLE));
    settings
}

pub(super) fn okta_groups(laptop: &Laptop) -> BTreeMap<String, String> {
    with(acting(laptop), [tickets(laptop)])
}

pub(super) fn ciba_initiator(laptop: &Laptop) -> BTreeMap<String, String> {
    with(approval_worker(laptop), [tickets(laptop)])
}

/// The worker sees no tickets: those whose calls it ends showed theirs to the initiator.
pub(super) fn approval_worker(laptop: &Laptop) -> BTreeMap<String, String> {
    let sqs = &laptop.stack.sqs;
    with(
        acting(laptop),
        [("APPROVAL_QUEUE_URL", sqs.queue_url(APPROVAL_QUEUE)), ("AWS_ENDPOINT_URL_SQS", sqs.double.url())],
    )
}

/// Nothing of what the tools have: it reaches no table and nobody's tokens.
pub(super) fn gateway_interceptor(laptop: &Laptop) -> BTreeMap<String, String> {
    laptop.front.as_ref().map(|front| map(front.settings(&laptop.stack))).unwrap_or_default()
}

/// What every function needs that acts as a person.
fn acting(laptop: &Laptop) -> BTreeMap<String, String> {
    let Laptop { stack, .. } = laptop;
    let mut settings = map([
        ("AWS_REGION", "us-east-1".to_owned()),
        ("SESSION_TABLE_NAME", SESSION_TABLE.to_owned()),
        ("APPROVAL_TABLE_NAME", APPROVAL_TABLE.to_owned()),
        ("FGA_AUTHORIZER_FUNCTION_NAME", "fga-authorizer".to_owned()),
        ("AUTH0_ISSUER", stack.auth0.issuer().to_owned()),
        ("AUTH0_CLIENT_ID", stack.web.id.clone()),
        ("AUTH0_CLIENT_SECRET", stack.web.secret.clone()),
        ("AUTH0_CONNECTION", CONNECTION.to_owned()),
        ("OKTA_DOMAIN", stack.okta.double.url()),
        ("AWS_ENDPOINT_URL_DYNAMODB", stack.dynamodb.double.url()),
        ("AWS_ENDPOINT_URL_LAMBDA", laptop.functions_at.clone()),
    ]);
    settings.extend(if laptop.keycards { map(by_keycards(laptop)) } else { map(by_own_rights(laptop)) });
    settings
}

/// The web application has no keycards: its own role opens its rooms.
pub(super) fn web(laptop: &Laptop, url: &str) -> BTreeMap<String, String> {
    let agent = laptop.agent();
    let shared = acting(laptop);
    let of_functions = ["FGA_AUTHORIZER_FUNCTION_NAME", "OKTA_DOMAIN", "AWS_ENDPOINT_URL_LAMBDA"];
    let of_keycards = ["KEYCARDS", "KEYCARD_ROLE_ARN", "AWS_ENDPOINT_URL_STS"];
    let shared = shared
        .into_iter()
        .filter(|(name, _)| !of_functions.contains(&name.as_str()) && !of_keycards.contains(&name.as_str()));
    with(
        shared.collect(),
        [
            ("WEB_URL", url.to_owned()),
            ("AGENT_ID", agent.id),
            ("AGENT_ALIAS_ID", agent.alias),
            ("TICKET_KEY", URL_SAFE_NO_PAD.encode(laptop.ticket_seed)),
            ("AUTH0_ORGANIZATION", ORGANIZATION.to_owned()),
            ("AUTH0_SIGN_IN_CONNECTION", CONNECTION.to_owned()),
            ("AWS_ENDPOINT_URL_BEDROCK_AGENT_RUNTIME", laptop.stack.bedrock.double.url()),
        ],
    )
}

/// As in a deployment.
fn by_keycards(laptop: &Laptop) -> [(&'static str, String); 6] {
    let security = &laptop.stack.security;
    [
        ("PROFILE", "trial".to_owned()),
        ("KEYCARDS", "on".to_owned()),
        ("KEYCARD_ROLE_ARN", role_arn(KEYCARD_ROLE)),
        ("AWS_ENDPOINT_URL_STS", security.sts.double.url()),
        ("SEAL_KEY_ARN", devstack::kms::arn(&security.seal_key)),
        ("AWS_ENDPOINT_URL_KMS", security.kms.double.url()),
    ]
}

/// As on a machine without STS and KMS.
fn by_own_rights(laptop: &Laptop) -> [(&'static str, String); 5] {
    let (sts, kms) = (&laptop.stack.security.sts.double, &laptop.stack.security.kms.double);
    [
        ("PROFILE", "laptop".to_owned()),
        ("KEYCARDS", "off".to_owned()),
        ("SEAL_KEY_FILE", files::seal_key_path(&laptop.folder).display().to_string()),
        ("AWS_ENDPOINT_URL_STS", sts.url()),
        ("AWS_ENDPOINT_URL_KMS", kms.url()),
    ]
}

fn tickets(laptop: &Laptop) -> (&'static str, String) {
    ("TICKET_KEYS", laptop.ticket_keys.clone())
}

fn with<const N: usize>(mut settings: BTreeMap<String, String>, more: [(&str, String); N]) -> BTreeMap<String, String> {
    settings.extend(map(more));
    settings
}

fn map<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
