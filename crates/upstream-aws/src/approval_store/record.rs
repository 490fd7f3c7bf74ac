//! From one state to the next.

use auth::approval::{Acting, Approved, Pending, Permit, PersonKey, Spending};
use auth::secret::Secret;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use tokio::time::Instant;

use super::attributes::{bytes, count, number, open_key, string, text};
use super::reading::OpenState;
use super::row::changing;
use super::sealing::Stand;
use super::write::{ATTEMPTS, pause};
use super::{ApprovalError, ApprovalStore};
use crate::connection::with_time_to_look;
use upstream_secrets::failure::{Failure, answer};

/// What became of writing a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum Recording {
    /// It is in the table.
    Recorded,
    /// Somebody else moved the row first, or ended it: the table has what they wrote.
    Lost,
}

/// What became of spending an approval.
#[must_use]
#[expect(clippy::large_enum_variant, reason = "it is taken apart where it is made")]
pub enum Spent {
    /// This caller, and nobody else, may act, once.
    Yes(Acting, Permit),
    /// Somebody else spent it, or ended it.
    Lost,
}

/// Where the row is after a write whose answer was lost.
enum Found {
    Ours,
    Before,
    Moved,
}

impl ApprovalStore {
    /// Writes requested → pending.
    ///
    /// # Errors
    /// All of [`ApprovalError`] but `Unreadable`.
    pub async fn record_pending(&self, pending: &Pending, until: Instant) -> Result<Recording, ApprovalError> {
        self.advance(&Stand::of_pending(pending), OpenState::Requested, Some(&pending.auth_req_id), until).await
    }

    /// Writes pending → pending: what a poll changed.
    ///
    /// # Errors
    /// All of [`ApprovalError`] but `Unreadable`.
    pub async fn record_poll(&self, pending: &Pending, until: Instant) -> Result<Recording, ApprovalError> {
        self.advance(&Stand::of_pending(pending), OpenState::Pending, Some(&pending.auth_req_id), until).await
    }

    /// Writes pending → approved. The provider's id of the request goes away with it.
    ///
    /// # Errors
    /// All of [`ApprovalError`] but `Unreadable`.
    pub async fn record_approved(&self, approved: &Approved, until: Instant) -> Result<Recording, ApprovalError> {
        self.advance(&Stand::of_approved(approved), OpenState::Pending, None, until).await
    }

    /// Writes approved → acting, which one caller at most gets done, and gives that one the permit.
    ///
    /// # Errors
    /// All of [`ApprovalError`] but `Unreadable`. There is no permit then, though the row may say that this caller acts:
    /// whoever finds it so after the lease must call it unknown.
    pub async fn spend(&self, spending: Spending, until: Instant) -> Result<Spent, ApprovalError> {
        let recording = self.advance(&Stand::of_acting(spending.acting()), OpenState::Approved, None, until).await?;
        Ok(match recording {
            Recording::Lost => Spent::Lost,
            Recording::Recorded => {
                let (acting, permit) = spending.written();
                Spent::Yes(acting, permit)
            }
        })
    }

    /// Repeated while nobody can say what became of it: the sealed bytes tell this very write from any other.
    async fn advance(
        &self,
        stand: &Stand<'_>,
        from: OpenState,
        secret: Option<&Secret>,
        until: Instant,
    ) -> Result<Recording, ApprovalError> {
        let sealed = self.seal_state(stand, secret, with_time_to_look(until)).await?;
        let update = self.update(stand, from, &sealed);
        let (mut sent, mut problem) = (false, ApprovalError::Busy);
        for attempt in 0..ATTEMPTS {
            match answer(with_time_to_look(until), update.clone().send()).await {
                Ok(_) => return Ok(Recording::Recorded),
                Err(Failure::Condition) if !sent => return Ok(Recording::Lost),
                Err(Failure::Setup) => return Err(ApprovalError::Misconfigured),
                Err(Failure::Throttled) => problem = ApprovalError::Busy,
                Err(Failure::Condition | Failure::Connection | Failure::Unknown) => {
                    (sent, problem) = (true, ApprovalError::Unavailable);
                    match self.found(stand, &sealed, until).await? {
                        Found::Ours => return Ok(Recording::Recorded),
                        Found::Moved => return Ok(Recording::Lost),
                        Found::Before => {}
                    }
                }
            }
            pause(attempt, ATTEMPTS, until).await.map_err(|_| problem)?;
        }
        Err(problem)
    }

    fn update(&self, stand: &Stand<'_>, from: OpenState, sealed: &[u8]) -> UpdateItemFluentBuilder {
        let (mut set, mut removed) = (Vec::new(), Vec::new());
        let mut update = self
            .client
            .update_item()
            .table_name(&self.table)
            .set_key(Some(open_key(&PersonKey::of(&stand.binding.subject), &stand.binding.tool)))
            .condition_expression("#reference = :reference AND #version = :before AND #state = :from")
            .expression_attribute_names("#reference", "reference")
            .expression_attribute_values(":reference", string(stand.binding.reference.as_str()))
            .expression_attribute_values(":before", number(stand.version.saturating_sub(1)))
            .expression_attribute_values(":from", string(from.name()));
        for (name, value) in changing(stand, sealed) {
            update = update.expression_attribute_names(format!("#{name}"), name);
            match value {
                None => removed.push(format!("#{name}")),
                Some(value) => {
                    set.push(format!("#{name} = :{name}"));
                    update = update.expression_attribute_values(format!(":{name}"), value);
                }
            }
        }
        update.update_expression(format!("SET {} REMOVE {}", set.join(", "), removed.join(", ")))
    }

    async fn found(&self, stand: &Stand<'_>, sealed: &[u8], until: Instant) -> Result<Found, ApprovalError> {
        let key = open_key(&PersonKey::of(&stand.binding.subject), &stand.binding.tool);
        let Some(item) = self.item(key, until).await? else { return Ok(Found::Moved) };
        let same = text(&item, "reference") == Some(stand.binding.reference.as_str());
        Ok(if bytes(&item, "sealed") == Some(sealed) {
            Found::Ours
        } else if same && count(&item, "version") == Some(stand.version.saturating_sub(1)) {
            Found::Before
        } else {
            Found::Moved
        })
    }
}
