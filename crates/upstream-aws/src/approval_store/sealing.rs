//! What the sealed attributes are bound to.

use auth::approval::{Acting, ApprovalReference, Approved, Binding, Pending, PersonKey, Requested};
use auth::encryption_context::EncryptionContext;
use auth::id::SessionHash;
use auth::secret::Secret;
use auth::time::Timestamp;
use tokio::time::Instant;

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
    fn context(&self) -> EncryptionContext {
        EncryptionContext::of_approvals(self.0, &PersonKey::of(&self.1.subject))
    }

    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        let person = PersonKey::of(&self.1.subject);
        joined(head, fixed(self.0, person.as_str(), ARGUMENTS, self.1).into_iter())
    }
}

impl Place for StatePlace<'_> {
    fn context(&self) -> EncryptionContext {
        EncryptionContext::of_approvals(self.0, &PersonKey::of(&self.1.binding.subject))
    }

    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
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
        joined(head, fixed(table, person.as_str(), STATE, stand.binding).into_iter().chain(changing))
    }
}

impl Place for OutcomePlace<'_> {
    fn context(&self) -> EncryptionContext {
        EncryptionContext::of_approvals(self.0, self.1.person)
    }

    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        let Self(table, done) = self;
        let numbers = [done.at.seconds(), done.version].map(|number| number.to_string());
        let (reference, session) = (done.reference.as_str(), done.session.as_str());
        let texts = [table, done.person.as_str(), OUTCOME, reference, done.tool, done.shown_code, session, done.ending];
        joined(head, texts.into_iter().chain(numbers.iter().map(String::as_str)).map(Some))
    }
}

impl ApprovalStore {
    pub(super) async fn seal_arguments(
        &self,
        binding: &Binding,
        json: &str,
        until: Instant,
    ) -> Result<Vec<u8>, ApprovalError> {
        Ok(self.seal.seal(&ArgumentsPlace(&self.table, binding), json.as_bytes(), until).await?)
    }

    pub(super) async fn open_arguments(
        &self,
        binding: &Binding,
        sealed: &[u8],
        until: Instant,
    ) -> Result<Secret, ApprovalError> {
        self.opened(&ArgumentsPlace(&self.table, binding), sealed, until).await
    }

    /// Seals what a state knows in secret, or nothing, over all that it says openly.
    pub(super) async fn seal_state(
        &self,
        stand: &Stand<'_>,
        secret: Option<&Secret>,
        until: Instant,
    ) -> Result<Vec<u8>, ApprovalError> {
        let secret = secret.map_or(&[][..], |secret| secret.expose().as_bytes());
        Ok(self.seal.seal(&StatePlace(&self.table, stand), secret, until).await?)
    }

    pub(super) async fn open_state(
        &self,
        stand: &Stand<'_>,
        sealed: &[u8],
        until: Instant,
    ) -> Result<Secret, ApprovalError> {
        self.opened(&StatePlace(&self.table, stand), sealed, until).await
    }

    /// Seals the words that belong to an ending.
    pub(super) async fn seal_outcome(
        &self,
        head: &Head<'_>,
        words: &str,
        until: Instant,
    ) -> Result<Vec<u8>, ApprovalError> {
        Ok(self.seal.seal(&OutcomePlace(&self.table, head), words.as_bytes(), until).await?)
    }

    pub(super) async fn open_outcome(
        &self,
        head: &Head<'_>,
        sealed: &[u8],
        until: Instant,
    ) -> Result<Secret, ApprovalError> {
        self.opened(&OutcomePlace(&self.table, head), sealed, until).await
    }

    async fn opened(&self, place: &impl Place, sealed: &[u8], until: Instant) -> Result<Secret, ApprovalError> {
        let plain = self.seal.open(place, sealed, until).await?;
        let text = std::str::from_utf8(&plain).map_err(|_| ApprovalError::Unreadable)?;
        Ok(Secret::new(text.to_owned()))
    }
}
