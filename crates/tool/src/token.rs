//! The person's token at the provider: the stored one, or a fresh exchange that only one worker makes at a time.

use std::time::Duration;

use auth::mandate::Mandate;
use auth::refusal::Refusal;
use auth::scope::Scopes;
use auth::session::FederatedToken;
use function::serve::Invocation;
use upstream_aws::{LeaseOutcome, StoreOutcome};

use crate::house::House;

/// Longer than the exchange may take, so that a lease ends only after its holder has given up.
const LEASE_SECONDS: u64 = 15;
/// How long to wait before looking whether another worker has finished its exchange.
const LOOK_AGAIN: Duration = Duration::from_millis(200);
/// How often to look.
const MOST_LOOKS: u32 = 10;

/// A token that covers `needed` and is not `refused`.
pub(crate) async fn obtain<A>(
    house: &House,
    mandate: &mut Mandate<A>,
    needed: &Scopes,
    refused: Option<&FederatedToken>,
    invocation: &Invocation,
) -> Result<FederatedToken, Refusal> {
    let Invocation { until, steps, .. } = invocation;
    let until = *until;
    for _ in 0..MOST_LOOKS {
        let now = house.clock.now();
        let stored = mandate
            .federated_token(needed, now)
            .filter(|stored| !refused.is_some_and(|old| old.access_token.same_as(&stored.access_token)));
        if let Some(token) = stored {
            return Ok(token.clone());
        }
        let leased = mandate.is_leased(now);
        if !leased {
            let holder = invocation.reference.as_str().to_owned();
            let lease = Box::pin(house.store.take_lease(mandate, &holder, now, LEASE_SECONDS, until));
            if let LeaseOutcome::Taken(fence) = steps.time("lease", lease).await? {
                let exchanged = steps.time("exchange", house.vault.exchange(mandate, now, until)).await;
                let token = match exchanged {
                    Ok(token) => token,
                    Err(error) => {
                        // The lease ends by itself if it cannot be given back.
                        let _released = house.store.release(mandate, fence, until).await;
                        return Err(error.into());
                    }
                };
                let tokens = mandate.renewed_tokens(token.clone());
                let write = Box::pin(house.store.store_tokens(mandate, fence, &tokens, house.clock.now(), until));
                if let StoreOutcome::Stored = steps.time("store", write).await? {
                    return Ok(token);
                }
            }
        } else {
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        let row = steps.time("session", house.store.read(mandate.session_hash(), until)).await?;
        let row = row.ok_or_else(|| Refusal::auth_required("session: ended during the call"))?;
        mandate.reread(row, house.clock.now())?;
    }
    Err(Refusal::busy("vault: another worker is still refreshing the token", 2))
}
