//! The `groups` claim of `/oauth2/v1/userinfo` (OpenID Connect Core section 5.3), for people without an API right.

use auth::mandate::{Mandate, NamesOktaUser, OktaUser};
use auth::session::FederatedToken;
use serde::Deserialize;
use tokio::time::Instant;

use super::{BODY_CAP, CALL_LIMIT, Groups, Okta, OktaError, Resource, Right, unreached};

/// No administrator role opens this endpoint, so both refusals have the same remedy.
const READ_CLAIM: Right = Right { scope: CLAIM_AND_SCOPE, role: CLAIM_AND_SCOPE };
const CLAIM_AND_SCOPE: &str = "a groups claim in the Okta application, and the scope groups in the connection";

#[derive(Deserialize)]
struct UserInfo {
    groups: Option<Vec<String>>,
}

impl Okta {
    /// The groups in the `groups` claim of the token's own person. The Okta application must have that claim, and the
    /// token the scope `groups`. Okta fails the request if there are more than 100.
    ///
    /// # Errors
    /// [`OktaError::MissingRight`] without the claim, and for anybody but the token's person: the claim knows nobody else.
    pub async fn groups_claim<A: NamesOktaUser>(
        &self,
        mandate: &Mandate<A>,
        token: &FederatedToken,
        until: Instant,
    ) -> Result<Groups, OktaError> {
        if mandate.okta_user() != OktaUser::Own {
            return Err(OktaError::MissingRight(
                "the Okta API as source of groups; the groups claim knows only your own",
            ));
        }
        let url = self.url(Resource::UserInfo)?;
        let call = self.transport.get(url).bearer(&token.access_token).at_most(CALL_LIMIT).cap(BODY_CAP);
        let reply = call.send(until).await.map_err(unreached)?;
        if reply.status() != 200 {
            return Err(self.refuse_for(&reply, &READ_CLAIM));
        }
        let info: UserInfo = reply.json().ok_or(OktaError::Unavailable("the answer is not user information"))?;
        let names = info.groups.ok_or(OktaError::MissingRight("a groups claim in the Okta application"))?;
        Ok(Groups { names, truncated: false })
    }
}
