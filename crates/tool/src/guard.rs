//! The way of one call, from the event to the answer. Nothing goes back up this list, and each step can end in a
//! refusal: then no later step runs.

use std::pin::Pin;

use auth::id::SessionReference;
use auth::mandate::Mandate;
use auth::refusal::Refusal;
use auth::ticket::{Origin, Ticket};
use function::serve::{Invocation, Trouble};
use function::telemetry::Outcome;
use serde_json::Value;

use crate::answer::Answer;
use crate::arguments;
use crate::declaration::Declaration;
use crate::door::{self, Call, Unshaped};
use crate::house::House;
use crate::tool::{Acting, Tool};

/// The name that stands for the tool in the log until the door has read it.
const UNKNOWN: &str = "unknown";

/// A tool whose argument type is not named, so that a function can hold several. Every [`Tool`] is one.
pub trait AnyTool {
    /// The tool's declaration.
    fn declaration(&self) -> Declaration;

    /// The way from the arguments to the answer.
    fn run<'a>(&'a self, house: &'a House, call: &'a Call, way: Way<'a>) -> Running<'a>;
}

/// What accompanies a call on its way.
pub struct Way<'a> {
    invocation: &'a Invocation,
    outcome: &'a mut Outcome,
}

/// A call on its way.
pub type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + 'a>>;

/// Answers `event` with the one of `tools` that it names: always a valid answer of the event's door, and what to log.
pub async fn answer(house: &House, tools: &[&dyn AnyTool], event: &str, invocation: &Invocation) -> (Value, Outcome) {
    let mut outcome = invocation.outcome(UNKNOWN);
    let (envelope, answer) = match door::parse(event) {
        Ok(call) => {
            outcome.name_agent(call.agent());
            let answer = match tools.iter().find(|tool| call.names(&tool.declaration())) {
                Some(tool) => {
                    outcome.name_tool(tool.declaration().name);
                    tool.run(house, &call, Way { invocation, outcome: &mut outcome }).await
                }
                None => Err(Refusal::invalid_input("there is no such action here")),
            };
            (call.envelope().clone(), answer)
        }
        Err(unshaped) => {
            let refusal = Refusal::invalid_input(unshaped.problem());
            (unshaped.into_envelope(), Err(refusal))
        }
    };
    let answer = answer.map_err(|refusal| (refusal, invocation.reference.clone()));
    if let Err((refusal, _)) = &answer {
        outcome = outcome.refused(refusal);
    }
    (envelope.answer(&answer), outcome)
}

/// The answer to an event whose handling panicked or ran out of time.
#[must_use]
pub fn give_up(event: &str, trouble: Trouble, invocation: &Invocation) -> Value {
    let envelope = door::parse(event).map_or_else(Unshaped::into_envelope, |call| call.envelope().clone());
    envelope.answer(&Err((Refusal::new(trouble.code(), "trouble"), invocation.reference.clone())))
}

impl<T: Tool> AnyTool for T
where
    T::Args: serde::de::DeserializeOwned + schemars::JsonSchema,
{
    fn declaration(&self) -> Declaration {
        T::declaration()
    }

    fn run<'a>(&'a self, house: &'a House, call: &'a Call, way: Way<'a>) -> Running<'a> {
        Box::pin(guarded(self, house, call, way))
    }
}

async fn guarded<T>(tool: &T, house: &House, call: &Call, way: Way<'_>) -> Result<Answer, Refusal>
where
    T: Tool,
    T::Args: serde::de::DeserializeOwned + schemars::JsonSchema,
{
    let Way { invocation, outcome } = way;
    let Invocation { until, steps, trace, .. } = invocation;
    let args = arguments::parse::<T::Args>(call.arguments())?;
    let reference = SessionReference::parse(call.session()?)?;
    outcome.name_session(reference.hash());
    let token = call.ticket().ok_or_else(|| Refusal::auth_required("ticket: missing"))?;
    let origin = Origin { door: call.door(), agent: call.agent(), session: &reference };
    let ticket = Ticket::verify(token, &house.keys, &origin, house.clock.now())?;
    outcome.name_subject(ticket.subject());
    let row = steps.time("session", house.store.read(ticket.session(), *until)).await?;
    let row = row.ok_or_else(|| Refusal::auth_required("session: no such row"))?;
    let session = row.confirm(&ticket, house.clock.now())?;
    let question = tool.question(&session, &args)?;
    let traceparent = trace.to_string();
    let asked = house.authorizer.ask(&question, Some(&traceparent), *until);
    let decision = steps.time("check", asked).await?;
    let mandate = Mandate::issue(tool, ticket, session, decision, args)?;
    let acting = Acting { mandate, invocation, house, needed: tool.scopes() };
    steps.time("act", tool.act(acting)).await
}
