use auth::mandate::{Mandate, NamesOktaGroup, NamesOktaUser};
use auth::session::FederatedToken;
use tokio::time::Instant;
use upstream_http::okta::{Acted, GroupId, Okta, UserId};

async fn unapproved<A: NamesOktaUser + NamesOktaGroup>(
    okta: &Okta,
    mandate: &Mandate<A>,
    ids: (&UserId, &GroupId),
    token: &FederatedToken,
    until: Instant,
) -> Acted {
    okta.add_to_group(mandate, ids, token, until).await
}

fn main() {}
