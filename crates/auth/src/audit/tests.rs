use serde_json::{Value, json};

use super::{Activity, Asked, Reached, Record, Source, Upstream, UsedKeycards};
use crate::canonical::ArgumentsHash;
use crate::decision::{Check, Decision};
use crate::id::{Agent, Organization, Reference, SessionReference};
use crate::refusal::Code;
use crate::time::Timestamp;

fn decision(allowed: bool) -> Decision {
    let check = Check::new("alice@example.com", "read_groups", "okta_user:bob@example.com").unwrap();
    let reason = if allowed { "allowed" } else { "denied" };
    let reply = json!({"statusCode": 200, "isAuthorized": allowed, "reason": reason, "modelId": "01H", "check": check});
    Decision::from_reply(check, reply.to_string().as_bytes()).unwrap()
}

fn bare(reference: &Reference) -> Record<'_> {
    Record {
        at: Timestamp::from_seconds(1_790_000_000).into(),
        reference,
        trace_id: "0af7651916cd43dd8448eb211c80319c",
        tool: "unknown",
        activity: Activity::Unknown,
        source: Source::Invocation,
        code: Some(Code::Internal),
        cause: Some("handler: panicked in [act]"),
        agent: None,
        subject: None,
        session: None,
        organization: None,
        asked: None,
        approval: None,
        arguments: None,
        keycards: None,
        reached: &[],
    }
}

/// Every member that the class and its objects require, by its pointer.
const REQUIRED: [&str; 12] = [
    "/activity_id",
    "/category_uid",
    "/class_uid",
    "/severity_id",
    "/time",
    "/type_uid",
    "/metadata/version",
    "/metadata/product/vendor_name",
    "/actor/app_name",
    "/api/operation",
    "/api/request/uid",
    "/src_endpoint/svc_name",
];

#[test]
fn a_record_of_a_call_that_nothing_is_known_of_has_all_that_the_class_requires() {
    let reference = Reference::of_request("r-1");
    let record = bare(&reference).ocsf();
    for pointer in REQUIRED {
        assert!(record.pointer(pointer).is_some_and(|value| !value.is_null()), "{pointer}: {record}");
    }
    assert_eq!((&record["class_uid"], &record["type_uid"]), (&json!(6003), &json!(600_300)));
    assert_eq!(record["time"], 1_790_000_000_000_u64);
    assert_eq!((&record["status_id"], &record["severity_id"]), (&json!(2), &json!(3)));
    assert_eq!(record["unmapped"]["decision"], "not_asked");
    assert_eq!(record["status_detail"], "handler: panicked in [act]");
}

#[test]
fn a_record_of_a_whole_call_says_who_what_and_how_by_hashes() {
    let reference = Reference::of_request("r-1");
    let (agent, organization) =
        (Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() }, Organization("org_acme".to_owned()));
    let (session, asked) = (SessionReference::parse("2f0d7a9e").unwrap().hash(), Asked::answered(&decision(true)));
    let arguments = ArgumentsHash::of(&json!({"user": "bob@example.com"})).unwrap();
    let used = UsedKeycards {
        session_name: "mandate-00".to_owned(),
        access_key_ids: vec!["ASIA1".to_owned(), "ASIA2".to_owned()],
    };
    let reached =
        [Reached { upstream: Upstream::Auth0, status: Some(200) }, Reached { upstream: Upstream::Okta, status: None }];
    let record = Record {
        tool: "list_groups",
        activity: Activity::Read,
        code: None,
        cause: None,
        agent: Some(&agent),
        subject: Some("hash-of-the-subject"),
        session: Some(&session),
        organization: Some(&organization),
        asked: Some(&asked),
        arguments: Some(&arguments),
        keycards: Some(&used),
        reached: &reached,
        ..bare(&reference)
    };
    let record = record.ocsf();
    assert_eq!((&record["type_uid"], &record["status_code"]), (&json!(600_302), &json!("ok")));
    assert_eq!(record["actor"]["user"]["uid"], "hash-of-the-subject");
    assert_eq!(record["actor"]["user"]["org"]["uid"], "org_acme");
    assert_eq!(record["actor"]["user"]["credential_uid"], "ASIA2");
    assert_eq!(record["actor"]["authorizations"], json!([{"decision": "Allowed", "policy": {"uid": "01H"}}]));
    assert_eq!(record["src_endpoint"], json!({"svc_name": "bedrock.amazonaws.com", "uid": "AGENT12345"}));
    let unmapped = &record["unmapped"];
    assert_eq!(unmapped["check"]["object_type"], "okta_user");
    assert_eq!(unmapped["check"]["relation"], "read_groups");
    assert_eq!(unmapped["keycard"]["access_key_ids"], json!(["ASIA1", "ASIA2"]));
    assert_eq!(unmapped["reached"], json!([{"name": "auth0", "status": 200}, {"name": "okta", "status": null}]));
    assert_eq!(unmapped["arguments_hash"], arguments.as_str());
    for name in ["alice", "bob", "example.com", "2f0d7a9e"] {
        assert!(!record.to_string().contains(name), "{name}: {record}");
    }
}

#[test]
fn a_check_without_an_answer_is_told_from_one_that_was_not_asked_and_from_a_no() {
    let reference = Reference::of_request("r-1");
    let check = Check::new("alice", "read_okta", "okta:groups").unwrap();
    let told = |asked: Option<&Asked>| -> Value {
        Record { asked, ..bare(&reference) }.ocsf()["unmapped"]["decision"].clone()
    };
    assert_eq!(told(None), "not_asked");
    assert_eq!(told(Some(&Asked::of(&check))), "unanswered");
    assert_eq!(told(Some(&Asked::answered(&decision(false)))), "denied");
    assert_eq!(told(Some(&Asked::answered(&decision(true)))), "allowed");
}

#[test]
fn waiting_for_an_approval_is_neither_success_nor_failure() {
    let reference = Reference::of_request("r-1");
    let record = Record { code: Some(Code::ApprovalPending), ..bare(&reference) }.ocsf();
    assert_eq!(
        (&record["status_id"], &record["status"], &record["severity_id"]),
        (&json!(99), &json!("Pending"), &json!(1))
    );
}
