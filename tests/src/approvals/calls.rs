//! Calls by the agent, and the log that both functions write.

use std::sync::atomic::Ordering;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use auth::approval::{ApprovalReference, PersonKey};
use function::serve::Invocation;
use function::telemetry::{Log, Outcome};
use serde_json::Value;

use super::{Approvals, Asked, PATIENCE};
use crate::{Chatting, Event, body_of, invocation_named};

impl Approvals {
    /// A call of a tool by the agent; the body of the answer.
    pub async fn call(&self, who: &Chatting, tool: &str, args: &[(&str, &str)]) -> Value {
        self.call_again(&self.request_id(), who, tool, args).await
    }

    /// The same under a request id, which a second delivery repeats.
    pub async fn call_again(&self, request_id: &str, who: &Chatting, tool: &str, args: &[(&str, &str)]) -> Value {
        let event = self.event(who, tool, args);
        let invocation = invocation_named(request_id.to_owned(), PATIENCE);
        self.handed(&event.0, &invocation).await
    }

    /// The same with so much time for it.
    pub async fn call_within(&self, time: Duration, who: &Chatting, tool: &str, args: &[(&str, &str)]) -> Value {
        let event = self.event(who, tool, args);
        self.handed(&event.0, &invocation_named(self.request_id(), time)).await
    }

    async fn handed(&self, event: &Value, invocation: &Invocation) -> Value {
        let (answer, outcome) = Box::pin(self.initiator.handle(&event.to_string(), invocation)).await;
        self.log("ciba-initiator", &outcome);
        body_of(&answer)
    }

    fn event(&self, who: &Chatting, tool: &str, args: &[(&str, &str)]) -> Event {
        let event = self.world.call(who).of_change(tool);
        args.iter().fold(event, |event, (name, value)| event.with(name, value))
    }

    pub(super) fn request_id(&self) -> String {
        format!("request-{}", self.deliveries.fetch_add(1, Ordering::SeqCst))
    }

    /// What both functions have logged, oldest first.
    pub fn logged(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn log(&self, function: &'static str, outcome: &Outcome) {
        let lines = Arc::clone(&self.lines);
        let write = move |line: &str| lines.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
        Log::to(function, self.world.laptop.clock.clone(), write).outcome(outcome);
    }

    /// A call that must end in a push.
    pub async fn ask(&self, who: &Chatting, tool: &str, args: &[(&str, &str)]) -> Asked {
        let body = self.call(who, tool, args).await;
        self.asked_by(who, tool, &body)
    }

    /// What such an answer asked for.
    pub fn asked_by(&self, who: &Chatting, tool: &str, body: &Value) -> Asked {
        assert_eq!(body["error"], "approval_pending", "{body}");
        let text = |pointer: &str| body.pointer(pointer).and_then(Value::as_str).expect("a text").to_owned();
        let auth_req_id = self.world.laptop.stack.auth0.auth_req_ids().pop().expect("a push went out");
        Asked {
            person: PersonKey::of(&who.signed.subject),
            tool: tool.to_owned(),
            reference: ApprovalReference::parse(&text("/approval/reference")).expect("a reference"),
            code: text("/approval/code"),
            auth_req_id,
        }
    }
}
