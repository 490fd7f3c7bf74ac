//! How one call ended.

use std::time::Duration;

use auth::audit::{Deed, Record};
use auth::id::Reference;
use auth::refusal::{Code, Refusal};
use auth::time::Moment;
use serde_json::{Map, Value, json};

use super::facts::{Facts, Learned};
use super::namespace::Namespace;
use super::steps::Steps;
use crate::trace::Trace;

/// How one call ended, put together while it runs. People appear by hashes only. Outcomes of the same stopwatch share
/// what they are told, so an outcome made after a panic names whom the call was about.
#[derive(Clone)]
pub struct Outcome {
    reference: Reference,
    trace: Trace,
    steps: Steps,
    cold: bool,
    tool: &'static str,
    /// Nothing for `ok`.
    code: Option<Code>,
    cause: Option<String>,
    deed: Option<Deed>,
    decides: bool,
    at: Option<Moment>,
    unkept: Option<String>,
}

impl Outcome {
    /// An outcome of `ok`, until it is told otherwise. `tool` and `trace` stand until the call's own are known; `cold`
    /// says whether this is the first call of the process.
    ///
    /// The tool's name is a dimension of the metrics, each value of which costs money, so it is a name that the program
    /// holds, never one that a caller sent.
    #[must_use]
    pub fn new(tool: &'static str, reference: Reference, trace: Trace, steps: Steps, cold: bool) -> Self {
        Self {
            reference,
            trace,
            steps,
            cold,
            tool,
            code: None,
            cause: None,
            deed: None,
            decides: true,
            at: None,
            unkept: None,
        }
    }

    /// Nothing was done, for this reason.
    #[must_use]
    pub fn refused(self, refusal: &Refusal) -> Self {
        Self { code: Some(refusal.code()), cause: Some(refusal.cause().to_owned()), ..self }
    }

    /// All went well, and this is what it came to.
    #[must_use]
    pub fn noting(self, cause: &'static str) -> Self {
        Self { cause: Some(cause.to_owned()), ..self }
    }

    /// Something was or may have been done, though the call did not go well.
    #[must_use]
    pub fn having_done(self, deed: Deed) -> Self {
        Self { deed: Some(deed), ..self }
    }

    /// The call decided nothing, as a message that came too early: it has its line, and no audit record.
    #[must_use]
    pub fn deciding_nothing(self) -> Self {
        Self { decides: false, ..self }
    }

    /// Says when the call was decided, so that every copy of its audit record is the same to the byte.
    #[must_use]
    pub fn settled(self, at: Moment) -> Self {
        Self { at: Some(at), ..self }
    }

    /// The person's own copy of the audit record was not kept, for this reason, which is in our own words.
    #[must_use]
    pub fn unkept(self, cause: String) -> Self {
        Self { unkept: Some(cause), ..self }
    }

    /// The reference that the answer and the log line share.
    #[must_use]
    pub fn reference(&self) -> &Reference {
        &self.reference
    }

    /// The audit record, made of the same facts as the log line; nothing for a call that decided nothing. `now` stands where
    /// nobody has [settled](Outcome::settled) the time.
    #[must_use]
    pub fn audit(&self, now: Moment) -> Option<Value> {
        if !self.decides {
            return None;
        }
        let learned = self.facts().learned();
        let record = Record {
            at: self.at.unwrap_or(now),
            reference: &self.reference,
            trace_id: learned.trace.as_ref().unwrap_or(&self.trace).trace_id(),
            tool: learned.tool.unwrap_or(self.tool),
            activity: learned.activity,
            source: learned.source,
            code: self.code,
            cause: self.cause.as_deref(),
            deed: self.deed,
            agent: learned.agent.as_ref(),
            subject: learned.subject.as_deref(),
            session: learned.session.as_ref(),
            organization: learned.organization.as_ref(),
            asked: learned.asked.as_ref(),
            approval: learned.approval.as_ref(),
            arguments: learned.arguments.as_ref(),
            keycards: learned.keycards.as_ref(),
            reached: &learned.reached,
        };
        Some(record.ocsf())
    }

    pub(super) fn facts(&self) -> &Facts {
        self.steps.facts()
    }

    /// The log record, with the members of the CloudWatch embedded metric format specification: `_aws` names the metrics
    /// and dimensions, their values are members of the record itself.
    pub(super) fn record(&self, function: &'static str, namespace: &Namespace, now: Moment) -> Value {
        let Learned { tool, trace, session, subject, agent, approval, .. } = self.facts().learned();
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
        let dimensions = [["function", "tool", "code"]];
        let directive = json!({ "Namespace": namespace.as_str(), "Dimensions": dimensions, "Metrics": metrics });
        let metadata = json!({ "Timestamp": now.milliseconds(), "CloudWatchMetrics": [directive] });
        let members = [
            ("event", json!("outcome")),
            ("function", json!(function)),
            ("tool", json!(tool.unwrap_or(self.tool))),
            ("code", json!(self.code.map_or("ok", Code::name))),
            ("Count", json!(1)),
            ("cause", json!(self.cause)),
            ("reference", json!(self.reference)),
            ("trace_id", json!(trace.as_ref().unwrap_or(&self.trace).trace_id())),
            ("session", json!(session)),
            ("subject", json!(subject)),
            ("agent", json!(agent)),
            ("approval", json!(approval)),
            ("unkept", json!(self.unkept)),
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
