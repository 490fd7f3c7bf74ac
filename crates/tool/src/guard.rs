//! The way of one call, from the event to the answer. Nothing goes back up this list, and each step can end in a
//! refusal: then no later step runs.

use auth::approval::PersonKey;
use auth::audit::Activity;
use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::session::Session;
use auth::subject::Subject;
use auth::ticket::{Holder, Ticket, TicketKeys};
use function::serve::{Invocation, Trouble};
use function::telemetry::Outcome;
use serde::de::DeserializeOwned;
use serde_json::Value;
use upstream_http::transport::witnessed;

use crate::answer::Answer;
use crate::approval::{Approvable, Desk};
use crate::declaration::{Declaration, Effect};
use crate::door::{self, Call, Envelope, Sender};
use crate::house::{House, Needs, Rooms, Whose};
use crate::identity::Tells;
use crate::own::Own;
use crate::registry::Registry;
use crate::tool::{Acting, Tool};
use crate::trail::Trail;

/// The name that stands for the tool in the log until the door has read it.
const UNKNOWN: &str = "unknown";

/// What accompanies a call on its way.
pub(crate) struct Way<'a> {
    pub(crate) house: &'a House,
    keys: &'a TicketKeys,
    pub(crate) invocation: &'a Invocation,
    pub(crate) outcome: &'a Outcome,
    trail: &'a Trail,
}

/// A call whose arguments are parsed and whose person is known.
struct Admitted<A> {
    rooms: Rooms,
    args: A,
    ticket: Ticket,
    session: Session,
}

/// Answers `event` with the tool that it names: always a valid answer of the event's door, and what to log. By then the
/// person's own copy of the audit record is kept, if it is known who they are.
pub async fn answer(house: &House, tools: &Registry, event: &str, invocation: &Invocation) -> (Value, Outcome) {
    let call = match door::parse(event.as_bytes(), &invocation.client_context) {
        Ok(call) => call,
        Err(unshaped) => {
            let outcome = invocation.outcome(UNKNOWN).refused(&unshaped.refusal);
            return (unshaped.envelope.answer(&Err((unshaped.refusal, invocation.reference.clone()))), outcome);
        }
    };
    let invocation = &invocation.traced_by(call.trace_parent.as_deref());
    let (mut outcome, trail) = (invocation.outcome(UNKNOWN), Trail::default());
    if let Sender::Agent { session, .. } = &call.sender {
        outcome.name_session(session.hash());
    }
    let answer = match tools.find(&call) {
        Ok((declaration, tool)) => {
            outcome.name_tool(declaration.name);
            outcome.name_activity(match declaration.effect {
                Effect::Reads => Activity::Read,
                Effect::Changes => Activity::Update,
            });
            let way = Way { house, keys: &tools.keys, invocation, outcome: &outcome, trail: &trail };
            let told = outcome.clone();
            witnessed(move |reached| told.name_reached(reached), tool.run(declaration, &call, way)).await
        }
        Err(refusal) => Err(refusal),
    };
    let answer = answer.map_err(|refusal| (refusal, invocation.reference.clone()));
    if let Err((refusal, _)) = &answer {
        outcome = outcome.refused(refusal);
    }
    let outcome = trail.keep(outcome, house.clock.moment(), invocation).await;
    (call.envelope.answer(&answer), outcome)
}

/// The answer to an event whose handling panicked or ran out of time.
#[must_use]
pub fn give_up(event: &str, trouble: Trouble, invocation: &Invocation) -> Value {
    let refusal = trouble.refusal(&invocation.steps.unfinished());
    Envelope::outline(event.as_bytes(), &invocation.client_context)
        .answer(&Err((refusal, invocation.reference.clone())))
}

/// The way of a call whose tool is known.
pub(crate) async fn lead<T: Tool>(
    tool: &T,
    declaration: &Declaration,
    call: &Call,
    way: Way<'_>,
) -> Result<Answer, Refusal> {
    let admitted = way.admit(declaration, call, Needs::Acts).await?;
    let (rooms, mandate) = way.mandate(tool, admitted).await?;
    let Way { house, invocation, .. } = way;
    let acting = Acting { mandate, invocation, house, rooms: &rooms, needed: tool.scopes() };
    invocation.steps.time("act", tool.act(acting)).await
}

