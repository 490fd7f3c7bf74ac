use auth::time::Timestamp;
use serde_json::{Value, json};

use super::lines::{about, kept};
use super::tale::{Seen, tell};

const AT: Seen = Seen { followed: false, now: Timestamp::from_seconds(1_790_000_010) };

fn line(reference: &str, approval: Option<&str>, time: u64) -> Value {
    json!({"event": "audit", "function": "okta-groups", "record": {
        "time": time, "status_code": "access_denied", "status_detail": "mandate: the check was answered with no",
        "api": {"operation": "list_groups"}, "actor": {"app_uid": "AGENT12345", "user": {"uid": "who-hash"}},
        "unmapped": {
            "reference": reference, "approval": approval, "agent_alias": "ALIAS67890", "decision": "denied",
            "check": {"relation": "read_okta", "object_type": "okta", "model_id": "01H"},
            "keycard": {"session_name": "mandate-00", "access_key_ids": ["ASIA1"]},
            "reached": [{"name": "okta", "status": 403}],
        },
    }})
}

#[test]
fn records_are_found_whatever_stands_before_them_and_other_lines_are_skipped() {
    let audit = line("ABCDEFGHJKMN", None, 1).to_string();
    let exported = json!({"timestamp": 1, "message": audit});
    let text = format!(
        "START RequestId: 1\n{audit}\n2026-11-26T00:00:00+00:00 2026/11/26/[$LATEST]0 {audit}\n{exported}\n{{\"event\":\"outcome\"}}\n{{"
    );
    assert_eq!(kept(&text).len(), 3);
}

#[test]
fn a_call_about_an_approval_brings_all_that_happened_to_it_oldest_first() {
    let lines = [
        line("SECONDSECOND", Some("ABCDEFGH23456789"), 2),
        line("FIRSTFIRSTFI", Some("ABCDEFGH23456789"), 1),
        line("ANOTHERANOTH", Some("ZZZZZZZZ23456789"), 3),
    ];
    let text = lines.map(|line| line.to_string()).join("\n");
    let kept = kept(&text);
    for reference in ["SECONDSECOND", "FIRSTFIRSTFI", "ABCDEFGH23456789"] {
        let found = about(&kept, reference);
        let references: Vec<_> = found.iter().filter_map(|kept| kept.text("/unmapped/reference")).collect();
        assert_eq!(references, ["FIRSTFIRSTFI", "SECONDSECOND"], "{reference}");
    }
    assert!(about(&kept, "NOBODYNOBODY").is_empty());
}

#[test]
fn a_denied_call_is_told_with_who_what_by_which_key_and_what_to_do() {
    let kept = kept(&line("ABCDEFGHJKMN", None, 1_790_000_000_000).to_string());
    assert_eq!(
        tell(&kept[0], |hash| (hash == "who-hash").then_some("bob"), AT),
        [
            "ABCDEFGHJKMN, at 2026-09-21T14:13:20Z: the agent AGENT12345 (alias ALIAS67890) called `list_groups` of okta-groups, \
             for bob (hash who-hash).",
            "The authorizer was asked whether they may read_okta on an object of type okta. It said no, by the model 01H.",
            "AWS was used by the keycard mandate-00; CloudTrail has it by the access key ASIA1.",
            "Reached were okta, which answered 403 last.",
            "It ended in `access_denied`, because of: mandate: the check was answered with no.",
            "Next: If they should be allowed, store the tuple, or lift the stop. The record has relation and type of the object.",
        ]
    );
}

#[test]
fn of_an_approval_that_may_be_over_nobody_is_told_that_the_person_answers() {
    let mut asked = line("ABCDEFGHJKMN", Some("ABCDEFGH23456789"), 1_790_000_000_000);
    asked["record"]["status_code"] = json!("approval_pending");
    let kept = kept(&asked.to_string());
    let told = |seen| tell(&kept[0], |_| None, seen).last().unwrap().clone();
    assert!(told(AT).starts_with("Next: if nobody ended it meanwhile, as a sign-out or `mandate stop` does"));
    assert!(told(Seen { followed: true, ..AT }).contains("a later record"));
    let late = told(Seen { now: Timestamp::from_seconds(1_790_000_331), ..AT });
    assert!(late.starts_with("It is over") && !late.contains("answers"), "{late}");
}
