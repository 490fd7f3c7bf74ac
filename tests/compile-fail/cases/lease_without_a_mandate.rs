use auth::session::Session;
use auth::time::Timestamp;
use tokio::time::Instant;
use upstream_aws::{LeaseOutcome, SessionStore, StoreError};

async fn undecided(
    store: &SessionStore,
    session: &Session,
    now: Timestamp,
    until: Instant,
) -> Result<LeaseOutcome, StoreError> {
    store.take_lease(session, "holder", now, 10, until).await
}

fn main() {}
