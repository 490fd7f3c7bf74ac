//! The tool `list_repositories`: which repositories at GitHub the person who is chatting sees.

use auth::decision::Check;
use auth::mandate::Asks;
use auth::refusal::{Code, Refusal};
use auth::session::Session;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Map;
use tool::answer::Answer;
use tool::declaration::{Declared, Effect};
use tool::tool::{Acting, Tool};

use super::github::GitHub;

pub(super) struct ListRepositories {
    pub(super) github: GitHub,
}

#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Args {}

impl Asks<Args> for ListRepositories {
    fn question(&self, session: &Session, _: &Args) -> Result<Check, Refusal> {
        let user = session.subject().encoded();
        Check::new(&user, "read_repositories", "github:repositories")
            .map_err(|problem| Refusal::new(Code::Internal, problem))
    }
}

impl Declared for ListRepositories {
    type Args = Args;

    const NAME: &'static str = "list_repositories";
    const DESCRIPTION: &'static str = "Lists the GitHub repositories that the person who is chatting can see.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "repo";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Tool for ListRepositories {
    async fn act(&self, mut acting: Acting<'_, Args>) -> Result<Answer, Refusal> {
        let token = acting.token().await?;
        let names = self.github.repositories(&acting.mandate, &token, acting.until()).await?;
        Answer::object(Map::from_iter([("repositories".to_owned(), names.into())]))
    }
}
