//! `POST /api/v1/users/{id}/lifecycle/…`: changes of an account's state, as the person.

use auth::approval::Permit;
use auth::mandate::{Mandate, NamesOktaUser};
use auth::session::FederatedToken;
use tokio::time::Instant;

use super::acted::{Acted, admit};
use super::{Okta, Resource, Right, UserId};

const MANAGE_USERS: Right = Right {
    scope: "the scope okta.users.manage, granted to the Okta application",
    role: "the Okta role help desk administrator or group administrator",
};

impl Okta {
    /// Takes the account's password away and has Okta send its owner an e-mail to set another. They cannot sign in until
    /// they do.
    pub async fn reset_password<A: NamesOktaUser>(
        &self,
        mandate: &Mandate<A>,
        permit: Permit,
        user: &UserId,
        token: &FederatedToken,
        until: Instant,
    ) -> Acted {
        // With `false`, the answer would hold the address that sets the password.
        self.lifecycle("reset_password", Some("sendEmail=true"), (mandate, permit, user, token), until).await
    }

    /// Unlocks an account that too many wrong passwords have locked.
    pub async fn unlock<A: NamesOktaUser>(
        &self,
        mandate: &Mandate<A>,
        permit: Permit,
        user: &UserId,
        token: &FederatedToken,
        until: Instant,
    ) -> Acted {
        self.lifecycle("unlock", None, (mandate, permit, user, token), until).await
    }

    async fn lifecycle<A: NamesOktaUser>(
        &self,
        change: &'static str,
        query: Option<&str>,
        (mandate, permit, user, token): (&Mandate<A>, Permit, &UserId, &FederatedToken),
        until: Instant,
    ) -> Acted {
        if let Err(refused) = admit(mandate, permit, user.fits(mandate)) {
            return refused;
        }
        let mut url = match self.url(Resource::Lifecycle { user: user.as_str(), change }) {
            Ok(url) => url,
            Err(error) => return Acted::Refused(error),
        };
        url.set_query(query);
        self.act(self.transport.post(url).bearer(&token.access_token), &MANAGE_USERS, until).await
    }
}
