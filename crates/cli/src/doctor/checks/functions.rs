//! The functions, as Lambda has them.

use serde_json::{Map, Value};

use super::super::evidence::Evidence;
use super::super::finding::{Finding, Judged, Told, text};
use crate::laptop::gateway::INTERCEPTOR;

/// Settings that must be the same in every function that has them.
const SHARED: [&str; 14] = [
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
];

/// Settings without which these would not start.
fn needs(function: &str) -> &'static [&'static str] {
    match function {
        "fga-authorizer" => &["FGA_API_URL", "FGA_STORE_ID", "FGA_AUTHORIZATION_MODEL_ID"],
        INTERCEPTOR => &["GATEWAY_ARN", "GATEWAY_ISSUERS", "GATEWAY_TOOLS", "GATEWAY_POLICIES"],
        "okta-groups" => &["AUTH0_ISSUER", "AUTH0_CLIENT_ID", "AUTH0_CONNECTION", "OKTA_DOMAIN", "TICKET_KEYS"],
        "ciba-initiator" => &["AUTH0_ISSUER", "AUTH0_CLIENT_ID", "OKTA_DOMAIN", "TICKET_KEYS", "APPROVAL_QUEUE_URL"],
        _ => &["AUTH0_ISSUER", "AUTH0_CLIENT_ID", "OKTA_DOMAIN", "APPROVAL_QUEUE_URL"],
    }
}

/// The shortest time-out that leaves each the time it counts on, in seconds.
fn least_seconds(function: &str) -> u64 {
    if ["fga-authorizer", INTERCEPTOR].contains(&function) { 10 } else { 30 }
}

pub(super) fn exist(evidence: &Evidence) -> Judged {
    for (name, told) in &evidence.account.functions {
        let told = told.or_wrong(
            format!("there is no function {name}"),
            "deploy it, or set FUNCTION_PREFIX to what stands before its name",
        )?;
        if !matches!(text(told, "/State"), "Active" | "") {
            return Err(Finding::wrong(
                format!("{name} is not active"),
                "wait until it is, or look at it in the console",
            ));
        }
    }
    Ok(names(evidence))
}

pub(super) fn time_outs(evidence: &Evidence) -> Judged {
    for (name, told) in there(evidence)? {
        let (given, least) = (told.get("Timeout").and_then(Value::as_u64).unwrap_or(0), least_seconds(name));
        if given < least {
            return Err(Finding::wrong(
                format!("{name} may run for {given} s only"),
                format!("set its time-out to {least} s"),
            ));
        }
    }
    Ok("each has the time that it counts on".to_owned())
}

pub(super) fn settings(evidence: &Evidence) -> Judged {
    for (name, told) in there(evidence)? {
        let variables = variables(told);
        if let Some(lacking) =
            needs(name).iter().find(|setting| variables.get(**setting).is_none_or(|value| value == ""))
        {
            return Err(Finding::wrong(format!("{name} lacks {lacking}"), format!("set {lacking} at {name}")));
        }
        for setting in SHARED {
            let (Some(ours), Some(theirs)) = (evidence.given.get(setting), variables.get(setting)) else { continue };
            if theirs.as_str() != Some(ours.as_str()) {
                let mend = format!("give {setting} one value here and at {name}");
                return Err(Finding::wrong(format!("{setting} is another one at {name}"), mend));
            }
        }
    }
    Ok("all that they need, and the same in each".to_owned())
}

/// Whoever may read a configuration reads its environment, unless a key of one's own is before it.
pub(super) fn secrets(evidence: &Evidence) -> Judged {
    for (name, told) in there(evidence)? {
        let own_key = !text(told, "/KMSKeyArn").is_empty();
        for (setting, value) in variables(told) {
            let value = value.as_str().unwrap_or_default();
            if value.starts_with("{{resolve:") {
                let mend = format!("deploy {name} again: its secret was not filled in");
                return Err(Finding::wrong(format!("{setting} at {name} is a reference and no value"), mend));
            }
            let kept = value.is_empty() || value.starts_with("arn:") || own_key;
            if is_secret(&setting) && !kept {
                let mend = format!("set KMSKeyArn of {name} to a key of yours, or keep the secret at Secrets Manager");
                return Err(Finding::wrong(format!("{setting} stands in the open at {name}"), mend));
            }
        }
    }
    Ok("no secret stands in the open in an environment".to_owned())
}

pub(super) fn profile(evidence: &Evidence) -> Judged {
    let ours = evidence.given.or("PROFILE", "production");
    for (name, told) in there(evidence)? {
        let variables = variables(told);
        let value = |setting: &str| variables.get(setting).and_then(Value::as_str).filter(|value| !value.is_empty());
        if [INTERCEPTOR, "fga-authorizer"].contains(&name) {
            continue;
        }
        if value("PROFILE").unwrap_or("production") != ours {
            return Err(Finding::wrong(
                format!("{name} has another PROFILE"),
                format!("set PROFILE={ours} at {name}, or look at the right settings"),
            ));
        }
        let weaker =
            [("KEYCARDS", value("KEYCARDS") == Some("off")), ("SEAL_KEY_FILE", value("SEAL_KEY_FILE").is_some())];
        if let Some((setting, _)) = weaker.into_iter().find(|(_, is)| *is && ours != "laptop") {
            return Err(Finding::wrong(format!("{name} is weakened by {setting}"), format!("take {setting} away")));
        }
    }
    Ok(format!("{ours} everywhere"))
}

fn is_secret(setting: &str) -> bool {
    setting.ends_with("_SECRET") || setting.ends_with("_SEED") || setting.ends_with("_TOKEN") || setting == "TICKET_KEY"
}

fn variables(told: &Value) -> Map<String, Value> {
    told.pointer("/Environment/Variables").and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Those that are there; nothing to look at if none is.
fn there(evidence: &Evidence) -> Result<Vec<(&'static str, &Value)>, Finding> {
    let mut there = Vec::new();
    for (name, told) in &evidence.account.functions {
        match told {
            Told::Answer(told) => there.push((*name, told)),
            Told::Absent => {}
            Told::Nothing(finding) => return Err(finding.clone()),
        }
    }
    if there.is_empty() { Err(Finding::unasked("there are no functions", "mend functions.exist")) } else { Ok(there) }
}

fn names(evidence: &Evidence) -> String {
    evidence.account.functions.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}
