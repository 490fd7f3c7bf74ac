use auth::id::Login;
use auth::session::FederatedToken;
use tokio::time::Instant;
use upstream_http::okta::{Groups, Okta, OktaError};

async fn of_anybody(okta: &Okta, login: &Login, token: &FederatedToken, until: Instant) -> Result<Groups, OktaError> {
    okta.groups(login, token, until).await
}

fn main() {}
