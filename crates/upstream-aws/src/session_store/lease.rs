//! Refreshing one row's tokens by one caller at a time.
//!
//! The identity provider has used a refresh token up before the row is written, so comparing versions at the write would be
//! too late: whoever wants to refresh takes a lease first. Each step moves the row's version, and the next step is
//! conditional on it; a holder that stalled past its lease finds that the version has moved, and writes nothing. A
//! condition that turns out false means that somebody else did it, which is no error.

use auth::id::SessionHash;
use auth::mandate::Mandate;
use auth::session::Tokens;
use auth::time::Timestamp;
use aws_sdk_dynamodb::operation::update_item::builders::UpdateItemFluentBuilder;
use aws_sdk_dynamodb::primitives::Blob;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use super::{Item, SessionStore, StoreError, key, number, row};
use crate::connection::with_time_to_look;
use crate::seal::Owner;
use upstream_secrets::failure::{Failure, answer};

/// The right to write one row's tokens once. Writing them, or giving the lease back, uses it up.
pub struct Fence {
    hash: SessionHash,
    version: u64,
    holder: String,
}

/// What became of asking for a lease.
#[must_use]
pub enum LeaseOutcome {
    /// It is the caller's.
    Taken(Fence),
    /// Somebody else has it, or the row was written, or has ended, since it was read: read it again.
    HeldOrMoved,
}

/// What became of storing refreshed tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[must_use]
pub enum StoreOutcome {
    /// They are in the row.
    Stored,
    /// The lease had gone to somebody else, or the session has ended: the row has what it had.
    LostToAnother,
}

impl<'a> Owner<'a> {
    fn of_mandate<A>(mandate: &'a Mandate<A>) -> Self {
        Self {
            hash: mandate.session_hash(),
            subject: mandate.subject(),
            organization: mandate.organization(),
            email: mandate.session().email(),
            connection: mandate.session().connection(),
            agent: mandate.session().agent(),
            expires_at: mandate.session().expires_at(),
        }
    }
}

impl SessionStore {
    /// Takes the lease on the mandate's row for `seconds` from `now`, if the row is still as it was read, has not expired,
    /// and nobody holds a lease. `holder` is a random id of this invocation. If the answer is lost, the row is read back.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`.
    pub async fn take_lease<A>(
        &self,
        mandate: &Mandate<A>,
        holder: &str,
        now: Timestamp,
        seconds: u64,
        until: Instant,
    ) -> Result<LeaseOutcome, StoreError> {
        let read = (mandate.session_hash(), mandate.session_version());
        self.take_lease_of(read, holder, now, seconds, until).await
    }

    /// Stores refreshed tokens and ends the lease, if it is still the caller's and the session has not ended. If the tokens
    /// could not be stored, the lease is given back.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`.
    pub async fn store_tokens<A>(
        &self,
        mandate: &Mandate<A>,
        fence: Fence,
        tokens: &Tokens,
        now: Timestamp,
        until: Instant,
    ) -> Result<StoreOutcome, StoreError> {
        self.store_tokens_of(Owner::of_mandate(mandate), fence, tokens, now, until).await
    }

    /// Gives the lease back without having refreshed anything. If it is no longer the caller's, nothing happens.
    ///
    /// # Errors
    /// All of [`StoreError`] but `Unreadable`. The lease then runs out by itself.
    pub async fn release<A>(&self, mandate: &Mandate<A>, fence: Fence, until: Instant) -> Result<(), StoreError> {
        self.release_of(mandate.session_hash(), fence, until).await
    }

    pub(super) async fn take_lease_of(
        &self,
        (hash, version): (&SessionHash, u64),
        holder: &str,
        now: Timestamp,
        seconds: u64,
        until: Instant,
    ) -> Result<LeaseOutcome, StoreError> {
        let fence = Fence { hash: hash.clone(), version: version.saturating_add(1), holder: holder.to_owned() };
        let update = self
            .update(hash, version, fence.version)
            .update_expression("SET #version = :next, lease_holder = :holder, lease_until = :until")
            .condition_expression(
                "#version = :version AND expires_at > :now AND (attribute_not_exists(lease_until) OR lease_until <= :now)",
            )
            .expression_attribute_values(":holder", AttributeValue::S(holder.to_owned()))
            .expression_attribute_values(":until", number(now.plus(seconds).seconds()))
            .expression_attribute_values(":now", number(now.seconds()));
        let ours = |item: &Item| row::version(item) == Some(fence.version) && row::lease_holder(item) == Some(holder);
        let taken = self.written(update, hash, version, ours, until).await?;
        Ok(if taken { LeaseOutcome::Taken(fence) } else { LeaseOutcome::HeldOrMoved })
    }

