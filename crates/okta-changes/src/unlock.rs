//! The tool `unlock_user`: an account that too many wrong passwords have locked.

use auth::approval::Permit;
use auth::decision::Check;
use auth::id::Login;
use auth::mandate::{Asks, NamesOktaUser, OktaUser};
use auth::refusal::Refusal;
use auth::session::{FederatedToken, Session};
use auth::subject::SubjectRule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tool::approval::{Approvable, Deed};
use tool::declaration::{Declared, Effect};
use tool::question::{About, Question};
use tool::tool::Acting;
use upstream_http::okta::{Okta, UserId};

use crate::account;

/// The tool and what it was set up with.
pub struct UnlockUser {
    /// Okta, called as the person.
    pub okta: Okta,
    /// How the authorizer names people.
    pub subjects: SubjectRule,
    /// What is asked about the account.
    pub question: Question,
}

/// What the model must pass.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Account {
    /// Full login of the user, such as bob@example.com.
    #[schemars(with = "String")]
    pub user: Login,
}

/// Always the account of this login, also if it is one's own: the connected account may be another one.
impl NamesOktaUser for Account {
    fn okta_user(&self, _: &Session) -> OktaUser {
        OktaUser::Other(self.user.clone())
    }
}

impl Asks<Account> for UnlockUser {
    fn question(&self, session: &Session, args: &Account) -> Result<Check, Refusal> {
        self.question.of(&self.subjects, session, About::Login(&args.user))
    }
}

impl Declared for UnlockUser {
    type Args = Account;

    const NAME: &'static str = "unlock_user";
    const DESCRIPTION: &'static str =
        "Unlocks the Okta account of a user. Needs the approval of the person who is chatting.";
    const EFFECT: Effect = Effect::Changes;
    const SCOPES: &'static str = "okta.users.read okta.users.manage";
    const GATEWAY_SCOPES: &'static str = "api/write";
}

impl Approvable for UnlockUser {
    const LABEL: &'static str = "Unlock an account";

    type Prepared = (UserId, FederatedToken);

    fn describe(&self, args: &Account) -> String {
        format!("Unlocking the Okta account of {}", args.user.as_str())
    }

    async fn prepare(&self, acting: &mut Acting<'_, Account>) -> Result<Self::Prepared, Refusal> {
        account::find(&self.okta, acting).await
    }

    async fn act(&self, acting: &Acting<'_, Account>, (user, token): Self::Prepared, permit: Permit) -> Deed {
        let acted = self.okta.unlock(&acting.mandate, permit, &user, &token, acting.until()).await;
        Deed::of(acted, format!("The Okta account of {} is unlocked.", acting.mandate.args().user.as_str()))
    }
}
