//! Where an approval is asked for.

use std::time::Duration;

use auth::approval::{ApprovalReference, Binding, Ending, Notice, Requested, USUAL_INTERVAL};
use auth::canonical::ArgumentsHash;
use auth::mandate::Mandate;
use auth::refusal::{Code, Refusal};
use aws_lc_rs::digest;
use tokio::time::Instant;
use upstream_aws::{ApprovalKey, ApprovalStore, OpenApproval, OpenState, Recording, Requesting};
use upstream_http::auth0::ciba::{Ciba, StartError};

use super::{Approvable, Order, told};
use crate::answer::{Answer, clean_text};
use crate::guard::Way;
use crate::house::Rooms;

/// With less time than this left, nobody is asked: the answer could not be written down.
const NEEDED: Duration = Duration::from_secs(2);
/// The longest description of what is to be done, in characters.
const LONGEST_DESCRIPTION: usize = 240;

/// Asks for approvals: writes the request down, wakes the worker, sends the push. In this order, so that no push goes out
/// that nobody polls for, and no request is sent a second time.
pub struct Desk {
    /// The name of the table of approvals.
    pub table: String,
    /// The URL of the worker's queue.
    pub queue: String,
    /// The provider.
    pub ciba: Ciba,
    /// How long a person has to answer, in seconds: 1 to 300.
    pub seconds: u64,
}

impl Desk {
    /// Asks the mandate's person. A success only for a call that is delivered a second time, after all is done.
    pub(crate) async fn ask<T: Approvable>(
        &self,
        tool: &T,
        mandate: &Mandate<T::Args>,
        rooms: &Rooms,
        way: &Way<'_>,
    ) -> Result<Answer, Refusal> {
        let (now, until) = (way.house.clock.now(), way.invocation.until);
        if until.saturating_duration_since(Instant::now()) < NEEDED {
            return Err(Refusal::busy("approval: too little time left to ask", 1));
        }
        let unhashable = || Refusal::new(Code::Internal, "approval: the arguments have no canonical form");
        let arguments = ArgumentsHash::of(mandate.args()).ok_or_else(unhashable)?;
        let order = Order { args: mandate.args(), described: tool.describe(mandate.args()) };
        let json = serde_json::to_string(&order).map_err(|_| unhashable())?;
        let binding = Binding {
            reference: reference_of(&way.invocation.request_id, mandate, T::NAME, &arguments),
            subject: mandate.subject().clone(),
            session: mandate.session_hash().clone(),
            organization: mandate.organization().cloned(),
            agent: mandate.agent().clone(),
            tool: T::NAME.to_owned(),
            arguments,
            expires_at: now.plus(self.seconds),
        };
        way.outcome.name_approval(&binding.reference);
        way.outcome.name_arguments(Some(binding.arguments.clone()));
        let store = rooms.approvals(&self.table);
        match Box::pin(store.request(&binding, &json, now, until)).await? {
            Requesting::Recorded(requested) => Err(self.push(tool, mandate, requested, (rooms, &store), way).await),
            Requesting::AlreadyOpen(open) if open.arguments == binding.arguments && open.session == binding.session => {
                Err(told::open(&open, now))
            }
            Requesting::AlreadyOpen(open) => Err(occupied(&open, way)),
            Requesting::Over(ended) => told::ended(&ended),
            Requesting::TooMany { seconds } => Err(Refusal::busy("approval: too many starts in a minute", seconds)
                .saying(format!("You were asked for this several times in a row. Please wait {seconds} seconds."))),
            Requesting::Declined { seconds } => {
                Err(Refusal::new(Code::ApprovalDenied, "approval: declined a moment ago").saying(format!(
                    "You declined this a moment ago, so nothing was done. It can be asked again in {seconds} seconds."
                )))
            }
        }
    }

