//! A record in the words of OCSF.

use serde_json::{Map, Value, json};

use super::{Activity, Record, Source};
use crate::refusal::Code;

/// The version of the schema.
pub const SCHEMA: &str = "1.3.0";

const CATEGORY: u32 = 6;
const CLASS: u32 = 6003;

impl Record<'_> {
    /// The record as a JSON object. The same record gives the same text in the same program; programs may order members differently.
    #[must_use]
    pub fn ocsf(&self) -> Value {
        let (activity, activity_name) = match self.activity {
            Activity::Unknown => (0, "Unknown"),
            Activity::Read => (2, "Read"),
            Activity::Update => (3, "Update"),
        };
        let (status, status_name) = match self.code {
            None => (1, "Success"),
            Some(Code::ApprovalPending) => (99, "Pending"),
            Some(_) => (2, "Failure"),
        };
        let (severity, severity_name) = match self.code {
            None | Some(Code::ApprovalPending) => (1, "Informational"),
            Some(Code::Internal) => (3, "Medium"),
            Some(_) => (2, "Low"),
        };
        let milliseconds = self.at.milliseconds();
        let mut event = object([
            ("activity_id", json!(activity)),
            ("activity_name", json!(activity_name)),
            ("actor", self.actor()),
            (
                "api",
                json!({ "operation": self.tool, "request": { "uid": self.reference }, "response": self.response() }),
            ),
            ("category_name", json!("Application Activity")),
            ("category_uid", json!(CATEGORY)),
            ("class_name", json!("API Activity")),
            ("class_uid", json!(CLASS)),
            ("metadata", self.metadata()),
            ("severity", json!(severity_name)),
            ("severity_id", json!(severity)),
            ("src_endpoint", self.source()),
            ("status", json!(status_name)),
            ("status_code", json!(self.code_name())),
            ("status_id", json!(status)),
            ("time", json!(milliseconds)),
            ("type_name", json!(format!("API Activity: {activity_name}"))),
            ("type_uid", json!(CLASS * 100 + activity)),
            ("unmapped", self.unmapped()),
        ]);
        put(&mut event, "status_detail", self.cause);
        Value::Object(event)
    }

    fn code_name(&self) -> &'static str {
        self.code.map_or("ok", Code::name)
    }

    fn response(&self) -> Value {
        let mut response = Map::new();
        put(&mut response, "error", self.code.map(Code::name));
        Value::Object(response)
    }

    /// An actor must have one of its members; a call that nobody is known for has the application that brought it.
    fn actor(&self) -> Value {
        let mut actor = object([("app_name", json!(self.brought_by()))]);
        put(&mut actor, "app_uid", self.agent.map(|agent| &agent.id));
        put(&mut actor, "session", self.session.map(|session| json!({ "uid": session })));
        if let Some(subject) = self.subject {
            let mut user = object([("uid", json!(subject)), ("type_id", json!(1))]);
            put(&mut user, "org", self.organization.map(|organization| json!({ "uid": organization })));
            put(&mut user, "credential_uid", self.keycards.and_then(|used| used.access_key_ids.last()));
            put(&mut actor, "user", Some(user));
        }
        if let Some(answer) = self.asked.and_then(|asked| asked.answer.as_ref()) {
            let decision = if answer.allowed { "Allowed" } else { "Denied" };
            put(
                &mut actor,
                "authorizations",
                Some(json!([{ "decision": decision, "policy": { "uid": answer.model } }])),
            );
        }
        Value::Object(actor)
    }

    fn brought_by(&self) -> &'static str {
        match (self.source, self.agent) {
            (Source::Queue, _) => "sqs.amazonaws.com",
            (Source::Invocation, Some(_)) => "bedrock.amazonaws.com",
            (Source::Invocation, None) => "lambda.amazonaws.com",
        }
    }

    fn source(&self) -> Value {
        let mut source = object([("svc_name", json!(self.brought_by()))]);
        put(&mut source, "uid", self.agent.map(|agent| &agent.id));
        Value::Object(source)
    }

    fn metadata(&self) -> Value {
        let product = json!({ "name": "Mandate", "vendor_name": "Mandate", "version": env!("CARGO_PKG_VERSION") });
        json!({
            "version": SCHEMA, "product": product, "log_name": "mandate-audit", "uid": self.reference,
            "correlation_uid": self.trace_id,
        })
    }

    fn unmapped(&self) -> Value {
        let decision = match self.asked.map(|asked| &asked.answer) {
            None => "not_asked",
            Some(None) => "unanswered",
            Some(Some(answer)) if answer.allowed => "allowed",
            Some(Some(_)) => "denied",
        };
        let reached = |reached: &super::Reached| json!({ "name": reached.upstream.name(), "status": reached.status });
        let mut unmapped = object([
            ("decision", json!(decision)),
            ("reached", self.reached.iter().map(reached).collect()),
            ("reference", json!(self.reference)),
            ("trace_id", json!(self.trace_id)),
        ]);
        put(&mut unmapped, "agent_alias", self.agent.map(|agent| &agent.alias));
        put(&mut unmapped, "approval", self.approval);
        put(&mut unmapped, "arguments_hash", self.arguments);
        put(&mut unmapped, "deed", self.deed.map(super::Deed::name));
        let check = self.asked.map(|asked| {
            json!({
                "relation": asked.relation, "object_type": asked.object_type, "user_hash": asked.user,
                "object_hash": asked.object, "model_id": asked.answer.as_ref().map(|answer| &answer.model),
            })
        });
        put(&mut unmapped, "check", check);
        let keycard = self
            .keycards
            .map(|used| json!({ "session_name": used.session_name, "access_key_ids": used.access_key_ids }));
        put(&mut unmapped, "keycard", keycard);
        Value::Object(unmapped)
    }
}

fn object<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

fn put(members: &mut Map<String, Value>, name: &str, value: Option<impl serde::Serialize>) {
    if let Some(value) = value {
        members.insert(name.to_owned(), json!(value));
    }
}
