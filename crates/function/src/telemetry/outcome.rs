//! How one call ended.

use std::time::Duration;

use auth::approval::ApprovalReference;
use auth::id::{Agent, Reference, SessionHash, sha256_base64url};
use auth::refusal::Refusal;
use auth::subject::Subject;
use auth::time::Timestamp;
use serde_json::{Map, Value, json};

use super::facts::Learned;
use super::steps::Steps;
use crate::trace::Trace;

/// Namespace of the metrics.
const NAMESPACE: &str = "Mandate";

/// How one call ended, put together while it runs. People appear by hashes only. Outcomes of the same stopwatch share
/// what they are told, so an outcome made after a panic names whom the call was about.
#[derive(Clone)]
pub struct Outcome {
    reference: Reference,
    trace: Trace,
    steps: Steps,
    cold: bool,
    tool: &'static str,
    code: &'static str,
    cause: Option<String>,
}

impl Outcome {
    /// An outcome of `ok`, until it is told otherwise. `tool` and `trace` stand until the call's own are known; `cold`
    /// says whether this is the first call of the process.
    ///
    /// The tool's name is a dimension of the metrics, each value of which costs money, so it is a name that the program
    /// holds, never one that a caller sent.
    #[must_use]
    pub fn new(tool: &'static str, reference: Reference, trace: Trace, steps: Steps, cold: bool) -> Self {
        Self { reference, trace, steps, cold, tool, code: "ok", cause: None }
    }

    /// Nothing was done, for this reason.
    #[must_use]
    pub fn refused(self, refusal: &Refusal) -> Self {
        Self { code: refusal.code().name(), cause: Some(refusal.cause().to_owned()), ..self }
    }

    /// All went well, and this is what it came to.
    #[must_use]
    pub fn noting(self, cause: &'static str) -> Self {
        Self { cause: Some(cause.to_owned()), ..self }
    }

    /// The tool, once it is known which one is called.
    pub fn name_tool(&self, tool: &'static str) {
        self.steps.facts().learn(|learned| learned.tool = Some(tool));
    }

    /// The session that the call named.
    pub fn name_session(&self, session: SessionHash) {
        self.steps.facts().learn(|learned| learned.session = Some(session));
    }

    /// The person that the call was for, who is written as a hash.
    pub fn name_subject(&self, subject: &Subject) {
        let subject = sha256_base64url(subject.encoded().as_bytes());
        self.steps.facts().learn(|learned| learned.subject = Some(subject));
    }

    /// The agent that called, once it is known that it did: an event's word for it is not worth a line.
    pub fn name_agent(&self, agent: &Agent) {
        self.steps.facts().learn(|learned| learned.agent = Some(agent.clone()));
    }

    /// The approval that was asked for, or that the call was about.
    pub fn name_approval(&self, reference: &ApprovalReference) {
        self.steps.facts().learn(|learned| learned.approval = Some(reference.clone()));
    }

    /// The log record, with the members of the CloudWatch embedded metric format specification: `_aws` names the metrics
    /// and dimensions, their values are members of the record itself.
    pub(super) fn record(&self, function: &'static str, now: Timestamp) -> Value {
        let Learned { tool, trace, session, subject, agent, approval } = self.steps.facts().learned();
        let mut metrics = vec![json!({ "Name": "Count", "Unit": "Count" })];
        let mut record = Map::new();
        let mut milliseconds = |record: &mut Map<String, Value>, name: &str, took: Duration| {
            let name = format!("{name}_ms");
            metrics.push(json!({ "Name": name, "Unit": "Milliseconds" }));
            record.insert(name, rounded(took));
        };
        milliseconds(&mut record, "total", self.steps.total());
        for (step, took) in self.steps.taken() {
            milliseconds(&mut record, step, took);
        }
        let directive =
            json!({ "Namespace": NAMESPACE, "Dimensions": [["function", "tool", "code"]], "Metrics": metrics });
        let metadata = json!({ "Timestamp": now.seconds().saturating_mul(1000), "CloudWatchMetrics": [directive] });
        let members = [
            ("event", json!("outcome")),
            ("function", json!(function)),
            ("tool", json!(tool.unwrap_or(self.tool))),
            ("code", json!(self.code)),
            ("Count", json!(1)),
            ("cause", json!(self.cause)),
            ("reference", json!(self.reference)),
            ("trace_id", json!(trace.as_ref().unwrap_or(&self.trace).trace_id())),
            ("session", json!(session)),
            ("subject", json!(subject)),
            ("agent", json!(agent)),
            ("approval", json!(approval)),
            ("cold", json!(self.cold)),
            ("_aws", metadata),
        ];
        record.extend(members.into_iter().map(|(name, value)| (name.to_owned(), value)));
        Value::Object(record)
    }
}

/// Milliseconds with three digits after the point.
fn rounded(took: Duration) -> Value {
    json!((took.as_secs_f64() * 1_000_000.0).round() / 1000.0)
}