    pub(super) async fn store_tokens_of(
        &self,
        owner: Owner<'_>,
        fence: Fence,
        tokens: &Tokens,
        now: Timestamp,
        until: Instant,
    ) -> Result<StoreOutcome, StoreError> {
        if fence.hash != *owner.hash {
            return Ok(StoreOutcome::LostToAnother);
        }
        let next = fence.version.saturating_add(1);
        let given_back = Fence { hash: fence.hash, version: fence.version, holder: fence.holder.clone() };
        let sealed = match self.sealed(owner, tokens, with_time_to_look(until)).await {
            Ok(sealed) => sealed,
            Err(error) => {
                let _released = self.release_of(owner.hash, given_back, until).await;
                return Err(error);
            }
        };
        let update = self
            .update(owner.hash, fence.version, next)
            .update_expression("SET #version = :next, sealed = :sealed REMOVE lease_holder, lease_until")
            .condition_expression("#version = :version AND lease_holder = :holder AND expires_at > :now")
            .expression_attribute_values(":holder", AttributeValue::S(fence.holder))
            .expression_attribute_values(":sealed", AttributeValue::B(Blob::new(sealed.as_slice())))
            .expression_attribute_values(":now", number(now.seconds()));
        // Whatever the version: the next holder may have taken its lease on a row that already has these tokens.
        let ours = |item: &Item| row::has_sealed(item, &sealed);
        match self.written(update, owner.hash, given_back.version, ours, until).await {
            Ok(true) => Ok(StoreOutcome::Stored),
            Ok(false) => Ok(StoreOutcome::LostToAnother),
            Err(error) => {
                // Others would otherwise wait for the lease to run out. If this fails too, they do.
                let _released = self.release_of(owner.hash, given_back, until).await;
                Err(error)
            }
        }
    }

    pub(super) async fn release_of(&self, hash: &SessionHash, fence: Fence, until: Instant) -> Result<(), StoreError> {
        if fence.hash != *hash {
            return Ok(());
        }
        let update = self
            .update(hash, fence.version, fence.version.saturating_add(1))
            .update_expression("SET #version = :next REMOVE lease_holder, lease_until")
            .condition_expression("#version = :version AND lease_holder = :holder")
            .expression_attribute_values(":holder", AttributeValue::S(fence.holder));
        match answer(until, update.send()).await {
            Ok(_) | Err(Failure::Condition) => Ok(()),
            Err(failure) => Err(failure.into()),
        }
    }

    fn update(&self, hash: &SessionHash, version: u64, next: u64) -> UpdateItemFluentBuilder {
        self.client
            .update_item()
            .table_name(&self.table)
            .key("session_id", key(hash))
            .expression_attribute_names("#version", "version")
            .expression_attribute_values(":version", number(version))
            .expression_attribute_values(":next", number(next))
    }

    /// Whether the update of the version `before` was written. If its answer was lost, the row says: `ours` recognizes this
    /// very write.
    async fn written(
        &self,
        update: UpdateItemFluentBuilder,
        hash: &SessionHash,
        before: u64,
        ours: impl Fn(&Item) -> bool,
        until: Instant,
    ) -> Result<bool, StoreError> {
        match answer(with_time_to_look(until), update.send()).await {
            Ok(_) => Ok(true),
            Err(Failure::Condition) => Ok(false),
            Err(Failure::Connection | Failure::Unknown) => match self.item(hash, until).await? {
                Some(item) if ours(&item) => Ok(true),
                // Not applied, or not yet: if it still is, the version moves and whoever read the row before it reads again.
                Some(item) if row::version(&item) == Some(before) => Err(StoreError::Unavailable),
                Some(_) | None => Ok(false),
            },
            Err(failure @ (Failure::Throttled | Failure::Setup)) => Err(failure.into()),
        }
    }
}
