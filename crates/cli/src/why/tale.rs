//! A record in sentences.

use auth::time::Timestamp;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::lines::Kept;
use crate::errors::remedy_of;

/// The longest that a person has to answer, and that somebody may take to end what nobody answered, in seconds.
const LONGEST_OPEN: u64 = 300 + 30;

/// From when a record is looked at.
#[derive(Clone, Copy)]
pub(super) struct Seen {
    /// Whether a later record is about the same approval.
    pub(super) followed: bool,
    /// The time.
    pub(super) now: Timestamp,
}

/// The story of one record. `name` knows some people by the hash of their subject.
pub(super) fn tell(kept: &Kept, name: impl Fn(&str) -> Option<&'static str>, seen: Seen) -> Vec<String> {
    let mut tale = vec![who(kept, name), asked(kept)];
    tale.extend(keycard(kept));
    tale.extend(reached(kept));
    tale.push(ended(kept));
    if let Some(approval) = kept.text("/unmapped/approval") {
        tale.push(format!("It is about the approval {approval}."));
    }
    let code = kept.text("/status_code").unwrap_or_default();
    let exact = kept.text("/status_detail").and_then(|cause| remedy_of(code, cause));
    tale.push(match exact {
        _ if code == "approval_pending" => waits(kept, seen).to_owned(),
        Some(remedy) => format!("Next: {remedy}"),
        None => next(code).to_owned(),
    });
    tale
}

fn who(kept: &Kept, name: impl Fn(&str) -> Option<&'static str>) -> String {
    let reference = kept.text("/unmapped/reference").unwrap_or("without a reference");
    let (tool, function) = (kept.text("/api/operation").unwrap_or("unknown"), &kept.function);
    let by =
        match (kept.text("/actor/app_uid"), kept.text("/unmapped/agent_alias"), kept.text("/src_endpoint/svc_name")) {
            (Some(agent), _, Some("sqs.amazonaws.com")) => {
                format!("{function} was handed a message about `{tool}`, for which the agent {agent} had asked,")
            }
            (Some(agent), alias, _) => {
                format!("the agent {agent} (alias {}) called `{tool}` of {function},", alias.unwrap_or("unknown"))
            }
            (None, _, Some("sqs.amazonaws.com")) => format!("{function} was handed a message about `{tool}`,"),
            (None, _, _) => format!("somebody whom no ticket confirms called `{tool}` of {function},"),
        };
    let whom = match kept.text("/actor/user/uid") {
        Some(subject) => match name(subject) {
            Some(name) => format!("{name} (hash {subject})"),
            None => format!("the person with the hash {subject}"),
        },
        None => "nobody who is known".to_owned(),
    };
    format!("{reference}, at {}: {by} for {whom}.", when(&kept.record))
}

fn when(record: &Value) -> String {
    let seconds = record.get("time").and_then(Value::as_i64).map(|milliseconds| milliseconds / 1000);
    let time = seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    time.and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_else(|| "an unknown time".to_owned())
}

fn asked(kept: &Kept) -> String {
    let relation = kept.text("/unmapped/check/relation").unwrap_or("unknown");
    let kind = kept.text("/unmapped/check/object_type").unwrap_or("unknown");
    let model = kept.text("/unmapped/check/model_id").unwrap_or("unknown");
    let question = format!("The authorizer was asked whether they may {relation} on an object of type {kind}");
    match kept.text("/unmapped/decision") {
        Some("allowed") => format!("{question}. It said yes, by the model {model}."),
        Some("denied") => format!("{question}. It said no, by the model {model}."),
        Some("unanswered") => format!("{question}. There was no answer that counts."),
        _ => "The authorizer was not asked.".to_owned(),
    }
}

fn keycard(kept: &Kept) -> Option<String> {
    let session = kept.text("/unmapped/keycard/session_name")?;
    let keys = texts(kept.record.pointer("/unmapped/keycard/access_key_ids"));
    Some(format!(
        "AWS was used by the keycard {session}; CloudTrail has it by the access key {}.",
        keys.join(", then ")
    ))
}

fn texts(list: Option<&Value>) -> Vec<&str> {
    list.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

fn reached(kept: &Kept) -> Option<String> {
    let reached = kept.record.pointer("/unmapped/reached").and_then(Value::as_array)?;
    let one = |reached: &Value| {
        let name = reached.get("name").and_then(Value::as_str).unwrap_or("unknown");
        match reached.get("status").and_then(Value::as_u64) {
            Some(status) => format!("{name}, which answered {status} last"),
            None => format!("{name}, which gave no whole answer"),
        }
    };
    let all: Vec<String> = reached.iter().map(one).collect();
    (!all.is_empty()).then(|| format!("Reached were {}.", all.join("; ")))
}

fn ended(kept: &Kept) -> String {
    let code = kept.text("/status_code").unwrap_or("unknown");
    match kept.text("/status_detail") {
        Some(cause) => format!("It ended in `{code}`, because of: {cause}."),
        None => format!("It ended in `{code}`."),
    }
}

/// What can be done about it, for each public code.
fn next(code: &str) -> &'static str {
    match code {
        "ok" => "Nothing is left to do.",
        "auth_required" => {
            "Next: the person signs in again. If they just did, compare agent, alias and session of event and ticket."
        }
        "reconnect_required" => "Next: the person connects their Okta account again.",
        "access_denied" => {
            "Next: if they should be allowed, grant the relation in OpenFGA, or the right in Okta that the cause names."
        }
        "approval_denied" => "Nothing is left to do: the person declined. They may ask again.",
        "approval_expired" => "Next: the person asks again, and answers in time.",
        "busy" => "Next: ask again in a while.",
        "unavailable" => {
            "Next: look at the service that the cause names, then ask again. For a change, look first whether it was done."
        }
        "invalid_input" => "Next: ask again with the argument that the cause names.",
        _ => "Next: look at the function's settings and its log around this time.",
    }
}

/// What a sign-out, a stop, or whoever found it overdue ended has no record of that: only its outcome in the table.
fn waits(kept: &Kept, Seen { followed, now }: Seen) -> &'static str {
    let asked = kept.record.get("time").and_then(Value::as_u64).unwrap_or_default() / 1000;
    if followed {
        "Next: see below, since there is a later record of this approval."
    } else if now.seconds() > asked.saturating_add(LONGEST_OPEN) {
        "It is over, and this log does not say how: give the worker's log too. A sign-out, `mandate stop`, or whoever found it \
         overdue ends an approval without a record; `check_approval` tells its person for seven days."
    } else {
        "Next: if nobody ended it meanwhile, as a sign-out or `mandate stop` does without a record, the person answers on their \
         phone; then the worker writes the next record of this approval."
    }
}
