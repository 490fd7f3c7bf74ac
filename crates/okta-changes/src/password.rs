//! The tool `reset_password`: one's own password.

use auth::approval::Permit;
use auth::decision::Check;
use auth::mandate::{Asks, NamesOktaUser, OktaUser};
use auth::refusal::{Code, Refusal};
use auth::scope::Scopes;
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
pub struct ResetPassword {
    /// Okta, called as the person.
    pub okta: Okta,
    /// How the authorizer names people.
    pub subjects: SubjectRule,
    /// What is asked about the person.
    pub question: Question,
    /// What it does.
    pub reset: Reset,
}

/// What a reset does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reset {
    /// Nothing, and says so. The default: Okta's own call needs an administrator's right, and takes the person's sign-in
    /// away until they have set a new password.
    Simulate,
    /// Okta takes the password away and sends an e-mail to set another.
    Okta,
}

/// Nothing can be passed: it is always about the person who is chatting.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct NoArgs {}

/// The account and the person's token, if Okta is to be called.
pub enum Ready {
    /// It is not.
    Simulation,
    /// It is.
    Account(UserId, FederatedToken),
}

impl NamesOktaUser for NoArgs {
    fn okta_user(&self, _: &Session) -> OktaUser {
        OktaUser::Own
    }
}

impl Asks<NoArgs> for ResetPassword {
    fn question(&self, session: &Session, _: &NoArgs) -> Result<Check, Refusal> {
        self.question.of(&self.subjects, session, About::Oneself)
    }
}

impl Declared for ResetPassword {
    type Args = NoArgs;

    const NAME: &'static str = "reset_password";
    const DESCRIPTION: &'static str =
        "Resets the Okta password of the person who is chatting, and of nobody else. Needs their approval.";
    const EFFECT: Effect = Effect::Changes;
    const SCOPES: &'static str = "okta.users.read okta.users.manage";
    const GATEWAY_SCOPES: &'static str = "api/write";
}

impl Approvable for ResetPassword {
    const LABEL: &'static str = "Reset your password";

    type Prepared = Ready;

    fn scopes(&self) -> Scopes {
        match self.reset {
            Reset::Simulate => Scopes::parse(""),
            Reset::Okta => Scopes::parse(Self::SCOPES),
        }
    }

    fn describe(&self, _: &NoArgs) -> String {
        match self.reset {
            Reset::Simulate => "A simulated reset of your Okta password, which changes nothing".to_owned(),
            Reset::Okta => "Resetting your Okta password".to_owned(),
        }
    }

    async fn prepare(&self, acting: &mut Acting<'_, NoArgs>) -> Result<Ready, Refusal> {
        match self.reset {
            Reset::Simulate => Ok(Ready::Simulation),
            Reset::Okta => account::find(&self.okta, acting).await.map(|(user, token)| Ready::Account(user, token)),
        }
    }

    async fn act(&self, acting: &Acting<'_, NoArgs>, ready: Ready, permit: Permit) -> Deed {
        match ready {
            Ready::Simulation if acting.mandate.is_permitted_by(&permit) => Deed::Done {
                words: "You approved it, and nothing was changed: here password resets are only simulated.".to_owned(),
            },
            Ready::Simulation => Deed::NotDone(Refusal::new(Code::AccessDenied, "approval: given for something else")),
            Ready::Account(user, token) => {
                let acted = self.okta.reset_password(&acting.mandate, permit, &user, &token, acting.until()).await;
                let words =
                    "Okta has sent you an e-mail to set a new password. You cannot sign in to Okta until you have.";
                Deed::of(acted, words.to_owned())
            }
        }
    }
}
