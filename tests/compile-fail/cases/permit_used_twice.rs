use auth::approval::Permit;
use auth::mandate::{Mandate, NamesOktaUser};
use auth::session::FederatedToken;
use tokio::time::Instant;
use upstream_http::okta::{Acted, Okta, UserId};

async fn both<A: NamesOktaUser>(
    okta: &Okta,
    mandate: &Mandate<A>,
    permit: Permit,
    user: &UserId,
    token: &FederatedToken,
    until: Instant,
) -> [Acted; 2] {
    let unlocked = okta.unlock(mandate, permit, user, token, until).await;
    [unlocked, okta.reset_password(mandate, permit, user, token, until).await]
}

fn main() {}
