//! `GET /api/v1/users/{login}/groups`, page by page.

use auth::mandate::{Mandate, NamesOktaUser};
use auth::session::FederatedToken;
use serde::Deserialize;
use tokio::time::Instant;

use super::pages::Pages;
use super::{BODY_CAP, CALL_LIMIT, Groups, Okta, OktaError, Resource, unreached};
use crate::transport::Object;

/// At most this many pages of 200 are read: a person in more than 2,000 groups gets the first of them.
const MOST_PAGES: usize = 10;

#[derive(Deserialize)]
struct Group {
    profile: Object<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    name: String,
}

impl Okta {
    /// The groups of the account that the mandate names, read as the mandate's person. Follows `Link` headers with
    /// `rel="next"` on the same origin and path, also past an empty page, up to ten pages.
    ///
    /// # Errors
    /// [`OktaError`]; a link that leads elsewhere is `Unavailable`.
    pub async fn groups<A: NamesOktaUser>(
        &self,
        mandate: &Mandate<A>,
        token: &FederatedToken,
        until: Instant,
    ) -> Result<Groups, OktaError> {
        let first = self.url(Resource::GroupsOf(&mandate.okta_user()))?;
        let mut names = Vec::new();
        let mut next = Some(first.clone());
        let mut pages = Pages::of(first);
        for _ in 0..MOST_PAGES {
            let Some(url) = next else { break };
            let call = self.transport.get(url).bearer(&token.access_token).at_most(CALL_LIMIT).cap(BODY_CAP);
            let reply = call.send(until).await.map_err(unreached)?;
            if reply.status() != 200 {
                return Err(self.refuse(&reply));
            }
            let page: Vec<Group> =
                reply.json_list().ok_or(OktaError::Unavailable("the answer is not a list of groups"))?;
            names.extend(page.into_iter().map(|group| group.profile.0.name));
            next = pages.next(&reply)?;
        }
        Ok(Groups { names, truncated: next.is_some() })
    }
}
