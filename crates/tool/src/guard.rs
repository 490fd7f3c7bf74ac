//! The way of one call, from the event to the answer. Nothing goes back up this list, and each step can end in a
//! refusal: then no later step runs.

use std::pin::Pin;

use auth::id::{Reference, SessionReference, sha256_base64url};
use auth::mandate::Mandate;
use auth::refusal::{Code, Refusal};
use auth::ticket::{Origin, Ticket};
use serde_json::Value;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::arguments;
use crate::declaration::Declaration;
use crate::door::{self, Call, Envelope};
use crate::house::House;
use crate::story::Story;
use crate::tool::{Acting, Tool};

/// What the rim of the function knows of an invocation.
pub struct Moment {
    /// The reference that the person is told.
    pub reference: Reference,
    /// When the invocation must be done.
    pub until: Instant,
    /// The trace that this call belongs to (W3C trace context), to be carried on.
    pub traceparent: String,
}

/// An answer in the shape of its door, and the story for the log.
pub struct Answered {
    /// The answer.
    pub body: Value,
    /// What happened.
    pub story: Story,
}

/// A tool whose argument type is not named, so that a function can hold several. Every [`Tool`] is one.
pub trait AnyTool {
    /// The tool's declaration.
    fn declaration(&self) -> Declaration;

    /// The way from the arguments to the answer.
    fn run<'a>(&'a self, house: &'a House, call: &'a Call, moment: &'a Moment, story: &'a mut Story) -> Way<'a>;
}

/// A call under way.
pub type Way<'a> = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + 'a>>;

/// Answers `event` with the one of `tools` that it names. Always ends in a valid answer of the event's door.
pub async fn answer(house: &House, tools: &[&dyn AnyTool], event: &str, moment: &Moment) -> Answered {
    let mut story = Story::new(moment.reference.clone());
    let (envelope, outcome) = match door::parse(event) {
        Ok(call) => {
            story.agent = Some(call.agent().clone());
            let outcome = match find(tools, &call) {
                Ok(tool) => {
                    story.tool = Some(tool.declaration().name);
                    tool.run(house, &call, moment, &mut story).await
                }
                Err(refusal) => Err(refusal),
            };
            (call.envelope().clone(), outcome)
        }
        Err(unshaped) => {
            let refusal = Refusal::invalid_input(unshaped.problem());
            (unshaped.into_envelope(), Err(refusal))
        }
    };
    told(&envelope, outcome, story)
}

/// The answer to an event whose handling panicked or ran out of time.
#[must_use]
pub fn give_up(event: &str, code: Code, cause: &str, reference: &Reference) -> Answered {
    let envelope = door::parse(event).map_or_else(door::Unshaped::into_envelope, |call| call.envelope().clone());
    told(&envelope, Err(Refusal::new(code, cause)), Story::new(reference.clone()))
}

fn told(envelope: &Envelope, outcome: Result<Answer, Refusal>, mut story: Story) -> Answered {
    if let Err(refusal) = &outcome {
        story.code = refusal.code().name();
        story.cause = Some(refusal.cause().to_owned());
    }
    let body = envelope.answer(&outcome, &story.reference);
    Answered { body, story }
}

fn find<'a>(tools: &[&'a dyn AnyTool], call: &Call) -> Result<&'a dyn AnyTool, Refusal> {
    tools
        .iter()
        .copied()
        .find(|tool| call.names(&tool.declaration()))
        .ok_or_else(|| Refusal::invalid_input("there is no such action here"))
}

impl<T: Tool> AnyTool for T
where
    T::Args: serde::de::DeserializeOwned + schemars::JsonSchema,
{
    fn declaration(&self) -> Declaration {
        T::declaration()
    }

    fn run<'a>(&'a self, house: &'a House, call: &'a Call, moment: &'a Moment, story: &'a mut Story) -> Way<'a> {
        Box::pin(guarded(self, house, call, moment, story))
    }
}

async fn guarded<T>(tool: &T, house: &House, call: &Call, moment: &Moment, story: &mut Story) -> Result<Answer, Refusal>
where
    T: Tool,
    T::Args: serde::de::DeserializeOwned + schemars::JsonSchema,
{
    let until = moment.until;
    let args = arguments::parse::<T::Args>(call.arguments())?;
    let reference = SessionReference::parse(call.session()?)?;
    story.session = Some(reference.hash());
    let token = call.ticket().ok_or_else(|| Refusal::auth_required("ticket: missing"))?;
    let origin = Origin { door: call.door(), agent: call.agent(), session: &reference };
    let ticket = Ticket::verify(token, &house.keys, &origin, house.clock.now())?;
    story.subject = Some(sha256_base64url(ticket.subject().encoded().as_bytes()));
    let row = story.time("session", house.store.read(ticket.session(), until)).await?;
    let row = row.ok_or_else(|| Refusal::auth_required("session: no such row"))?;
    let session = row.confirm(&ticket, house.clock.now())?;
    let question = tool.question(&session, &args)?;
    let asked = house.authorizer.ask(&question, Some(&moment.traceparent), until);
    let decision = story.time("check", asked).await?;
    story.model_id = Some(decision.model_id().to_owned());
    let mandate = Mandate::issue(tool, ticket, session, decision, args)?;
    let needed = tool.scopes();
    let start = Instant::now();
    let outcome = tool.act(Acting { mandate, until, house, story: &mut *story, needed }).await;
    story.steps.push(("act", start.elapsed()));
    outcome
}
