//! From the approval to its outcome: everything is checked again, then the approval is spent, then the deed is done.

use std::pin::Pin;
use std::time::Duration;

use auth::approval::{Approved, Ended, Ending, PersonKey};
use auth::mandate::Mandate;
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use function::serve::Invocation;
use function::telemetry::Outcome;
use tokio::time::{Instant, timeout_at};
use upstream_aws::{ApprovalStore, Recording, Spent};

use super::{Approvable, Deed, Order};
use crate::arguments::Undeclarable;
use crate::declaration::Declared;
use crate::house::{House, Needs, Rooms, Whose};
use crate::token;
use crate::tool::Acting;

/// For so long a worker that has spent an approval may be acting; after that it is taken for dead.
const LEASE_SECONDS: u64 = 30;
/// The deed must be over by then, so that its outcome is written while the lease lasts.
const LONGEST_DEED: Duration = Duration::from_secs(20);
/// What must be left of the invocation when an approval is spent, and what of that is for writing the outcome.
const NEEDED: Duration = Duration::from_secs(8);
const TO_WRITE: Duration = Duration::from_secs(2);
/// How long to wait before trying again what failed for now, in seconds, unless a service asks for more.
const TRY_AGAIN: u64 = 5;

/// What a deed is done with.
pub struct Worksite<'a> {
    /// Vault and clock.
    pub house: &'a House,
    /// The table of approvals.
    pub approvals: &'a ApprovalStore,
    /// The call of the worker.
    pub invocation: &'a Invocation,
    /// What is told of the call.
    pub outcome: &'a Outcome,
}

/// What became of an approval that was resumed.
pub enum Resumed {
    /// It is over, and the table says how.
    Ended {
        /// How.
        ending: Ending,
        /// Why it was not done, if it was not: for the log and the record.
        refusal: Option<Refusal>,
    },
    /// It is not spent: try again after so many seconds.
    Later {
        /// Seconds, at least 1.
        seconds: u64,
        /// Why not now.
        refusal: Refusal,
    },
    /// Somebody else spent it or ended it.
    Lost,
    /// It was acted on and came to this, but somebody has called it something else meanwhile.
    Unrecorded(Ending),
}

/// Why a deed is not begun: it ends the approval, or is tried again.
struct Halt(Refusal);

/// The deeds that a worker can do, by the names of their tools.
#[derive(Default)]
pub struct Deeds(Vec<(&'static str, Box<dyn AnyDeed>)>);

type Running<'a> = Pin<Box<dyn Future<Output = Result<Resumed, Refusal>> + 'a>>;

trait AnyDeed {
    fn resume<'a>(&'a self, site: Worksite<'a>, approved: Approved, arguments: &'a Secret) -> Running<'a>;
}

impl<T: Approvable> AnyDeed for T {
    fn resume<'a>(&'a self, site: Worksite<'a>, approved: Approved, arguments: &'a Secret) -> Running<'a> {
        Box::pin(resume(self, site, approved, arguments))
    }
}

impl Deeds {
    /// With one more.
    ///
    /// # Errors
    /// [`Undeclarable`], as for the function that asks for the approval.
    pub fn with<T: Approvable + 'static>(mut self, tool: T) -> Result<Self, Undeclarable> {
        super::check_label(T::LABEL)?;
        let name = <T as Declared>::declaration()?.name;
        if self.name_of(name).is_some() {
            return Err(Undeclarable::Twice(name));
        }
        self.0.push((name, Box::new(tool)));
        Ok(self)
    }

    /// The tool's name as the program has it, if it is one of these.
    #[must_use]
    pub fn name_of(&self, tool: &str) -> Option<&'static str> {
        self.0.iter().map(|(name, _)| *name).find(|name| *name == tool)
    }

    /// Takes an approval that was given to its end, as far as that goes now. `arguments` is their JSON.
    ///
    /// # Errors
    /// What became of it could not be written down, or is not known: look at it again.
    pub async fn resume(&self, site: Worksite<'_>, approved: Approved, arguments: &Secret) -> Result<Resumed, Refusal> {
        let tool = approved.binding().tool.clone();
        match self.0.iter().find(|(name, _)| *name == tool) {
            Some((_, deed)) => deed.resume(site, approved, arguments).await,
            None => site.end_approved(approved, Refusal::new(Code::Internal, "worker: no such tool")).await,
        }
    }
}

