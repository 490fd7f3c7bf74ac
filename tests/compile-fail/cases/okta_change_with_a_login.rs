use auth::approval::Permit;
use auth::id::Login;
use auth::session::FederatedToken;
use tokio::time::Instant;
use upstream_http::okta::{Acted, Okta, UserId};

async fn of_anybody(
    okta: &Okta,
    login: &Login,
    permit: Permit,
    user: &UserId,
    token: &FederatedToken,
    until: Instant,
) -> Acted {
    okta.unlock(login, permit, user, token, until).await
}

fn main() {}
