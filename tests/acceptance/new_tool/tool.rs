//! The tool `count_groups`: how many Okta groups the person who is chatting is in.

use auth::decision::Check;
use auth::mandate::{Asks, NamesOktaUser, OktaUser};
use auth::refusal::{Code, Refusal};
use auth::session::Session;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Map;
use tool::answer::Answer;
use tool::declaration::{Declared, Effect};
use tool::tool::{Acting, Tool};
use upstream_http::okta::Okta;

pub(super) struct CountGroups {
    pub(super) okta: Okta,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Args {
    /// Count only groups whose name starts with this text.
    starting_with: Option<String>,
}

impl NamesOktaUser for Args {
    fn okta_user(&self, _: &Session) -> OktaUser {
        OktaUser::Own
    }
}

impl Asks<Args> for CountGroups {
    fn question(&self, session: &Session, _: &Args) -> Result<Check, Refusal> {
        let user = session.subject().encoded();
        Check::new(&user, "read_okta", "okta:groups").map_err(|problem| Refusal::new(Code::Internal, problem))
    }
}

impl Declared for CountGroups {
    type Args = Args;

    const NAME: &'static str = "count_groups";
    const DESCRIPTION: &'static str = "Counts the Okta groups of the person who is chatting.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "okta.users.read";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Tool for CountGroups {
    async fn act(&self, mut acting: Acting<'_, Args>) -> Result<Answer, Refusal> {
        let token = acting.token().await?;
        let groups = self.okta.groups(&acting.mandate, &token, acting.until()).await?;
        let start = acting.mandate.args().starting_with.as_deref().unwrap_or_default();
        let count = groups.names.iter().filter(|name| name.starts_with(start)).count();
        Answer::object(Map::from_iter([("count".to_owned(), count.into())]))
    }
}
