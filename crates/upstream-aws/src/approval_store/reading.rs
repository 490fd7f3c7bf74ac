//! What is open, and how what was open ended.

use auth::approval::{Approval, ApprovalReference, Binding, Ending, PersonKey};
use auth::canonical::ArgumentsHash;
use auth::id::SessionHash;
use auth::secret::Secret;
use auth::time::Timestamp;
use tokio::time::Instant;

use super::attributes::{Item, done_key, open_key, string};
use super::{ApprovalError, ApprovalStore};
use crate::connection::two_attempts;
use upstream_secrets::failure::answer;

/// Where an open approval is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpenState {
    /// Written down, and perhaps sent.
    Requested,
    /// On the person's phone.
    Pending,
    /// The person said yes.
    Approved,
    /// A worker is doing it, or died doing it.
    Acting,
}

impl OpenState {
    /// The attribute's text, as in `requested`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Pending => "pending",
            Self::Approved => "approved",
            Self::Acting => "acting",
        }
    }

    pub(super) fn parse(name: &str) -> Option<Self> {
        [Self::Requested, Self::Pending, Self::Approved, Self::Acting].into_iter().find(|state| state.name() == name)
    }
}

/// An open approval, as its person may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenApproval {
    /// Its name.
    pub reference: ApprovalReference,
    /// The tool.
    pub tool: String,
    /// [`Binding::code`], as the phone shows it.
    pub code: String,
    /// The session that asked.
    pub session: SessionHash,
    /// The hash of its arguments.
    pub arguments: ArgumentsHash,
    /// Where it is.
    pub state: OpenState,
    /// When the request ends. The row may still be there after that.
    pub expires_at: Timestamp,
}

/// How an approval ended, as its person may see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndedApproval {
    /// Its name.
    pub reference: ApprovalReference,
    /// The tool.
    pub tool: String,
    /// [`Binding::code`], as the phone showed it.
    pub code: String,
    /// The session that asked.
    pub session: SessionHash,
    /// How it ended.
    pub ending: Ending,
    /// When.
    pub at: Timestamp,
}

/// An open row.
pub(super) struct Open {
    pub(super) approval: Approval,
    pub(super) arguments: Secret,
}

impl OpenApproval {
    /// Nothing if it is over.
    #[must_use]
    pub fn of(approval: &Approval) -> Option<Self> {
        Some(match approval {
            Approval::Requested(requested) => Self::at(OpenState::Requested, &requested.binding),
            Approval::Pending(pending) => Self::at(OpenState::Pending, &pending.binding),
            Approval::Approved(approved) => Self::at(OpenState::Approved, approved.binding()),
            Approval::Acting(acting) => Self::at(OpenState::Acting, &acting.binding),
            Approval::Ended(_) => return None,
        })
    }

    fn at(state: OpenState, binding: &Binding) -> Self {
        Self {
            reference: binding.reference.clone(),
            tool: binding.tool.clone(),
            code: binding.code(),
            session: binding.session.clone(),
            arguments: binding.arguments.clone(),
            state,
            expires_at: binding.expires_at,
        }
    }
}

impl ApprovalStore {
    /// The open approval of this name and its arguments' JSON, by one strongly consistent read. Nothing if there is none:
    /// then [`ApprovalStore::outcome`] may know how it ended. Its time may be over: that is for the state to say.
    ///
    /// # Errors
    /// All of [`ApprovalError`].
    pub async fn read(
        &self,
        person: &PersonKey,
        tool: &str,
        reference: &ApprovalReference,
        until: Instant,
    ) -> Result<Option<(Approval, Secret)>, ApprovalError> {
        let Some(item) = self.item(open_key(person, tool), until).await? else { return Ok(None) };
        let open = self.open_of(person, &item, until).await?;
        let same = OpenApproval::of(&open.approval).is_some_and(|found| found.reference == *reference);
        Ok(same.then_some((open.approval, open.arguments)))
    }

    /// All open approvals of a person, in the order of their tools' names.
    ///
    /// # Errors
    /// All of [`ApprovalError`]; one row that cannot be read is enough for `Unreadable`.
    pub async fn read_open(&self, person: &PersonKey, until: Instant) -> Result<Vec<OpenApproval>, ApprovalError> {
        let mut found = Vec::new();
        for item in self.open_items(person, until).await? {
            let open = self.open_of(person, &item, until).await?;
            found.extend(OpenApproval::of(&open.approval));
        }
        Ok(found)
    }

    /// How the approval of this name ended. Nothing if it has not, or more than seven days ago, or never was.
    ///
    /// # Errors
    /// All of [`ApprovalError`].
    pub async fn outcome(
        &self,
        person: &PersonKey,
        reference: &ApprovalReference,
        until: Instant,
    ) -> Result<Option<EndedApproval>, ApprovalError> {
        match self.item(done_key(person, reference), until).await? {
            None => Ok(None),
            Some(item) => {
                let (ended, _) = self.ended_of(person, reference, &item, until).await?;
                Ok(Some(ended))
            }
        }
    }

    pub(super) async fn item(&self, key: Item, until: Instant) -> Result<Option<Item>, ApprovalError> {
        let get = self
            .client
            .get_item()
            .table_name(&self.table)
            .set_key(Some(key))
            .consistent_read(true)
            .customize()
            .config_override(two_attempts(until))
            .send();
        Ok(answer(until, get).await?.item)
    }

    pub(super) async fn open_items(&self, person: &PersonKey, until: Instant) -> Result<Vec<Item>, ApprovalError> {
        self.items_of(person, "open#", until).await
    }

    /// A person's rows of one kind.
    pub(super) async fn items_of(
        &self,
        person: &PersonKey,
        kind: &str,
        until: Instant,
    ) -> Result<Vec<Item>, ApprovalError> {
        let (mut items, mut next) = (Vec::new(), None);
        loop {
            let query = self
                .client
                .query()
                .table_name(&self.table)
                .key_condition_expression("#person = :person AND begins_with(#sort, :kind)")
                .expression_attribute_names("#person", "person")
                .expression_attribute_names("#sort", "sort")
                .expression_attribute_values(":person", string(person.as_str()))
                .expression_attribute_values(":kind", string(kind))
                .consistent_read(true)
                .set_exclusive_start_key(next)
                .customize()
                .config_override(two_attempts(until))
                .send();
            let page = answer(until, query).await?;
            items.extend(page.items.unwrap_or_default());
            next = page.last_evaluated_key;
            if next.is_none() {
                return Ok(items);
            }
        }
    }
}
