//! The story of a call, in plain sentences, from what the functions logged about it.

mod outcome;
#[cfg(test)]
mod tests;

use devstack::openfga::Tuple;
use serde_json::Value;

use self::outcome::{Outcome, last, with_trace};
use crate::laptop::Laptop;

/// What is known of a call beside the log.
#[derive(Default)]
pub(crate) struct Seen {
    /// The last question that OpenFGA was asked.
    pub(crate) question: Option<Tuple>,
    /// The text of the function's answer.
    pub(crate) told: Option<String>,
}

/// The story of the last call that `okta-groups` took.
pub(crate) fn of_last_call(laptop: &Laptop) -> Vec<String> {
    let stack = &laptop.stack;
    let seen = Seen {
        question: stack.openfga.questions().pop().map(|question| question.tuple),
        told: stack.bedrock.last().as_ref().and_then(|exchange| told(&exchange.answer)),
    };
    tell(&stack.lambda.logs("okta-groups"), &stack.lambda.logs("fga-authorizer"), &seen)
}

/// The text that an answer of a door carries.
pub(crate) fn told(answer: &Value) -> Option<String> {
    let body = answer
        .pointer("/response/functionResponse/responseBody/TEXT/body")
        .or_else(|| answer.pointer("/response/responseBody/application~1json/body"));
    body.and_then(Value::as_str).map(str::to_owned)
}

/// The story of the last outcome in `tool_log`; the authorizer's part of it is found by the trace id.
fn tell(tool_log: &[String], authorizer_log: &[String], seen: &Seen) -> Vec<String> {
    let Some(call) = last(tool_log) else {
        return vec!["no tool has been called yet".to_owned()];
    };
    let check = with_trace(authorizer_log, call.text("trace_id"));
    let mut story = vec![format!("Call {}: {}.", call.text("reference"), who(&call))];
    if call.took("session").is_none() {
        story.push("It got no further than its envelope, arguments and ticket: nothing was read.".to_owned());
    } else {
        story.push(format!("The ticket was good. The session row was read{}.", took(&call, "session")));
    }
    if let Some(check) = check {
        story.push(asked(&call, &check, seen.question.as_ref()));
    }
    story.push(ended(&call));
    story.extend(steps(&call));
    if let Some(told) = &seen.told {
        story.push(format!("The agent was told: {told}"));
    }
    story
}

fn who(call: &Outcome) -> String {
    let agent = match (call.at("/agent/id"), call.at("/agent/alias")) {
        (Some(id), Some(alias)) => format!("agent {id} (alias {alias})"),
        _ => "an agent that did not name itself".to_owned(),
    };
    let person = match call.at("/subject") {
        Some(hash) => format!("the person with the hash {hash}"),
        None => "nobody: no good ticket says for whom".to_owned(),
    };
    format!("{agent} called the tool `{}` of {} for {person}", call.text("tool"), call.text("function"))
}

fn asked(call: &Outcome, check: &Outcome, question: Option<&Tuple>) -> String {
    let question = question.map_or_else(
        || "the check".to_owned(),
        |tuple| format!("may this person {} on {}", tuple.relation, tuple.object),
    );
    let decision = match check.text("code") {
        "ok" => "yes".to_owned(),
        "access_denied" => "no".to_owned(),
        code => format!("nothing that counts as yes ({code})"),
    };
    let reference = check.text("reference");
    format!(
        "{} asked OpenFGA: {question}? The answer was {decision}{}; its reference is {reference}.",
        check.text("function"),
        took(call, "check")
    )
}

fn ended(call: &Outcome) -> String {
    match (call.text("code"), call.at("/cause")) {
        ("ok", _) => "A mandate was issued, and the tool acted as this person.".to_owned(),
        (code, Some(cause)) if !cause.is_empty() => format!("It ended in `{code}`, because of: {cause}."),
        (code, _) => format!("It ended in `{code}`."),
    }
}

fn steps(call: &Outcome) -> Option<String> {
    let steps = call.steps();
    let total = call.took("total")?;
    let listed: Vec<String> = steps.iter().map(|(name, took)| format!("{name} {took:.1} ms")).collect();
    Some(format!("Steps: {}; {total:.1} ms in all.", listed.join(", ")))
}

fn took(call: &Outcome, step: &str) -> String {
    call.took(step).map(|took| format!(" ({took:.1} ms)")).unwrap_or_default()
}
