use std::sync::{Arc, Mutex};

use auth::id::{Agent, Reference, SessionReference};
use auth::refusal::{Code, Refusal};
use auth::subject::Subject;
use auth::time::{Clock, Moment, Timestamp};
use futures_util::FutureExt as _;
use serde_json::Value;

use super::{Log, Namespace, Outcome, Steps};
use crate::settings::{Environment, Reader};
use crate::trace::Trace;

fn captured() -> (Log, Arc<Mutex<Vec<String>>>) {
    let lines = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&lines);
    let clock = Clock::new(|| Timestamp::from_seconds(1_790_000_000));
    (Log::to("okta-groups", clock, move |line| kept.lock().unwrap().push(line.to_owned())), lines)
}

fn outcome(steps: &Steps) -> Outcome {
    let (reference, trace) = (Reference::of_request("r-1"), Trace::of_request("r-1"));
    Outcome::new("list_groups", reference, trace, steps.clone(), true)
}

#[tokio::test]
async fn an_outcome_is_one_line_that_is_both_record_and_metric() {
    let (log, lines) = captured();
    let steps = Steps::new();
    steps.time("session", async {}).await;
    steps.time("check", async {}).await;
    let agent = Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() };
    let person = Subject::new("https://tenant.example/", "auth0|alice").unwrap();
    let session = SessionReference::parse("2f0d7a9e").unwrap().hash();
    let outcome = outcome(&steps);
    outcome.name_session(session.clone());
    outcome.name_subject(&person);
    outcome.name_agent(&agent);
    log.outcome(&outcome);

    let lines = lines.lock().unwrap();
    assert_eq!(lines.len(), 2, "the second is the audit record");
    assert!(!lines[0].contains('\n'));
    let record: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(record["event"], "outcome");
    assert_eq!(record["function"], "okta-groups");
    assert_eq!(record["tool"], "list_groups");
    assert_eq!(record["code"], "ok");
    assert_eq!(record["cause"], Value::Null);
    assert_eq!(record["cold"], true);
    assert_eq!(record["reference"], Reference::of_request("r-1").as_str());
    assert_eq!(record["trace_id"], Trace::of_request("r-1").trace_id());
    assert_eq!(record["session"], session.as_str());
    assert_eq!(record["subject"].as_str().unwrap().len(), 43);
    assert_eq!(record["agent"]["alias"], "ALIAS67890");
    for name in ["session_ms", "check_ms", "total_ms"] {
        assert!(record[name].as_f64().is_some_and(|milliseconds| milliseconds >= 0.0), "{name}");
    }
    assert!(!lines[0].contains("alice"));

    assert_eq!(record["_aws"]["Timestamp"], 1_790_000_000_000_u64);
    let directive = &record["_aws"]["CloudWatchMetrics"][0];
    assert_eq!(directive["Namespace"], "Mandate");
    assert_eq!(directive["Dimensions"], serde_json::json!([["function", "tool", "code"]]));
    for dimension in directive["Dimensions"][0].as_array().unwrap() {
        assert!(record[dimension.as_str().unwrap()].is_string(), "{dimension}");
    }
    let metrics = directive["Metrics"].as_array().unwrap();
    assert_eq!(metrics.len(), 4);
    for metric in metrics {
        assert!(record[metric["Name"].as_str().unwrap()].is_number(), "{metric}");
    }
    assert_eq!(metrics[0]["Unit"], "Count");
    assert_eq!(metrics[1]["Unit"], "Milliseconds");
}

#[test]
fn a_deployments_metrics_are_kept_under_its_own_name() {
    let (log, lines) = captured();
    let environment = Environment::from_pairs([("METRICS_NAMESPACE", "Mandate/mandate-trial")]);
    let namespace = Namespace::read(&mut Reader::new(&environment)).unwrap();
    log.counting_in(namespace).outcome(&outcome(&Steps::new()));
    let record: Value = serde_json::from_str(&lines.lock().unwrap()[0]).unwrap();
    assert_eq!(record["_aws"]["CloudWatchMetrics"][0]["Namespace"], "Mandate/mandate-trial");
}

#[test]
fn a_refusal_is_told_by_its_code_and_cause_and_stays_on_one_line() {
    let (log, lines) = captured();
    let refusal = Refusal::new(Code::AccessDenied, "check: not allowed\nin \"two\" lines").saying("No.");
    let outcome = outcome(&Steps::new()).refused(&refusal);
    outcome.name_tool("check_approval");
    log.outcome(&outcome);
    let lines = lines.lock().unwrap();
    assert_eq!(lines[0].lines().count(), 1);
    let record: Value = serde_json::from_str(&lines[0]).unwrap();
    assert_eq!(record["code"], "access_denied");
    assert_eq!(record["tool"], "check_approval");
    assert_eq!(record["cause"], "check: not allowed\nin \"two\" lines");
}

#[tokio::test]
async fn steps_side_by_side_are_each_timed_and_a_step_taken_twice_is_one_step() {
    let steps = Steps::new();
    tokio::join!(steps.time("session", tokio::task::yield_now()), steps.time("check", async {}));
    let value = steps.time("session", async { 7 }).await;
    assert_eq!(value, 7);
    let names: Vec<&str> = steps.taken().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names, ["session", "check"]);
    assert!(steps.taken().into_iter().all(|(_, took)| took <= steps.total()));
    assert!(steps.unfinished().is_empty());
}

#[tokio::test]
async fn a_step_that_was_given_up_is_known_by_name() {
    let steps = Steps::new();
    assert!(steps.time("token", std::future::pending::<()>()).now_or_never().is_none());
    assert_eq!(steps.unfinished(), ["token"]);
    assert_eq!(steps.taken().len(), 1);
}

#[test]
fn each_outcome_has_its_audit_record_of_the_same_facts_and_one_that_decided_nothing_has_none() {
    let (log, lines) = captured();
    let refused = outcome(&Steps::new()).refused(&Refusal::new(Code::AccessDenied, "check: not allowed"));
    log.outcome(&refused);
    log.outcome(&outcome(&Steps::new()).deciding_nothing());
    log.clone().without_audit().outcome(&refused);
    let records: Vec<Value> = lines.lock().unwrap().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let events: Vec<&str> = records.iter().map(|record| record["event"].as_str().unwrap()).collect();
    assert_eq!(events, ["outcome", "audit", "outcome", "outcome"]);
    assert_eq!(records[1]["function"], "okta-groups");
    let record = &records[1]["record"];
    assert_eq!(record["metadata"]["uid"], records[0]["reference"]);
    assert_eq!(record["unmapped"]["trace_id"], records[0]["trace_id"]);
    assert_eq!((&record["status_code"], &record["status_detail"]), (&records[0]["code"], &records[0]["cause"]));
}

#[test]
fn a_settled_outcome_says_the_same_whenever_its_record_is_made() {
    let outcome = outcome(&Steps::new()).settled(Moment::from_milliseconds(1_790_000_001_234));
    let (one, other) = (outcome.audit(Moment::from_milliseconds(5)), outcome.audit(Moment::from_milliseconds(6)));
    assert_eq!(one, other);
    assert_eq!(one.unwrap()["time"], 1_790_000_001_234_u64);
}
