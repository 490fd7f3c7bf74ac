use devstack::openfga::Tuple;
use serde_json::json;

use super::{Seen, tell};

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
    Seen { question, told: Some("{\"error\":\"access_denied\"}".to_owned()) }
}

#[test]
fn a_denied_call_is_told_with_who_which_check_why_how_long_and_what_was_said() {
    let tool = [line("okta-groups", "ok", "t1"), line("okta-groups", "access_denied", "t2"), "no JSON".to_owned()];
    let authorizer = [line("fga-authorizer", "access_denied", "t2"), line("fga-authorizer", "ok", "t3")];
    let story = tell(&tool, &authorizer, &seen());
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
    let story = tell(&[line("okta-groups", "auth_required", "t9")], &[line("fga-authorizer", "ok", "t1")], &seen());
    assert!(story.iter().all(|sentence| !sentence.contains("OpenFGA")), "{story:?}");
}

#[test]
fn without_a_call_there_is_no_story() {
    assert_eq!(tell(&[], &[], &Seen::default()), ["no tool has been called yet"]);
}
