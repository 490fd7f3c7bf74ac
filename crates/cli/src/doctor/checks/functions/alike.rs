//! Settings that must say the same to every function that reads them.

use super::super::super::evidence::WEB;
use super::super::super::given::Given;
use super::Variables;
use crate::fga::rights::ASKS;

/// Those that have no usual value: compared where they are set.
const SHARED: [&str; 16] = [
    "AUTH0_ISSUER",
    "AUTH0_CLIENT_ID",
    "AUTH0_CONNECTION",
    "OKTA_DOMAIN",
    "SESSION_TABLE_NAME",
    "APPROVAL_TABLE_NAME",
    "SEAL_KEY_ARN",
    "KEYCARD_ROLE_ARN",
    "FGA_API_URL",
    "FGA_STORE_ID",
    "FGA_AUTHORIZATION_MODEL_ID",
    "APPROVAL_QUEUE_URL",
    "TICKET_KEYS",
    "GATEWAY_ARN",
    "GATEWAY_ISSUERS",
    "WEB_URL",
];

const SIGNED_IN: &[&str] = &["okta-groups", "ciba-initiator", "approval-worker", WEB];
const TOOLS: &[&str] = &["okta-groups", "ciba-initiator", "approval-worker"];
const CHANGES: &[&str] = &["ciba-initiator", "approval-worker"];
const GROUPS: &[&str] = &["okta-groups"];

/// A setting, who reads it, and what it is where it is not set.
type Usual = (&'static str, &'static [&'static str], &'static str);

/// The initiator asks and the worker does: where they differ, what was approved is not what is done.
const WITH_USUAL: [Usual; 13] = [
    ("PASSWORD_RESET", CHANGES, "simulate"),
    ("FGA_USER_CLAIM", TOOLS, "sub"),
    ("FGA_EMAIL_CONNECTIONS", TOOLS, ""),
    ("SEAL_OLD_KEY_ARNS", SIGNED_IN, ""),
    ("OIDC_ISSUER", SIGNED_IN, ""),
    ("OIDC_AUTHORIZE_PATH", SIGNED_IN, "authorize"),
    ("OIDC_TOKEN_PATH", SIGNED_IN, "oauth/token"),
    ("OIDC_REVOKE_PATH", SIGNED_IN, "oauth/revoke"),
    ("OIDC_CIBA_PATH", SIGNED_IN, "bc-authorize"),
    ("OIDC_JWKS_PATH", SIGNED_IN, ".well-known/jwks.json"),
    ("OIDC_LOGOUT_PATH", &[WEB], ""),
    ("OIDC_LOGIN_HINT", SIGNED_IN, "iss_sub"),
    ("OIDC_BINDING_MESSAGE", SIGNED_IN, "sentence"),
];

/// The first setting that is not everywhere the same, and a function where it is another than here; where it is not set here,
/// than at the first function.
pub(super) fn differs(given: &Given, functions: &[Variables<'_>]) -> Option<(&'static str, &'static str)> {
    let shared = SHARED.into_iter().find_map(|setting| {
        let told = functions.iter().filter_map(|one| Some((one.function, one.value(setting)?)));
        differing(given, setting, told)
    });
    let relations = ASKS.into_iter().flat_map(|(tool, _, [relation, usual, object, usual_object])| {
        let readers = if tool == "list_groups" { GROUPS } else { CHANGES };
        [(relation, readers, usual), (object, readers, usual_object)]
    });
    shared.or_else(|| {
        WITH_USUAL.into_iter().chain(relations).find_map(|(setting, readers, usual)| {
            let reading = functions.iter().filter(|one| readers.contains(&one.function));
            differing(given, setting, reading.map(|one| (one.function, one.value(setting).unwrap_or(usual))))
        })
    })
}

fn differing<'a>(
    given: &Given,
    setting: &'static str,
    mut told: impl Iterator<Item = (&'static str, &'a str)>,
) -> Option<(&'static str, &'static str)> {
    let ours = match given.get(setting) {
        Some(ours) => ours,
        None => told.next()?.1.to_owned(),
    };
    told.find(|(_, theirs)| *theirs != ours).map(|(function, _)| (setting, function))
}
