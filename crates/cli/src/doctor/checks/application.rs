//! What only the Management API tells: the application, its connection, the second factor.

use serde_json::Value;
use url::Url;

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged, text, texts};

/// As Auth0 names them in `grant_types`.
const VAULT: &str = "urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token";
const CIBA: &str = "urn:openid:params:grant-type:ciba";
/// Where the web application is sent back to.
const CALLBACKS: [&str; 2] = ["callback", "accounts/callback"];

fn application(evidence: &Evidence) -> Result<&Value, Finding> {
    evidence
        .tenant
        .application
        .or_wrong("the tenant has no application AUTH0_CLIENT_ID", "set AUTH0_CLIENT_ID to its client id")
}

/// Token Vault and CIBA want a first-party, confidential, OIDC-conformant application.
pub(super) fn kind(evidence: &Evidence) -> Judged {
    let application = application(evidence)?;
    let is = |name: &str| application.get(name).and_then(Value::as_bool) == Some(true);
    if !is("is_first_party") {
        return Err(Finding::wrong(
            "the application is a third party's",
            "make it in the tenant itself, as a regular web application",
        ));
    }
    if !is("oidc_conformant") {
        return Err(Finding::wrong(
            "the application is not OIDC conformant",
            "switch OIDC Conformant on (advanced settings)",
        ));
    }
    if matches!(text(application, "/token_endpoint_auth_method"), "" | "none") {
        return Err(Finding::wrong("the application has no secret", "make it confidential: a regular web application"));
    }
    Ok("first party, OIDC conformant, confidential".to_owned())
}

fn has(evidence: &Evidence, wanted: &[&str], mend: &str) -> Judged {
    let application = application(evidence).map_err(only_once)?;
    let granted = texts(application.get("grant_types"));
    let lacking: Vec<&str> = wanted.iter().filter(|grant| !granted.contains(grant)).copied().collect();
    if lacking.is_empty() {
        return Ok(wanted.join(", "));
    }
    Err(Finding::wrong(format!("the application lacks {}", lacking.join(", ")), mend))
}

/// That there is no application is another line's finding.
fn only_once(finding: Finding) -> Finding {
    match finding {
        Finding::Wrong(_) => Finding::unasked("there is no application", "mend auth0.application"),
        other @ (Finding::Unasked(_) | Finding::Unused(_)) => other,
    }
}

pub(super) fn grants(evidence: &Evidence) -> Judged {
    has(evidence, &["authorization_code", "refresh_token"], "switch these grants on (advanced settings, Grant Types)")
}

pub(super) fn vault(evidence: &Evidence) -> Judged {
    has(evidence, &[VAULT], "switch the grant Token Vault on (advanced settings, Grant Types)")
}

pub(super) fn ciba(evidence: &Evidence) -> Judged {
    has(evidence, &[CIBA], "switch the grant Client Initiated Backchannel Authentication (CIBA) on")
}

pub(super) fn channel(evidence: &Evidence) -> Judged {
    let application = application(evidence).map_err(only_once)?;
    let channels = texts(application.get("async_approval_notification_channels"));
    if channels.contains(&"guardian-push") {
        return Ok(channels.join(", "));
    }
    let mend = "add `guardian-push` to `async_approval_notification_channels` of the application";
    Err(Finding::wrong("approvals are not sent as a push", mend))
}

/// Token Vault demands it.
pub(super) fn rotation(evidence: &Evidence) -> Judged {
    let application = application(evidence).map_err(only_once)?;
    if text(application, "/refresh_token/rotation_type") == "rotating" {
        return Err(Finding::wrong(
            "refresh tokens rotate, which Token Vault does not take",
            "switch Refresh Token Rotation off",
        ));
    }
    Ok("refresh tokens do not rotate".to_owned())
}

