//! What the sealed attributes are bound to.

use auth::approval::{Acting, ApprovalReference, Approved, Binding, Pending, PersonKey, Requested};
use auth::id::SessionHash;
use auth::secret::Secret;
use auth::time::Timestamp;

use super::reading::OpenState;
use super::{ApprovalError, ApprovalStore};
use crate::seal::{Place, joined};

/// The third part of every place, see [`joined`].
const ARGUMENTS: &str = "approval arguments";
const STATE: &str = "approval state";
const OUTCOME: &str = "approval outcome";

/// An open row's state with all that it has.
pub(super) struct Stand<'a> {
    pub(super) binding: &'a Binding,
    pub(super) state: OpenState,
    pub(super) version: u64,
    pub(super) interval: Option<u64>,
    pub(super) next_poll_at: Option<Timestamp>,
    pub(super) holder: Option<&'a str>,
    pub(super) lease_until: Option<Timestamp>,
}

impl<'a> Stand<'a> {
    fn bare(binding: &'a Binding, state: OpenState, version: u64) -> Self {
        Self { binding, state, version, interval: None, next_poll_at: None, holder: None, lease_until: None }
    }

    pub(super) fn of_requested(requested: &'a Requested) -> Self {
        Self::bare(&requested.binding, OpenState::Requested, requested.version)
    }

    pub(super) fn of_pending(pending: &'a Pending) -> Self {
        Self {
            interval: Some(pending.interval),
            next_poll_at: Some(pending.next_poll_at),
            ..Self::bare(&pending.binding, OpenState::Pending, pending.version)
        }
    }

    pub(super) fn of_approved(approved: &'a Approved) -> Self {
        Self::bare(approved.binding(), OpenState::Approved, approved.version())
    }

    pub(super) fn of_acting(acting: &'a Acting) -> Self {
        Self {
            holder: Some(&acting.holder),
            lease_until: Some(acting.lease_until),
            ..Self::bare(&acting.binding, OpenState::Acting, acting.version)
        }
    }
}

/// What a done row says openly.
pub(super) struct Head<'a> {
    pub(super) person: &'a PersonKey,
    pub(super) reference: &'a ApprovalReference,
    pub(super) tool: &'a str,
    pub(super) shown_code: &'a str,
    pub(super) session: &'a SessionHash,
    pub(super) ending: &'a str,
    pub(super) at: Timestamp,
    pub(super) version: u64,
}

struct ArgumentsPlace<'a>(&'a str, &'a Binding);
struct StatePlace<'a>(&'a str, &'a Stand<'a>);
struct OutcomePlace<'a>(&'a str, &'a Head<'a>);

/// The parts that never change, the purpose third.
fn fixed<'a>(table: &'a str, person: &'a str, purpose: &'a str, binding: &'a Binding) -> [Option<&'a str>; 12] {
    [
        Some(table),
        Some(person),
        Some(purpose),
        Some(binding.reference.as_str()),
        Some(binding.tool.as_str()),
        Some(binding.session.as_str()),
        Some(binding.subject.issuer()),
        Some(binding.subject.id()),
        Some(binding.arguments.as_str()),
        binding.organization.as_ref().map(|organization| organization.0.as_str()),
        Some(binding.agent.id.as_str()),
        Some(binding.agent.alias.as_str()),
    ]
}

impl Place for ArgumentsPlace<'_> {
    fn associated_data(&self, version: u8) -> Vec<u8> {
        let person = PersonKey::of(&self.1.subject);
        joined(version, fixed(self.0, person.as_str(), ARGUMENTS, self.1).into_iter())
    }
}

impl Place for StatePlace<'_> {
    fn associated_data(&self, version: u8) -> Vec<u8> {
        let Self(table, stand) = self;
        let person = PersonKey::of(&stand.binding.subject);
        let numbers = [
            Some(stand.version),
            Some(stand.binding.expires_at.seconds()),
            stand.interval,
            stand.next_poll_at.map(Timestamp::seconds),
            stand.lease_until.map(Timestamp::seconds),
        ]
        .map(|number| number.map(|number| number.to_string()));
        let changing = [Some(stand.state.name()), stand.holder].into_iter().chain(numbers.iter().map(Option::as_deref));
        joined(version, fixed(table, person.as_str(), STATE, stand.binding).into_iter().chain(changing))
    }
}

impl Place for OutcomePlace<'_> {
    fn associated_data(&self, version: u8) -> Vec<u8> {
        let Self(table, head) = self;
        let numbers = [head.at.seconds(), head.version].map(|number| number.to_string());
        let (reference, session) = (head.reference.as_str(), head.session.as_str());
        let texts = [table, head.person.as_str(), OUTCOME, reference, head.tool, head.shown_code, session, head.ending];
        joined(version, texts.into_iter().chain(numbers.iter().map(String::as_str)).map(Some))
    }
}

impl ApprovalStore {
    pub(super) fn seal_arguments(&self, binding: &Binding, json: &str) -> Result<Vec<u8>, ApprovalError> {
        self.sealed(&ArgumentsPlace(&self.table, binding), json.as_bytes())
    }

    pub(super) fn open_arguments(&self, binding: &Binding, sealed: &[u8]) -> Option<Secret> {
        self.opened(&ArgumentsPlace(&self.table, binding), sealed)
    }

    /// Seals what a state knows in secret, or nothing, over all that it says openly.
    pub(super) fn seal_state(&self, stand: &Stand<'_>, secret: Option<&Secret>) -> Result<Vec<u8>, ApprovalError> {
        let secret = secret.map_or(&[][..], |secret| secret.expose().as_bytes());
        self.sealed(&StatePlace(&self.table, stand), secret)
    }

    pub(super) fn open_state(&self, stand: &Stand<'_>, sealed: &[u8]) -> Option<Secret> {
        self.opened(&StatePlace(&self.table, stand), sealed)
    }

    /// Seals the words that belong to an ending.
    pub(super) fn seal_outcome(&self, head: &Head<'_>, words: &str) -> Result<Vec<u8>, ApprovalError> {
        self.sealed(&OutcomePlace(&self.table, head), words.as_bytes())
    }

    pub(super) fn open_outcome(&self, head: &Head<'_>, sealed: &[u8]) -> Option<Secret> {
        self.opened(&OutcomePlace(&self.table, head), sealed)
    }

    fn sealed(&self, place: &impl Place, plain: &[u8]) -> Result<Vec<u8>, ApprovalError> {
        self.seal.seal(place, plain).map_err(|_| ApprovalError::Misconfigured)
    }

    fn opened(&self, place: &impl Place, sealed: &[u8]) -> Option<Secret> {
        let plain = self.seal.open(place, sealed).ok()?;
        Some(Secret::new(std::str::from_utf8(&plain).ok()?.to_owned()))
    }
}
