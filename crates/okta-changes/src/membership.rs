//! The tools `add_to_group` and `remove_from_group`: who is in a group.

use auth::approval::Permit;
use auth::decision::Check;
use auth::id::Login;
use auth::mandate::{Asks, NamesOktaGroup, NamesOktaUser, OktaUser};
use auth::refusal::Refusal;
use auth::session::{FederatedToken, Session};
use auth::subject::SubjectRule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use tool::approval::{Approvable, Deed};
use tool::declaration::{Declared, Effect};
use tool::question::{About, Question};
use tool::tool::Acting;
use upstream_http::okta::{GroupId, Okta, UserId};

use crate::account;
use crate::group::GroupName;

const NEEDS: &str = "okta.users.read okta.groups.read okta.groups.manage";

/// What the model must pass.
#[derive(Debug, Deserialize, JsonSchema, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// Full login of the user, such as bob@example.com.
    #[schemars(with = "String")]
    pub user: Login,
    /// Exact name of the Okta group, such as VPN users.
    #[schemars(with = "String")]
    pub group: GroupName,
}

/// The user and the group by Okta's ids, and the person's token.
pub struct Found {
    user: UserId,
    group: GroupId,
    token: FederatedToken,
}

/// Always the account of this login, also if it is one's own: the connected account may be another one.
impl NamesOktaUser for Member {
    fn okta_user(&self, _: &Session) -> OktaUser {
        OktaUser::Other(self.user.clone())
    }
}

impl NamesOktaGroup for Member {
    fn okta_group(&self) -> &str {
        self.group.as_str()
    }
}

async fn find(okta: &Okta, acting: &mut Acting<'_, Member>) -> Result<Found, Refusal> {
    let (user, token) = account::find(okta, acting).await?;
    let group = okta.group_id(&acting.mandate, &token, acting.until()).await?;
    Ok(Found { user, group, token })
}

/// One of the two: they differ in name, words and the call.
macro_rules! membership {
    ($(#[$about:meta])* $tool:ident, $name:literal, $description:literal, $label:literal, $call:ident, $doing:literal, $done:literal) => {
        $(#[$about])*
        pub struct $tool {
            /// Okta, called as the person.
            pub okta: Okta,
            /// How the authorizer names people.
            pub subjects: SubjectRule,
            /// What is asked about the group.
            pub question: Question,
        }

        impl Asks<Member> for $tool {
            fn question(&self, session: &Session, args: &Member) -> Result<Check, Refusal> {
                self.question.of(&self.subjects, session, About::Group(args.group.as_str()))
            }
        }

        impl Declared for $tool {
            type Args = Member;

            const NAME: &'static str = $name;
            const DESCRIPTION: &'static str = $description;
            const EFFECT: Effect = Effect::Changes;
            const SCOPES: &'static str = NEEDS;
            const GATEWAY_SCOPES: &'static str = "api/admin";
        }

        impl Approvable for $tool {
            const LABEL: &'static str = $label;

            type Prepared = Found;

            fn describe(&self, Member { user, group }: &Member) -> String {
                format!($doing, user.as_str(), group.quoted())
            }

            async fn prepare(&self, acting: &mut Acting<'_, Member>) -> Result<Found, Refusal> {
                find(&self.okta, acting).await
            }

            async fn act(&self, acting: &Acting<'_, Member>, found: Found, permit: Permit) -> Deed {
                let (mandate, until) = (&acting.mandate, acting.until());
                let acted = self.okta.$call(mandate, permit, (&found.user, &found.group), &found.token, until).await;
                let Member { user, group } = mandate.args();
                Deed::of(acted, format!($done, user.as_str(), group.quoted()))
            }
        }
    };
}

membership!(
    /// Puts somebody into a group.
    AddToGroup,
    "add_to_group",
    "Puts a user into an Okta group. Needs the approval of the person who is chatting.",
    "Add to a group",
    add_to_group,
    "Adding {} to the group {} in Okta",
    "{} is in the group {} in Okta now."
);

membership!(
    /// Takes somebody out of a group.
    RemoveFromGroup,
    "remove_from_group",
    "Takes a user out of an Okta group. Needs the approval of the person who is chatting.",
    "Remove from a group",
    remove_from_group,
    "Removing {} from the group {} in Okta",
    "{} is not in the group {} in Okta now."
);
