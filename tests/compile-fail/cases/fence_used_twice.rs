use auth::mandate::Mandate;
use auth::session::Tokens;
use auth::time::Timestamp;
use tokio::time::Instant;
use upstream_aws::{Fence, SessionStore, StoreError, StoreOutcome};

async fn write_twice(
    store: &SessionStore,
    mandate: &Mandate<()>,
    fence: Fence,
    tokens: &Tokens,
    now: Timestamp,
    until: Instant,
) -> Result<StoreOutcome, StoreError> {
    store.store_tokens(mandate, fence, tokens, now, until).await?;
    store.store_tokens(mandate, fence, tokens, now, until).await
}

fn main() {}
