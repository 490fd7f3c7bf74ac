//! The way of one call, from the event to the answer. Nothing goes back up this list, and each step can end in a
//! refusal: then no later step runs.

use auth::mandate::Mandate;
use auth::refusal::Refusal;
use auth::ticket::{Origin, Ticket};
use function::serve::{Invocation, Trouble};
use function::telemetry::Outcome;
use serde_json::Value;

use crate::answer::Answer;
use crate::declaration::Declaration;
use crate::door::{self, Call, Envelope};
use crate::house::House;
use crate::registry::Registry;
use crate::tool::{Acting, Tool};

/// The name that stands for the tool in the log until the door has read it.
const UNKNOWN: &str = "unknown";

/// What accompanies a call on its way.
pub(crate) struct Way<'a> {
    house: &'a House,
    invocation: &'a Invocation,
    outcome: &'a Outcome,
}

/// Answers `event` with the tool that it names: always a valid answer of the event's door, and what to log.
pub async fn answer(house: &House, tools: &Registry, event: &str, invocation: &Invocation) -> (Value, Outcome) {
    let call = match door::parse(event.as_bytes()) {
        Ok(call) => call,
        Err(unshaped) => {
            let outcome = invocation.outcome(UNKNOWN).refused(&unshaped.refusal);
            return (unshaped.envelope.answer(&Err((unshaped.refusal, invocation.reference.clone()))), outcome);
        }
    };
    let invocation = &invocation.traced_by(call.attributes.trace_parent());
    let mut outcome = invocation.outcome(UNKNOWN);
    outcome.name_session(call.session.hash());
    let answer = match tools.find(&call) {
        Ok((declaration, tool)) => {
            outcome.name_tool(declaration.name);
            tool.run(declaration, &call, Way { house, invocation, outcome: &outcome }).await
        }
        Err(refusal) => Err(refusal),
    };
    let answer = answer.map_err(|refusal| (refusal, invocation.reference.clone()));
    if let Err((refusal, _)) = &answer {
        outcome = outcome.refused(refusal);
    }
    (call.envelope.answer(&answer), outcome)
}

/// The answer to an event whose handling panicked or ran out of time.
#[must_use]
pub fn give_up(event: &str, trouble: Trouble, invocation: &Invocation) -> Value {
    let refusal = trouble.refusal(&invocation.steps.unfinished());
    Envelope::outline(event.as_bytes()).answer(&Err((refusal, invocation.reference.clone())))
}

/// The way of a call whose tool is known.
pub(crate) async fn lead<T: Tool>(
    tool: &T,
    declaration: &Declaration,
    call: &Call,
    way: Way<'_>,
) -> Result<Answer, Refusal> {
    let Way { house, invocation, outcome } = way;
    let Invocation { until, steps, trace, .. } = invocation;
    let args = declaration.parameters.parse::<T::Args>(&call.arguments)?;
    let token = call.attributes.ticket().ok_or_else(|| Refusal::auth_required("ticket: missing"))?;
    let origin = Origin { door: call.door(), agent: &call.agent, session: &call.session };
    let ticket = Ticket::verify(token, &house.keys, &origin, house.clock.now())?;
    outcome.name_agent(&call.agent);
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