/// The way of a call whose tool waits for an approval: it ends at the desk.
pub(crate) async fn lead_to_approval<T: Approvable>(
    tool: &T,
    desk: &Desk,
    declaration: &Declaration,
    call: &Call,
    way: Way<'_>,
) -> Result<Answer, Refusal> {
    let admitted = way.admit(declaration, call, Needs::Asks).await?;
    let (_, mandate) = way.mandate(tool, admitted).await?;
    let rooms = way.approvals_of(mandate.subject(), declaration, Needs::Requests).await?;
    way.invocation.steps.time("ask", desk.ask(tool, &mandate, &rooms, &way)).await
}

/// The way of a call whose tool reads what is kept about the person.
pub(crate) async fn lead_to_own<T: Own>(
    tool: &T,
    declaration: &Declaration,
    call: &Call,
    way: Way<'_>,
) -> Result<Answer, Refusal> {
    let Admitted { args, session, .. } = way.admit(declaration, call, Needs::Reads).await?;
    if let Some(approval) = tool.about(&args) {
        way.outcome.name_approval(&approval);
    }
    let rooms = way.approvals_of(session.subject(), declaration, Needs::Tells).await?;
    let read = tool.read(&session, args, &rooms, way.house.clock.now(), way.invocation.until);
    way.invocation.steps.time("read", read).await
}

/// The way of a call whose tool tells the caller who they are: a ticket is enough, and nobody is asked.
pub(crate) fn lead_to_identity<T: Tells>(
    tool: &T,
    declaration: &Declaration,
    call: &Call,
    way: &Way<'_>,
) -> Result<Answer, Refusal> {
    let (args, hash) = declaration.parameters.parse_and_hash::<T::Args>(&call.arguments)?;
    way.outcome.name_arguments(hash);
    let (holder, reach) = call.identified(way.keys, way.house.clock.now())?;
    way.name_holder(&holder);
    tool.tell(args, &holder, reach.as_ref())
}

impl Way<'_> {
    async fn admit<A: DeserializeOwned>(
        &self,
        declaration: &Declaration,
        call: &Call,
        needs: Needs,
    ) -> Result<Admitted<A>, Refusal> {
        let Self { house, keys, invocation, outcome, trail } = self;
        let (args, hash) = declaration.parameters.parse_and_hash::<A>(&call.arguments)?;
        outcome.name_arguments(hash);
        let ticket = call.verified(keys, house.clock.now())?;
        self.name_holder(ticket.holder());
        outcome.name_session(ticket.session().clone());
        let person = PersonKey::of(ticket.subject());
        let whose = Whose { person: &person, session: Some(ticket.session()), tool: declaration.name };
        let rooms = invocation.steps.time("keycard", house.rooms(whose, needs, invocation.until)).await?;
        trail.leads_to(&person, &rooms, outcome);
        let row = invocation.steps.time("session", rooms.store.read(ticket.session(), invocation.until)).await?;
        let row = row.ok_or_else(|| Refusal::auth_required("session: no such row"))?;
        let session = row.confirm(&ticket, house.clock.now())?;
        Ok(Admitted { rooms, args, ticket, session })
    }

    fn name_holder(&self, holder: &Holder) {
        self.outcome.name_agent(holder.agent());
        self.outcome.name_subject(holder.subject());
        self.outcome.name_organization(holder.organization());
    }

    /// The rooms of a person's approvals, once it is known that they are theirs to open.
    async fn approvals_of(&self, person: &Subject, declaration: &Declaration, needs: Needs) -> Result<Rooms, Refusal> {
        let person = PersonKey::of(person);
        let whose = Whose { person: &person, session: None, tool: declaration.name };
        let opened = self.house.rooms(whose, needs, self.invocation.until);
        let rooms = self.invocation.steps.time("keycard", opened).await?;
        rooms.name_keycard(self.outcome);
        Ok(rooms)
    }

    async fn mandate<T: Asks<A>, A>(&self, tool: &T, admitted: Admitted<A>) -> Result<(Rooms, Mandate<A>), Refusal> {
        let Admitted { rooms, args, ticket, session } = admitted;
        let Invocation { until, steps, trace, .. } = self.invocation;
        let question = tool.question_of(&ticket, &session, &args)?;
        self.outcome.name_check(&question);
        let traceparent = trace.to_string();
        let asked = rooms.authorizer.ask(&question, Some(&traceparent), *until);
        let decision = steps.time("check", asked).await?;
        self.outcome.name_decision(&decision);
        Ok((rooms, Mandate::issue(tool, ticket, session, decision, args)?))
    }
}