/// Byte for byte.
pub(super) fn callbacks(evidence: &Evidence) -> Judged {
    let web = evidence.given.get("WEB_URL").and_then(|text| Url::parse(&text).ok());
    let Some(web) = web else { return Err(Finding::Unused("no web application is set up (WEB_URL)")) };
    let application = application(evidence).map_err(only_once)?;
    let known = texts(application.get("callbacks"));
    let wanted = CALLBACKS.iter().filter_map(|path| web.join(path).ok()).map(String::from);
    let lacking: Vec<String> = wanted.filter(|url| !known.contains(&url.as_str())).collect();
    if lacking.is_empty() {
        return Ok(format!("both addresses of {web} are allowed"));
    }
    let mend = format!("add {} to Allowed Callback URLs, byte for byte", lacking.join(" and "));
    Err(Finding::wrong("the application may not send people back to the web application", mend))
}

fn found(evidence: &Evidence) -> Result<Option<&Value>, Finding> {
    let listed = evidence.tenant.connections.there()?.as_array();
    let name = evidence.given.or("AUTH0_CONNECTION", "");
    Ok(listed.into_iter().flatten().find(|one| text(one, "/name") == name))
}

fn known(evidence: &Evidence) -> Result<&Value, Finding> {
    found(evidence)?.ok_or_else(|| Finding::unasked("there is no connection", "mend auth0.connection"))
}

pub(super) fn connection(evidence: &Evidence) -> Judged {
    let Some(connection) = found(evidence)? else {
        return Err(Finding::wrong(
            "the tenant has no connection AUTH0_CONNECTION",
            "set AUTH0_CONNECTION to its name",
        ));
    };
    let client = evidence.given.or("AUTH0_CLIENT_ID", "");
    let clients = connection.get("enabled_clients");
    if clients.is_some() && !texts(clients).contains(&client.as_str()) {
        return Err(Finding::wrong(
            "the connection is not switched on for the application",
            "switch it on (connection, Applications)",
        ));
    }
    Ok(format!("`{}`, of the strategy {}", text(connection, "/name"), text(connection, "/strategy")))
}

pub(super) fn connected_accounts(evidence: &Evidence) -> Judged {
    let active = known(evidence)?.pointer("/connected_accounts/active").and_then(Value::as_bool);
    if active == Some(true) {
        return Ok("accounts can be connected for Token Vault".to_owned());
    }
    let mend = "switch Connected Accounts for Token Vault on (connection, Purpose)";
    Err(Finding::wrong("the connection fills no vault", mend))
}

/// A list of texts, or one text with spaces: connections of each strategy have their own form.
pub(super) fn connection_scopes(evidence: &Evidence) -> Judged {
    let scope = known(evidence)?.pointer("/options/scope");
    let scopes = match scope.and_then(Value::as_str) {
        Some(text) => text.split_whitespace().collect(),
        None => texts(scope),
    };
    let by_claim = evidence.given.get("GROUPS_SOURCE").as_deref() == Some("claim");
    let wanted = ["offline_access", if by_claim { "groups" } else { "okta.users.read" }];
    let lacking: Vec<&str> = wanted.into_iter().filter(|scope| !scopes.contains(scope)).collect();
    if lacking.is_empty() {
        return Ok(wanted.join(", "));
    }
    Err(Finding::wrong(
        format!("the connection does not ask for {}", lacking.join(", ")),
        "add these to the connection's scopes",
    ))
}

/// The vault's exchange fails where every sign-in needs a second factor.
pub(super) fn mfa_policy(evidence: &Evidence) -> Judged {
    if texts(Some(evidence.tenant.policies.there()?)).contains(&"all-applications") {
        let mend = "set Security, Multi-factor Auth, to Never, and let an Action enrol people";
        return Err(Finding::wrong("the tenant asks for a second factor always, and Token Vault then fails", mend));
    }
    Ok("not Always".to_owned())
}

pub(super) fn push_factor(evidence: &Evidence) -> Judged {
    let factors = evidence.tenant.factors.there()?.as_array();
    let push = factors.into_iter().flatten().find(|factor| text(factor, "/name") == "push-notification");
    if push.and_then(|factor| factor.get("enabled")?.as_bool()) == Some(true) {
        return Ok("push notifications are on".to_owned());
    }
    Err(Finding::wrong(
        "nobody can approve on a phone",
        "switch Push Notification using Auth0 Guardian on (Security, Multi-factor Auth)",
    ))
}
