//! `GET /api/v1/users/{login}`: changes name a user by id only.

use auth::mandate::{Mandate, NamesOktaUser, OktaUser};
use auth::session::FederatedToken;
use auth::subject::Subject;
use serde::Deserialize;
use tokio::time::Instant;

use super::{CALL_LIMIT, Okta, OktaError, Resource, unreached};
use crate::transport::Object;

/// The Okta id of an account, looked up for one mandate and of use for no other person or account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserId {
    id: String,
    whose: OktaUser,
    asked_by: Subject,
}

#[derive(Deserialize)]
struct User {
    id: String,
    profile: Object<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    login: String,
}

impl UserId {
    /// The id, 1 to 50 ASCII letters and digits.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.id
    }

    pub(super) fn fits<A: NamesOktaUser>(&self, mandate: &Mandate<A>) -> bool {
        self.asked_by == *mandate.subject() && self.whose == mandate.okta_user()
    }
}

/// Whether `id` is of Okta's form and so cannot mean anything else in a path: 1 to 50 ASCII letters and digits.
pub(super) fn is_id(id: &str) -> bool {
    (1..=50).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

impl Okta {
    /// The id of the account that the mandate names, read as the mandate's person. Ask before the approval is spent.
    ///
    /// # Errors
    /// [`OktaError`]; an answer about another login than was asked for is `Unavailable`.
    pub async fn user_id<A: NamesOktaUser>(
        &self,
        mandate: &Mandate<A>,
        token: &FederatedToken,
        until: Instant,
    ) -> Result<UserId, OktaError> {
        let whose = mandate.okta_user();
        let url = self.url(Resource::User(&whose))?;
        let call = self.transport.get(url).bearer(&token.access_token).at_most(CALL_LIMIT);
        let reply = call.send(until).await.map_err(unreached)?;
        if reply.status() != 200 {
            return Err(self.refuse(&reply));
        }
        let user: User = reply.json().ok_or(OktaError::Unavailable("the answer is not a user"))?;
        let asked = match &whose {
            OktaUser::Own => true,
            OktaUser::Other(login) => user.profile.0.login.eq_ignore_ascii_case(login.as_str()),
        };
        if asked && is_id(&user.id) {
            Ok(UserId { id: user.id, whose, asked_by: mandate.subject().clone() })
        } else {
            Err(OktaError::Unavailable("the answer is about another user"))
        }
    }
}
