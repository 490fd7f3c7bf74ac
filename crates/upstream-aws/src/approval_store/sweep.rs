//! Ending all that is open of a session, a person or an agent.

use auth::approval::{Approval, Ended, Ending, PersonKey};
use auth::id::{AgentId, SessionHash};
use auth::time::Timestamp;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use super::attributes::{Item, string, text};
use super::reading::OpenApproval;
use super::record::Recording;
use super::write::{ATTEMPTS, pause};
use super::{ApprovalError, ApprovalStore};
use crate::connection::two_attempts;
use upstream_secrets::failure::answer;

/// Whose open approvals are ended.
#[derive(Clone, Copy)]
pub enum Sweep<'a> {
    /// Those of one session of this person, at sign-out.
    Session(&'a PersonKey, &'a SessionHash),
    /// All of this person.
    Person(&'a PersonKey),
    /// All that this agent asked for, found by reading the whole table: for an operator, never in a call.
    Agent(&'a AgentId),
}

/// What became of them.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// Those that were ended here, as they were before.
    pub ended: Vec<OpenApproval>,
    /// Those that somebody is acting on, which are left alone.
    pub acting: Vec<OpenApproval>,
    /// Why it is not known whether that was all; `Unreadable` if a row could not be read, which is no approval then.
    pub problem: Option<ApprovalError>,
}

impl Sweep<'_> {
    /// The scan and the query have looked at agent and person; what is sealed has confirmed both.
    fn covers(&self, open: &OpenApproval) -> bool {
        match self {
            Self::Session(_, session) => open.session == **session,
            Self::Person(_) | Self::Agent(_) => true,
        }
    }
}

impl Swept {
    /// What is told in the end is why something may be left open, rather than that a row cannot be read. Whether another
    /// attempt may help.
    fn met(&mut self, problem: ApprovalError) -> bool {
        if problem != ApprovalError::Unreadable || self.problem.is_none() {
            self.problem = Some(problem);
        }
        matches!(problem, ApprovalError::Busy | ApprovalError::Unavailable)
    }
}

impl ApprovalStore {
    /// Ends every open approval of these in this way but those that are being acted on. What cannot be read or ended does not
    /// keep the others open. What somebody else moved meanwhile, or what the table or KMS was too busy for, is looked at again.
    pub async fn sweep(&self, which: Sweep<'_>, ending: &Ending, now: Timestamp, until: Instant) -> Swept {
        let mut swept = Swept::default();
        for attempt in 0..ATTEMPTS {
            swept.acting.clear();
            swept.problem = None;
            if !self.sweep_once(which, ending, now, until, &mut swept).await {
                return swept;
            }
            if let Err(problem) = pause(attempt, ATTEMPTS, until).await {
                swept.problem = swept.problem.or(Some(problem));
                return swept;
            }
        }
        swept
    }

    /// Whether to look again.
    async fn sweep_once(
        &self,
        which: Sweep<'_>,
        ending: &Ending,
        now: Timestamp,
        until: Instant,
        swept: &mut Swept,
    ) -> bool {
        let (items, unfound) = match which {
            Sweep::Session(person, _) | Sweep::Person(person) => match self.open_items(person, until).await {
                Ok(items) => (items, None),
                Err(problem) => (Vec::new(), Some(problem)),
            },
            Sweep::Agent(agent) => self.open_items_of_agent(agent, until).await,
        };
        let mut again = unfound.is_some_and(|problem| swept.met(problem));
        for item in items {
            let (open, seen) = match self.open_and_seen(&item, until).await {
                Ok(open) => open,
                Err(problem) => {
                    again |= swept.met(problem);
                    continue;
                }
            };
            if !which.covers(&seen) {
                continue;
            }
            let Some(ended) = over(open, ending, now) else {
                swept.acting.push(seen);
                continue;
            };
            match self.record_end(&ended, until).await {
                Ok(Recording::Recorded) => swept.ended.push(seen),
                Ok(Recording::Lost) => again = true,
                Err(problem) => again |= swept.met(problem),
            }
        }
        again
    }

    async fn open_and_seen(&self, item: &Item, until: Instant) -> Result<(Approval, OpenApproval), ApprovalError> {
        let person = text(item, "person").and_then(PersonKey::parse).ok_or(ApprovalError::Unreadable)?;
        let open = self.open_of(&person, item, until).await?;
        let seen = OpenApproval::of(&open.approval).ok_or(ApprovalError::Unreadable)?;
        Ok((open.approval, seen))
    }

    /// Those that were found, and why they may not be all.
    async fn open_items_of_agent(&self, agent: &AgentId, until: Instant) -> (Vec<Item>, Option<ApprovalError>) {
        let (mut items, mut next) = (Vec::new(), None);
        loop {
            let scan = self
                .client
                .scan()
                .table_name(&self.table)
                .filter_expression("begins_with(#sort, :open) AND #agent = :agent")
                .expression_attribute_names("#sort", "sort")
                .expression_attribute_names("#agent", "agent_id")
                .expression_attribute_values(":open", AttributeValue::S("open#".to_owned()))
                .expression_attribute_values(":agent", string(agent.as_str()))
                .consistent_read(true)
                .set_exclusive_start_key(next)
                .customize()
                .config_override(two_attempts(until))
                .send();
            let page = match answer(until, scan).await {
                Ok(page) => page,
                Err(failure) => return (items, Some(failure.into())),
            };
            items.extend(page.items.unwrap_or_default());
            next = page.last_evaluated_key;
            if next.is_none() {
                return (items, None);
            }
        }
    }
}

/// Nothing for what is being acted on.
fn over(approval: Approval, ending: &Ending, now: Timestamp) -> Option<Ended> {
    match approval {
        Approval::Requested(requested) => Some(requested.end(ending.clone(), now)),
        Approval::Pending(pending) => Some(pending.end(ending.clone(), now)),
        Approval::Approved(approved) => Some(approved.end(ending.clone(), now)),
        Approval::Acting(_) | Approval::Ended(_) => None,
    }
}
