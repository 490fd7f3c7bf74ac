use devstack::openfga::{Question, Tuple};
use serde_json::{Value, json};

use super::{Logs, Seen, function, question, tell};

fn line(function: &str, code: &str, trace: &str) -> String {
    json!({
        "event": "outcome", "function": function, "tool": "list_groups", "code": code,
        "cause": if code == "ok" { "" } else { "check: denied" }, "reference": format!("REF-{function}-{trace}"),
        "trace_id": trace, "subject": "who-hash", "agent": {"id": "A1", "alias": "L1"},
        "total_ms": 9.04, "session_ms": 1.26, "check_ms": 3.0,
    })
    .to_string()
}

fn seen() -> Seen {
    let question = Some(Tuple::new("user:x", "read_okta", "okta:groups"));
    Seen { question, told: Some("{\"error\":\"access_denied\"}".to_owned()), ending: None }
}

#[test]
fn a_denied_call_is_told_with_who_which_check_why_how_long_and_what_was_said() {
    let tool = vec![line("okta-groups", "ok", "t1"), line("okta-groups", "access_denied", "t2"), "no JSON".to_owned()];
    let authorizer = vec![line("fga-authorizer", "access_denied", "t2"), line("fga-authorizer", "ok", "t3")];
    let story = tell(&Logs { tool, authorizer, ..Logs::default() }, &seen());
    assert_eq!(
        story,
        [
            "Call REF-okta-groups-t2: agent A1 (alias L1) called the tool `list_groups` of okta-groups for the person with \
             the hash who-hash.",
            "The ticket was good. The session row was read (1.3 ms).",
            "fga-authorizer asked OpenFGA: may this person read_okta on okta:groups? The answer was no (3.0 ms); its \
             reference is REF-fga-authorizer-t2.",
            "It ended in `access_denied`, because of: check: denied.",
            "Steps: check 3.0 ms, session 1.3 ms; 9.0 ms in all.",
            "The agent was told: {\"error\":\"access_denied\"}",
        ]
    );
}

#[test]
fn a_call_that_asked_no_authorizer_has_no_sentence_about_a_check() {
    let (tool, authorizer) =
        (vec![line("okta-groups", "auth_required", "t9")], vec![line("fga-authorizer", "ok", "t1")]);
    let story = tell(&Logs { tool, authorizer, ..Logs::default() }, &seen());
    assert!(story.iter().all(|sentence| !sentence.contains("OpenFGA")), "{story:?}");
}

fn about(function: &str, code: &str, approval: &str) -> String {
    let mut line: Value = serde_json::from_str(&line(function, code, "t1")).unwrap();
    line["approval"] = json!(approval);
    line.to_string()
}

#[test]
fn a_call_that_asked_for_an_approval_is_told_with_its_name_its_code_and_what_the_worker_made_of_it() {
    let told = json!({"error": "approval_pending", "approval": {"reference": "ABCDEFGH23456789", "code": "7KQ2MX"}});
    let tool = vec![line("ciba-initiator", "approval_pending", "t1")];
    let mut logs = Logs { tool, ..Logs::default() };
    let mut seen = Seen { told: Some(told.to_string()), ..Seen::default() };
    let named = "It is about the approval ABCDEFGH23456789, which the phone shows with the code 7KQ2MX.";
    let fresh = format!("{named} No worker has looked at it yet. It has not ended yet.");
    assert!(tell(&logs, &seen).contains(&fresh), "{:?}", tell(&logs, &seen));
    let worker = [("approval_pending", "ABCDEFGH23456789"), ("ok", "ABCDEFGH23456789"), ("ok", "ZZZZZZZZ23456789")];
    logs.worker = worker.map(|(code, approval)| about("approval-worker", code, approval)).to_vec();
    seen.ending = Some("done".to_owned());
    let looked = "approval-worker has looked at it 2 times, the last time with `ok`.";
    assert!(tell(&logs, &seen).contains(&format!("{named} {looked} It has ended: done.")), "{:?}", tell(&logs, &seen));
}

#[test]
fn a_call_that_read_the_persons_own_approvals_is_not_said_to_have_acted() {
    let own = about("ciba-initiator", "ok", "ABCDEFGH23456789").replace("list_groups", "check_approval");
    let story = tell(&Logs { tool: vec![own], ..Logs::default() }, &Seen::default());
    assert!(story.contains(&"What is kept of the person's own approvals was read.".to_owned()), "{story:?}");
    assert!(story.iter().all(|sentence| !sentence.contains("mandate")), "{story:?}");
    assert!(
        story.iter().any(|sentence| sentence.starts_with("It is about the approval ABCDEFGH23456789. ")),
        "{story:?}"
    );
}

#[test]
fn the_question_is_the_one_of_the_calls_own_trace_and_the_function_that_of_the_events_group() {
    let asked = |relation: &str, trace: &str| Question {
        tuple: Tuple::new("user:x", relation, "okta:groups"),
        model: None,
        consistency: None,
        traceparent: Some(format!("00-{trace}-1-01")),
    };
    let questions = vec![asked("read_okta", "t1"), asked("unlock", "t2")];
    assert_eq!(question(questions.clone(), "t1").map(|tuple| tuple.relation).as_deref(), Some("read_okta"));
    assert_eq!(question(questions, "t3"), None);
    assert_eq!(function(&json!({"actionGroup": "okta-changes"})), "ciba-initiator");
    assert_eq!(function(&json!({"actionGroup": "okta-groups"})), "okta-groups");
}

#[test]
fn without_a_call_there_is_no_story() {
    assert_eq!(tell(&Logs::default(), &Seen::default()), ["no tool has been called yet"]);
}
