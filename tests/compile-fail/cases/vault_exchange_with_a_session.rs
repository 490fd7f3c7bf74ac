use auth::session::{FederatedToken, Session};
use auth::time::Timestamp;
use tokio::time::Instant;
use upstream_http::auth0::vault::{Vault, VaultError};

async fn undecided(
    vault: &Vault,
    session: &Session,
    now: Timestamp,
    until: Instant,
) -> Result<FederatedToken, VaultError> {
    vault.exchange(session, now, until).await
}

fn main() {}
