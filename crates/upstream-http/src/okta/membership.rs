//! `PUT` and `DELETE /api/v1/groups/{group}/users/{user}`: who is in a group, as the person.

use auth::approval::Permit;
use auth::mandate::{Mandate, NamesOktaGroup, NamesOktaUser};
use auth::session::FederatedToken;
use http::Method;
use tokio::time::Instant;

use super::acted::{Acted, admit};
use super::{GroupId, Okta, OktaError, Resource, Right, UserId};

const MANAGE_GROUPS: Right = Right {
    scope: "the scope okta.groups.manage, granted to the Okta application",
    role: "the Okta role group administrator or group membership administrator",
};

impl Okta {
    /// Puts the account into the group. Done also if it was in it before.
    pub async fn add_to_group<A: NamesOktaUser + NamesOktaGroup>(
        &self,
        mandate: &Mandate<A>,
        permit: Permit,
        (user, group): (&UserId, &GroupId),
        token: &FederatedToken,
        until: Instant,
    ) -> Acted {
        self.membership(Method::PUT, (mandate, permit, user, group, token), until).await
    }

    /// Takes the account out of the group. Done also if it was not in it.
    pub async fn remove_from_group<A: NamesOktaUser + NamesOktaGroup>(
        &self,
        mandate: &Mandate<A>,
        permit: Permit,
        (user, group): (&UserId, &GroupId),
        token: &FederatedToken,
        until: Instant,
    ) -> Acted {
        self.membership(Method::DELETE, (mandate, permit, user, group, token), until).await
    }

    async fn membership<A: NamesOktaUser + NamesOktaGroup>(
        &self,
        method: Method,
        (mandate, permit, user, group, token): (&Mandate<A>, Permit, &UserId, &GroupId, &FederatedToken),
        until: Instant,
    ) -> Acted {
        if let Err(refused) = admit(mandate, permit, user.fits(mandate) && group.fits(mandate)) {
            return refused;
        }
        let url = match self.url(Resource::Membership { group: group.as_str(), user: user.as_str() }) {
            Ok(url) => url,
            Err(error) => return Acted::Refused(error),
        };
        let call = self.transport.request(method, url).bearer(&token.access_token);
        match self.act(call, &MANAGE_GROUPS, until).await {
            Acted::Refused(OktaError::NoSuchUser) => Acted::Refused(OktaError::NoSuchGroup),
            acted @ (Acted::Done | Acted::Refused(_) | Acted::Unknown) => acted,
        }
    }
}
