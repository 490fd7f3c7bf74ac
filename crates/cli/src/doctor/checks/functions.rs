//! The functions, as Lambda has them.

mod alike;

use serde_json::{Map, Value};

use super::super::evidence::{Evidence, WEB};
use super::super::finding::{Finding, Judged, Told, text};
use crate::laptop::gateway::INTERCEPTOR;

/// Settings without which these would not start.
fn needs(function: &str) -> &'static [&'static str] {
    match function {
        "fga-authorizer" => &["FGA_API_URL", "FGA_STORE_ID", "FGA_AUTHORIZATION_MODEL_ID"],
        INTERCEPTOR => &["GATEWAY_ARN", "GATEWAY_ISSUERS", "GATEWAY_TOOLS", "GATEWAY_POLICIES"],
        "okta-groups" => &["AUTH0_ISSUER", "AUTH0_CLIENT_ID", "AUTH0_CONNECTION", "OKTA_DOMAIN", "TICKET_KEYS"],
        "ciba-initiator" => &["AUTH0_ISSUER", "AUTH0_CLIENT_ID", "OKTA_DOMAIN", "TICKET_KEYS", "APPROVAL_QUEUE_URL"],
        WEB => &["AUTH0_ISSUER", "AUTH0_CLIENT_ID", "AUTH0_CONNECTION", "WEB_URL", "AGENT_ID"],
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
    let environments = Environments::of(evidence)?;
    for one in &environments.read {
        let more: &[&str] = match (one.function, one.value("GATEWAY_URL")) {
            (WEB, None) => &["AGENT_ALIAS_ID"],
            (WEB, Some(_)) => &["GATEWAY_AUDIENCE", "GATEWAY_CLIENTS"],
            _ => &[],
        };
        let missing = |setting: &&&str| one.value(setting).is_none();
        if let Some(lacking) = needs(one.function).iter().chain(more).find(missing) {
            let name = one.function;
            return Err(Finding::wrong(format!("{name} lacks {lacking}"), format!("set {lacking} at {name}")));
        }
    }
    if let Some((setting, name)) = alike::differs(&evidence.given, &environments.read) {
        let mend = format!("give {setting} one value here and at every function");
        return Err(Finding::wrong(format!("{setting} is another one at {name}"), mend));
    }
    environments.all("all that they need, and the same in each".to_owned())
}

/// Whoever may read a configuration reads its environment, unless a key of one's own is before it.
pub(super) fn secrets(evidence: &Evidence) -> Judged {
    let environments = Environments::of(evidence)?;
    for Variables { function: name, own_key, variables } in &environments.read {
        for (setting, value) in *variables {
            let value = value.as_str().unwrap_or_default();
            if value.starts_with("{{resolve:") {
                let mend = format!("deploy {name} again: its secret was not filled in");
                return Err(Finding::wrong(format!("{setting} at {name} is a reference and no value"), mend));
            }
            let kept = value.is_empty() || value.starts_with("arn:") || *own_key;
            if is_secret(setting) && !kept {
                let mend = format!("set KMSKeyArn of {name} to a key of yours, or keep the secret at Secrets Manager");
                return Err(Finding::wrong(format!("{setting} stands in the open at {name}"), mend));
            }
        }
    }
    environments.all("no secret stands in the open in an environment".to_owned())
}

pub(super) fn profile(evidence: &Evidence) -> Judged {
    let ours = evidence.given.or("PROFILE", "production");
    let environments = Environments::of(evidence)?;
    for one in &environments.read {
        let (name, value) = (one.function, |setting: &str| one.value(setting));
        if [INTERCEPTOR, "fga-authorizer"].contains(&name) && value("PROFILE").is_none() {
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
    environments.all(format!("{ours} everywhere"))
}

fn is_secret(setting: &str) -> bool {
    setting.ends_with("_SECRET") || setting.ends_with("_SEED") || setting.ends_with("_TOKEN") || setting == "TICKET_KEY"
}

/// The environment of a function.
struct Variables<'a> {
    function: &'static str,
    own_key: bool,
    variables: &'a Map<String, Value>,
}

impl Variables<'_> {
    fn value(&self, setting: &str) -> Option<&str> {
        self.variables.get(setting).and_then(Value::as_str).filter(|value| !value.is_empty())
    }
}

/// The environments that were told, and a function whose was not.
struct Environments<'a> {
    read: Vec<Variables<'a>>,
    sealed: Option<&'static str>,
}

impl<'a> Environments<'a> {
    /// Whoever may not decrypt by a function's own key is told an `Error` in place of its variables:
    /// [EnvironmentResponse](https://docs.aws.amazon.com/lambda/latest/api/API_EnvironmentResponse.html).
    fn of(evidence: &'a Evidence) -> Result<Self, Finding> {
        let (mut read, mut sealed) = (Vec::new(), None);
        for (function, told) in there(evidence)? {
            match told.pointer("/Environment/Variables").and_then(Value::as_object) {
                Some(variables) => {
                    read.push(Variables { function, own_key: !text(told, "/KMSKeyArn").is_empty(), variables });
                }
                None => sealed = sealed.or(Some(function)),
            }
        }
        Ok(Self { read, sealed })
    }

    /// Content with those that were read; with the others nobody can be.
    fn all(&self, content: String) -> Judged {
        let Some(function) = self.sealed else { return Ok(content) };
        let mend = "give these credentials kms:Decrypt with the key in KMSKeyArn of the functions";
        Err(Finding::unasked(format!("the environment of {function} was not told"), mend))
    }
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
