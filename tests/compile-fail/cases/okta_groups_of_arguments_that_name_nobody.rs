use auth::mandate::Mandate;
use auth::session::FederatedToken;
use tokio::time::Instant;
use upstream_http::okta::{Groups, Okta, OktaError};

async fn of_nobody(
    okta: &Okta,
    mandate: &Mandate<()>,
    token: &FederatedToken,
    until: Instant,
) -> Result<Groups, OktaError> {
    okta.groups(mandate, token, until).await
}

fn main() {}
