//! The story of a call, in plain sentences, from what the functions logged about it.

mod approval;
mod outcome;
#[cfg(test)]
mod tests;

use devstack::openfga::{Question, Tuple};
use serde_json::Value;

use self::outcome::{Outcome, last, with_trace};
use crate::approvals;
use crate::laptop::Laptop;

/// The tools that ask nobody, because they read what is the person's own.
const OWN: [&str; 2] = ["check_approval", "list_approvals"];

/// What is known of a call beside the logs.
#[derive(Default)]
pub(crate) struct Seen {
    /// The question that OpenFGA was asked for it.
    pub(crate) question: Option<Tuple>,
    /// The text of the function's answer.
    pub(crate) told: Option<String>,
    /// How the approval ended that it was about.
    pub(crate) ending: Option<String>,
}

/// What the functions logged.
#[derive(Default)]
pub(crate) struct Logs {
    pub(crate) tool: Vec<String>,
    pub(crate) authorizer: Vec<String>,
    pub(crate) worker: Vec<String>,
}

/// The story of the last call that the function took whose tool the agent called last.
pub(crate) async fn of_last_call(laptop: &Laptop) -> Vec<String> {
    let stack = &laptop.stack;
    let exchange = stack.bedrock.last();
    let function = exchange.as_ref().map_or("okta-groups", |exchange| function(&exchange.event));
    let log = |name| stack.lambda.logs(name);
    let logs = Logs { tool: log(function), authorizer: log("fga-authorizer"), worker: log("approval-worker") };
    let mut seen = Seen { told: exchange.and_then(|exchange| told(&exchange.answer)), ..Seen::default() };
    if let Some(call) = last(&logs.tool) {
        // A worker asks OpenFGA beside the calls, so the last question of all may be its.
        seen.question = question(stack.openfga.questions(), call.text("trace_id"));
        if let Some(named) = approval::named(&call, seen.told.as_deref()) {
            seen.ending = approvals::ended(laptop, &named.reference).await.map(|ended| ended.ending);
        }
    }
    tell(&logs, &seen)
}

/// Which function answers for the action group of an event.
fn function(event: &Value) -> &'static str {
    match event.get("actionGroup").and_then(Value::as_str) {
        Some("okta-changes") => "ciba-initiator",
        _ => "okta-groups",
    }
}

fn question(questions: Vec<Question>, trace_id: &str) -> Option<Tuple> {
    let traced = |question: &Question| question.traceparent.as_ref().is_some_and(|parent| parent.contains(trace_id));
    questions.into_iter().rev().find(traced).map(|question| question.tuple)
}

/// The text that an answer of a door carries.
pub(crate) fn told(answer: &Value) -> Option<String> {
    let body = answer
        .pointer("/response/functionResponse/responseBody/TEXT/body")
        .or_else(|| answer.pointer("/response/responseBody/application~1json/body"));
    body.and_then(Value::as_str).map(str::to_owned)
}

/// The story of the last outcome in the tool's log; the authorizer's part of it is found by the trace id.
fn tell(logs: &Logs, seen: &Seen) -> Vec<String> {
    let Some(call) = last(&logs.tool) else {
        return vec!["no tool has been called yet".to_owned()];
    };
    let check = with_trace(&logs.authorizer, call.text("trace_id"));
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
    let named = approval::named(&call, seen.told.as_deref());
    story.extend(named.map(|named| named.story(&logs.worker, seen.ending.as_deref())));
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
        ("ok", _) if OWN.contains(&call.text("tool")) => {
            "What is kept of the person's own approvals was read.".to_owned()
        }
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