    async fn push<T: Approvable>(
        &self,
        tool: &T,
        mandate: &Mandate<T::Args>,
        requested: Requested,
        (rooms, store): (&Rooms, &ApprovalStore),
        way: &Way<'_>,
    ) -> Refusal {
        let (clock, until) = (&way.house.clock, way.invocation.until);
        let key = ApprovalKey::of(&requested.binding);
        // A queue that does not answer must leave the time to write down that nobody was asked.
        let to_send = until.checked_sub(NEEDED).unwrap_or(until);
        if let Err(error) = Box::pin(rooms.queue(&self.queue).send(&key, USUAL_INTERVAL, to_send)).await {
            return not_asked(requested, error.into(), store, way).await;
        }
        if until.saturating_duration_since(Instant::now()) < NEEDED {
            let refusal = Refusal::busy("approval: too little time left to ask", 1);
            return not_asked(requested, refusal, store, way).await;
        }
        let sent = clock.now();
        let asked = self.ciba.start(mandate, &requested.binding, T::LABEL, sent, until);
        let started = match Box::pin(asked).await {
            Ok(started) => started,
            // The push may be on the phone: the place stays taken until its time is over, so that no second one goes out.
            Err(error @ StartError::Unknown(_)) => return error.into(),
            Err(error) => return not_asked(requested, error.into(), store, way).await,
        };
        let pending = requested.started(started, sent, clock.now());
        match Box::pin(store.record_pending(&pending, until)).await {
            Ok(Recording::Recorded) => pushed(tool, mandate, &pending.binding, way),
            // The push is out, but without its id nobody can poll for the answer; the worker ends the row by its time.
            Ok(Recording::Lost) | Err(_) => StartError::Unknown("the answer could not be written down").into(),
        }
    }
}

/// Ends a request for which no poll can follow. If that cannot be written, the worker ends it by its time.
async fn not_asked(requested: Requested, refusal: Refusal, store: &ApprovalStore, way: &Way<'_>) -> Refusal {
    let ended = requested.end(Ending::from(&refusal), way.house.clock.now());
    let _written = Box::pin(store.record_end(&ended, way.invocation.until)).await;
    refusal
}

/// The answer to whoever asked: what, on what, for whom, and the code that the phone shows too.
fn pushed<T: Approvable>(tool: &T, mandate: &Mandate<T::Args>, binding: &Binding, way: &Way<'_>) -> Refusal {
    let notice = Notice::of(binding, way.house.clock.now());
    let what = clean_text(&tool.describe(mandate.args()), LONGEST_DESCRIPTION);
    let whom = mandate.session().email().map_or("you", |email| email.as_str());
    let words = format!(
        "{what}, for {whom}, needs your approval. Answer the request with the code {code} on your phone within {seconds} \
         seconds. Nothing is done before that. The request's reference is {reference}.",
        code = notice.code,
        seconds = notice.expires_in_seconds,
        reference = notice.reference.as_str(),
    );
    Refusal::approval_pending("approval: asked", notice).saying(words)
}

/// A request with other arguments, or of another session, is in the way: this one needs its own approval, one at a time.
fn occupied(open: &OpenApproval, way: &Way<'_>) -> Refusal {
    let seconds = open.expires_at.since(way.house.clock.now());
    let words = match open.state {
        OpenState::Requested => format!(
            "Another request of yours for this, with the code {}, is on its way. Whether it has reached your phone is not \
             known yet. Please wait.",
            open.code
        ),
        OpenState::Pending => format!(
            "Another request of yours for this, with the code {}, still waits for your answer on your phone. Please answer \
             it first.",
            open.code
        ),
        OpenState::Approved | OpenState::Acting => {
            format!("Another request of yours for this, with the code {}, is still being done. Please wait.", open.code)
        }
    };
    Refusal::busy("approval: another one is open for this tool", seconds).saying(words)
}

/// A second delivery of the same event asks under the same name, and so finds the first.
fn reference_of<A>(request_id: &str, mandate: &Mandate<A>, tool: &str, arguments: &ArgumentsHash) -> ApprovalReference {
    let named = [request_id, mandate.session_hash().as_str(), tool, arguments.as_str()].join("\n");
    let hash = digest::digest(&digest::SHA256, named.as_bytes());
    let mut bytes = [0; 16];
    bytes.iter_mut().zip(hash.as_ref()).for_each(|(byte, of_hash)| *byte = *of_hash);
    ApprovalReference::of(&bytes)
}
