//! How one call ended.

use std::time::Duration;

use auth::id::{Agent, Reference, SessionHash, sha256_base64url};
use auth::refusal::Refusal;
use auth::subject::Subject;
use auth::time::Timestamp;
use serde_json::{Map, Value, json};

use super::steps::Steps;
use crate::trace::Trace;

/// Namespace of the metrics.
const NAMESPACE: &str = "Mandate";

/// How one call ended, put together while it runs. People appear by hashes only.
#[derive(Clone)]
pub struct Outcome {
    reference: Reference,
    trace: Trace,
    steps: Steps,
    cold: bool,
    tool: &'static str,
    code: &'static str,
    cause: Option<String>,
    session: Option<SessionHash>,
    subject: Option<String>,
    agent: Option<Agent>,
}

impl Outcome {
    /// An outcome of `ok`, until it is told otherwise. `cold` says whether this is the first call of the process.
    ///
    /// The tool's name is a dimension of the metrics, each value of which costs money, so it is a name that the program
    /// holds, never one that a caller sent.
    #[must_use]
    pub fn new(tool: &'static str, reference: Reference, trace: Trace, steps: Steps, cold: bool) -> Self {
        let (code, cause, session, subject, agent) = ("ok", None, None, None, None);
        Self { reference, trace, steps, cold, tool, code, cause, session, subject, agent }
    }

    /// Nothing was done, for this reason.
    #[must_use]
    pub fn refused(self, refusal: &Refusal) -> Self {
        Self { code: refusal.code().name(), cause: Some(refusal.cause().to_owned()), ..self }
    }

    /// The tool, once it is known which one is called.
    #[must_use]
    pub fn tool(self, tool: &'static str) -> Self {
        Self { tool, ..self }
    }

    /// The session that the call named.
    #[must_use]
    pub fn session(self, session: SessionHash) -> Self {
        Self { session: Some(session), ..self }
    }

    /// The person that the call was for, who is written as a hash.
    #[must_use]
    pub fn subject(self, subject: &Subject) -> Self {
        Self { subject: Some(sha256_base64url(subject.encoded().as_bytes())), ..self }
    }

    /// The agent that called.
    #[must_use]
    pub fn agent(self, agent: Agent) -> Self {
        Self { agent: Some(agent), ..self }
    }

    /// The log record, with the members of the CloudWatch embedded metric format specification: `_aws` names the metrics
    /// and dimensions, their values are members of the record itself.
    pub(super) fn record(&self, function: &'static str, now: Timestamp) -> Value {
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
            ("tool", json!(self.tool)),
            ("code", json!(self.code)),
            ("Count", json!(1)),
            ("cause", json!(self.cause)),
            ("reference", json!(self.reference)),
            ("trace_id", json!(self.trace.trace_id())),
            ("session", json!(self.session)),
            ("subject", json!(self.subject)),
            ("agent", json!(self.agent)),
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
