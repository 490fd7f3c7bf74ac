//! The tool `list_groups`: which Okta groups the person, or somebody whom they may look at, is in.
//!
//! Answers `{"count","groups","truncated","user"}`; `user` is `me` or the other person's login, so that nobody mistakes
//! whose groups they are.

use auth::decision::Check;
use auth::id::Login;
use auth::mandate::{Asks, NamesOktaUser, OktaUser};
use auth::refusal::Refusal;
use auth::scope::Scopes;
use auth::session::{FederatedToken, Session};
use auth::subject::SubjectRule;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Map;
use tool::answer::{Answer, clean_text};
use tool::declaration::{Declared, Effect};
use tool::question::{About, Question};
use tool::tool::{Acting, Tool};
use upstream_http::okta::{Groups, Okta, OktaError};

/// The longest group name that is passed on, in characters.
const LONGEST_NAME: usize = 120;

/// The tool and what it was set up with.
pub struct ListGroups {
    /// Okta, called as the person.
    pub okta: Okta,
    /// Where group names come from.
    pub source: Source,
    /// How the authorizer names people.
    pub subjects: SubjectRule,
    /// The relation and object that stand for one's own groups.
    pub own: Question,
    /// The relation and object type that stand for another person's groups.
    pub others: Question,
}

/// Where group names come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// `GET /api/v1/users/{login}/groups`, which Okta grants to administrators.
    Api,
    /// The `groups` claim of `/oauth2/v1/userinfo`, for people without an administrator's role.
    Claim,
}

/// What the model may pass.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Args {
    /// Full login of the user whose groups are wanted, such as alice@example.com. Leave it out for the person who is
    /// chatting.
    #[serde(default)]
    #[schemars(with = "Option<String>")]
    pub user: Option<Login>,
}

impl NamesOktaUser for Args {
    /// One's own verified address means oneself, whether it is written or left out.
    fn okta_user(&self, session: &Session) -> OktaUser {
        match &self.user {
            Some(login) if session.email() != Some(login) => OktaUser::Other(login.clone()),
            _ => OktaUser::Own,
        }
    }
}

impl Asks<Args> for ListGroups {
    fn question(&self, session: &Session, args: &Args) -> Result<Check, Refusal> {
        match args.okta_user(session) {
            OktaUser::Own => self.own.of(&self.subjects, session, About::Oneself),
            OktaUser::Other(login) => self.others.of(&self.subjects, session, About::Login(&login)),
        }
    }
}

impl Declared for ListGroups {
    type Args = Args;

    const NAME: &'static str = "list_groups";
    const DESCRIPTION: &'static str =
        "Lists the Okta groups of the person who is chatting, or of another user by login.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "okta.users.read";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Tool for ListGroups {
    fn scopes(&self) -> Scopes {
        crate::scopes_of(self.source)
    }

    async fn act(&self, mut acting: Acting<'_, Args>) -> Result<Answer, Refusal> {
        let token = acting.token().await?;
        let groups = match self.read(&acting, &token).await {
            Err(OktaError::TokenRefused) => {
                let fresh = acting.fresh_token(&token).await?;
                self.read(&acting, &fresh).await
            }
            other => other,
        }?;
        let names = groups.names.iter().map(|name| clean_text(name, LONGEST_NAME)).collect();
        let whose = match acting.mandate.okta_user() {
            OktaUser::Own => "me".to_owned(),
            OktaUser::Other(login) => login.as_str().to_owned(),
        };
        let more = Map::from_iter([("count".to_owned(), groups.names.len().into()), ("user".to_owned(), whose.into())]);
        Answer::list("groups", names, more, groups.truncated)
    }
}

impl ListGroups {
    async fn read(&self, acting: &Acting<'_, Args>, token: &FederatedToken) -> Result<Groups, OktaError> {
        match self.source {
            Source::Api => self.okta.groups(&acting.mandate, token, acting.until()).await,
            Source::Claim => self.okta.groups_claim(&acting.mandate, token, acting.until()).await,
        }
    }
}
