use auth::approval::Permit;
use auth::mandate::{Mandate, NamesOktaUser};
use auth::session::FederatedToken;
use tokio::time::Instant;
use upstream_http::okta::{Acted, Okta, UserId};

async fn keeping_it<A: NamesOktaUser>(
    okta: &Okta,
    mandate: &Mandate<A>,
    permit: &Permit,
    user: &UserId,
    token: &FederatedToken,
    until: Instant,
) -> Acted {
    okta.unlock(mandate, permit, user, token, until).await
}

fn main() {}