async fn resume<T: Approvable>(
    tool: &T,
    site: Worksite<'_>,
    approved: Approved,
    arguments: &Secret,
) -> Result<Resumed, Refusal> {
    let binding = approved.binding();
    let person = PersonKey::of(&binding.subject);
    let whose = Whose { person: &person, session: Some(&binding.session), tool: T::NAME };
    let opened = site.house.rooms(whose, Needs::Resumes, site.invocation.until);
    let rooms = match site.invocation.steps.time("keycard", opened).await {
        Ok(rooms) => rooms,
        Err(refusal) => return site.halt(approved, refusal).await,
    };
    rooms.name_keycard(site.outcome);
    let begun = begin(tool, &site, &rooms, &approved, arguments).await;
    let (acting, prepared) = match begun {
        Ok(ready) => ready,
        Err(Halt(refusal)) => return site.halt(approved, refusal).await,
    };
    let Worksite { house, approvals, invocation, .. } = &site;
    let holder = token::holder()?;
    let (now, began) = (house.clock.now(), Instant::now());
    let spending = match approved.spend(&acting.mandate, T::NAME, &holder, now, LEASE_SECONDS) {
        Ok(spending) => spending,
        Err(unspent) => {
            let (approved, refusal) = *unspent;
            return site.end_approved(approved, refusal).await;
        }
    };
    let spent = Box::pin(approvals.spend(spending, invocation.until));
    let Spent::Yes(held, permit) = invocation.steps.time("spend", spent).await? else { return Ok(Resumed::Lost) };
    let until = invocation.until.checked_sub(TO_WRITE).unwrap_or(began).min(began + LONGEST_DEED);
    let deed = if Instant::now() < until {
        let deed = timeout_at(until, tool.act(&acting, prepared, permit));
        invocation.steps.time("act", deed).await.unwrap_or(Deed::Unknown)
    } else {
        Deed::NotDone(Refusal::new(Code::Unavailable, "worker: no time left after spending"))
    };
    let (ending, refusal) = match deed {
        Deed::Done { words } => (Ending::Done { words }, None),
        Deed::NotDone(refusal) => (Ending::from(&refusal), Some(refusal)),
        Deed::Unknown => (Ending::Unknown, None),
    };
    let ended = held.end(ending, house.clock.now());
    match site.end(&ended, refusal).await? {
        Resumed::Lost => Ok(Resumed::Unrecorded(ended.ending)),
        told @ (Resumed::Ended { .. } | Resumed::Later { .. } | Resumed::Unrecorded(_)) => Ok(told),
    }
}

/// All that comes before spending, in the order in which it can go wrong most cheaply.
async fn begin<'a, T: Approvable>(
    tool: &T,
    site: &Worksite<'a>,
    rooms: &'a Rooms,
    approved: &Approved,
    arguments: &Secret,
) -> Result<(Acting<'a, T::Args>, T::Prepared), Halt> {
    let Worksite { house, invocation, .. } = site;
    let Invocation { until, steps, trace, .. } = invocation;
    let unreadable = |_| Halt(Refusal::new(Code::Internal, "worker: the arguments cannot be read"));
    let Order { args, described } = serde_json::from_str::<Order<T::Args>>(arguments.expose()).map_err(unreadable)?;
    if described != tool.describe(&args) {
        // The two functions are set up differently by now: what would be done is not what the person has read.
        let words = "By now it would be something else than you were told. Nothing was done. Please ask again.";
        return Err(Halt(Refusal::new(Code::Internal, "worker: the deed is described otherwise by now").saying(words)));
    }
    let row = steps.time("session", rooms.store.read(&approved.binding().session, *until)).await;
    let row = row.map_err(|error| Halt(error.into()))?;
    let row = row.ok_or_else(|| Halt(Refusal::auth_required("session: ended before the approval was used")))?;
    let session = row.confirm_approved(approved, house.clock.now()).map_err(Halt)?;
    let question = tool.question_again(approved, &session, &args).map_err(Halt)?;
    site.outcome.name_check(&question);
    let traceparent = trace.to_string();
    let asked = rooms.authorizer.ask(&question, Some(&traceparent), *until);
    let decision = steps.time("check", asked).await.map_err(Halt)?;
    site.outcome.name_decision(&decision);
    let mandate = Mandate::resume(tool, approved, session, decision, args).map_err(Halt)?;
    let mut acting = Acting { mandate, invocation, house, rooms, needed: tool.scopes() };
    let prepared = steps.time("prepare", tool.prepare(&mut acting)).await.map_err(Halt)?;
    if until.saturating_duration_since(Instant::now()) < NEEDED {
        return Err(Halt(Refusal::busy("worker: too little time left to act", 1)));
    }
    Ok((acting, prepared))
}

impl Worksite<'_> {
    /// Tries again what may work in a while, as long as the approval lives; ends it for any other reason.
    async fn halt(&self, approved: Approved, refusal: Refusal) -> Result<Resumed, Refusal> {
        let passes = matches!(refusal.code(), Code::Busy | Code::Unavailable);
        let seconds = refusal.retry_after_seconds().unwrap_or(0).max(TRY_AGAIN);
        let left = approved.binding().expires_at.since(self.house.clock.now());
        if passes && seconds < left {
            return Ok(Resumed::Later { seconds, refusal });
        }
        self.end_approved(approved, refusal).await
    }

    async fn end_approved(&self, approved: Approved, refusal: Refusal) -> Result<Resumed, Refusal> {
        let ending = match Ending::from(&refusal) {
            // It was answered in time: what came too late is the worker.
            Ending::Expired => Ending::Failed { code: Code::Unavailable, words: TOO_LATE.to_owned() },
            ending @ (Ending::Done { .. } | Ending::Denied | Ending::Failed { .. } | Ending::Unknown) => ending,
        };
        self.end(&approved.end(ending, self.house.clock.now()), Some(refusal)).await
    }

    async fn end(&self, ended: &Ended, refusal: Option<Refusal>) -> Result<Resumed, Refusal> {
        let written = Box::pin(self.approvals.record_end(ended, self.invocation.until));
        Ok(match self.invocation.steps.time("record", written).await? {
            Recording::Recorded => Resumed::Ended { ending: ended.ending.clone(), refusal },
            Recording::Lost => Resumed::Lost,
        })
    }
}

const TOO_LATE: &str = "It was approved, but could not be done in time. Nothing was done.";
