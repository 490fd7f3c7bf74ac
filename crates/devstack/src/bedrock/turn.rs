//! One turn: from the text to the last event of its answer.

use serde_json::Value;

use super::answer::{self, State};
use super::event::{Action, Asked};
use super::intent;
use super::sessions::Attributes;
use super::stream::Events;
use super::trace::Tracer;
use super::{Exchange, Runtime, wording};
use crate::lambda::caller::NotRun;
use crate::lambda::stamp;

/// What `InvokeAgent` was asked.
pub(super) struct Turn {
    pub(super) session_id: String,
    pub(super) text: String,
    /// Given, they replace the session's.
    pub(super) session_attributes: Option<Attributes>,
    pub(super) prompt_session_attributes: Attributes,
    pub(super) enable_trace: bool,
    pub(super) end_session: bool,
    pub(super) in_pieces: bool,
}

/// The turn ends in an exception, with this reason.
struct Failed(String);

impl Turn {
    pub(super) async fn run(self, runtime: &Runtime, events: &Events) {
        let tracer = Tracer {
            agent: &runtime.agent,
            session_id: &self.session_id,
            events,
            enabled: self.enable_trace,
            trace_id: stamp::uuid(),
        };
        match self.answer(runtime, &tracer).await {
            Ok(text) => {
                tracer.finish(&text);
                if self.in_pieces {
                    text.split_inclusive('\n').for_each(|line| events.chunk(line));
                } else {
                    events.chunk(&text);
                }
            }
            Err(Failed(reason)) => {
                tracer.failure(&reason);
                events.dependency_failed(&reason);
            }
        }
        if self.end_session {
            runtime.sessions.end(&self.session_id);
        }
    }

    async fn answer(&self, runtime: &Runtime, tracer: &Tracer<'_>) -> Result<String, Failed> {
        let kept = || runtime.sessions.attributes(&self.session_id).unwrap_or_default();
        let session_attributes = self.session_attributes.clone().unwrap_or_else(kept);
        runtime.sessions.keep(&self.session_id, session_attributes.clone());
        let Some(intent) = intent::find(&runtime.agent.rules, &self.text) else {
            tracer.rationale("None of them matched.");
            return Ok(wording::help(&runtime.agent));
        };
        let Some((group, tool)) = runtime.agent.tool(&intent.tool) else {
            tracer.rationale("One of them names a tool that is not configured.");
            return Ok(wording::no_tool(&intent.tool));
        };
        tracer.rationale("One of them names a tool that is configured.");
        let action = Action { group, tool, values: intent.parameters };
        if let Some(parameter) = action.missing() {
            return Ok(wording::what_is_missing(&tool.name, parameter));
        }
        let asked = Asked {
            session_id: &self.session_id,
            text: &self.text,
            session_attributes: &session_attributes,
            prompt_session_attributes: &self.prompt_session_attributes,
        };
        tracer.invocation(&action, &stamp::uuid());
        self.act(runtime, tracer, &action, &asked).await
    }

    async fn act(
        &self,
        runtime: &Runtime,
        tracer: &Tracer<'_>,
        action: &Action<'_>,
        asked: &Asked<'_>,
    ) -> Result<String, Failed> {
        let event = action.event(&runtime.agent, asked);
        let ran = runtime.lambda.invoke(&action.group.lambda, &event).await;
        let answer = ran.as_ref().map(|ran| serde_json::from_slice(&ran.answer).unwrap_or_default());
        runtime.note(Exchange { event, answer: answer.unwrap_or(Value::Null) });
        let ran = ran.map_err(|not_run| {
            Failed(match not_run {
                NotRun::Lambda(why) => why,
                NotRun::Function => "Received failed response from API execution. Retry the request later.".to_owned(),
            })
        })?;
        let answer = answer::read(action, &ran.answer).map_err(|wrong| {
            Failed(format!("The server encountered an error processing the Lambda response: {wrong}"))
        })?;
        if let Some(attributes) = answer.session_attributes {
            runtime.sessions.keep(&self.session_id, attributes);
        }
        match answer.state {
            State::Normal => {
                tracer.output(&answer.body, &ran.request_id);
                Ok(wording::result(&answer.body, action.values.get("user").map(String::as_str)))
            }
            State::Reprompt => {
                tracer.reprompt(&answer.body);
                Ok(wording::result(&answer.body, None))
            }
            State::Failure => Err(Failed("the function answered with the state FAILURE".to_owned())),
        }
    }
}
