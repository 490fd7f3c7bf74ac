//! The person's token at the provider: the stored one, or a fresh exchange that only one worker makes at a time.

use std::time::Duration;

use auth::mandate::Mandate;
use auth::refusal::{Code, Refusal};
use auth::scope::Scopes;
use auth::session::{FederatedToken, Wanted};
use aws_lc_rs::rand;
use function::serve::Invocation;
use tokio::time::Instant;
use upstream_aws::{LeaseOutcome, StoreOutcome};

use crate::house::{House, Rooms};

/// How long nobody else may exchange, from the moment at which the lease is asked for.
const LEASE_SECONDS: u64 = 15;
/// Asking for the lease may take this much of it,
const ASKING: Duration = Duration::from_secs(3);
/// and the exchange must be over by then, so that two exchanges never run side by side.
const EXCHANGED: Duration = Duration::from_secs(13);
/// How long to wait before looking whether another worker has finished its exchange.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How often to look.
const MOST_LOOKS: u32 = 10;

/// A token of the vault's connection that covers `needed`; a stored one is not `refused`.
pub(crate) async fn obtain<A>(
    (house, rooms): (&House, &Rooms),
    mandate: &mut Mandate<A>,
    needed: &Scopes,
    refused: Option<&FederatedToken>,
    invocation: &Invocation,
) -> Result<FederatedToken, Refusal> {
    let Invocation { until, steps, .. } = invocation;
    let wanted = Wanted { connection: house.vault.connection(), scopes: needed };
    for _ in 0..MOST_LOOKS {
        let now = house.clock.now();
        let stored = mandate
            .federated_token(&wanted, now)
            .filter(|stored| !refused.is_some_and(|old| old.access_token.same_as(&stored.access_token)));
        if let Some(token) = stored {
            return Ok(token.clone());
        }
        if mandate.is_leased(now) {
            tokio::time::sleep(LOOK_AGAIN).await;
        } else if let Some(token) = Box::pin(exchange((house, rooms), mandate, invocation)).await? {
            if !token.scopes.cover(needed) {
                return Err(Refusal::new(Code::Internal, "vault: the token lacks a scope that the tool needs"));
            }
            return Ok(token);
        }
        let row = steps.time("session", rooms.store.read(mandate.session_hash(), *until)).await?;
        let row = row.ok_or_else(|| Refusal::auth_required("session: ended during the call"))?;
        mandate.reread(row, house.clock.now())?;
    }
    Err(Refusal::busy("vault: another worker is still refreshing the token", 2))
}

/// A fresh token, exchanged and stored under the lease; nothing if somebody else was first.
async fn exchange<A>(
    (house, rooms): (&House, &Rooms),
    mandate: &Mandate<A>,
    invocation: &Invocation,
) -> Result<Option<FederatedToken>, Refusal> {
    let Invocation { until, steps, .. } = invocation;
    let (begun, now, holder) = (Instant::now(), house.clock.now(), holder()?);
    let asking = (*until).min(begun + ASKING);
    let lease = Box::pin(rooms.store.take_lease(mandate, &holder, now, LEASE_SECONDS, asking));
    let LeaseOutcome::Taken(fence) = steps.time("lease", lease).await? else { return Ok(None) };
    let exchanged = (*until).min(begun + EXCHANGED);
    let token = match steps.time("exchange", house.vault.exchange(mandate, now, exchanged)).await {
        Ok(token) => token,
        Err(error) => {
            // The lease ends by itself if it cannot be given back.
            let _released = rooms.store.release(mandate, fence, *until).await;
            return Err(error.into());
        }
    };
    let tokens = mandate.renewed_tokens(token.clone());
    let write = Box::pin(rooms.store.store_tokens(mandate, fence, &tokens, house.clock.now(), *until));
    match steps.time("store", write).await? {
        StoreOutcome::Stored => Ok(Some(token)),
        StoreOutcome::LostToAnother => Ok(None),
    }
}

/// Names this very attempt: a second delivery of the same event is another one.
pub(crate) fn holder() -> Result<String, Refusal> {
    let mut bytes = [0_u8; 16];
    rand::fill(&mut bytes).map_err(|_| Refusal::new(Code::Internal, "no random bytes"))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}
