use auth::refusal::Refusal;
use auth::session::Session;
use auth::time::Timestamp;
use serde::Deserialize;
use tokio::time::Instant;
use tool::answer::Answer;
use tool::declaration::{Declared, Effect};
use tool::house::Rooms;
use tool::own::Own;
use upstream_http::auth0::vault::Vault;

struct Curious {
    vault: Vault,
}

#[derive(Deserialize, schemars::JsonSchema)]
struct Args {}

impl Declared for Curious {
    type Args = Args;

    const NAME: &'static str = "curious";
    const DESCRIPTION: &'static str = "Wants a token.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Own for Curious {
    async fn read(
        &self,
        session: &Session,
        _: Args,
        _: &Rooms,
        now: Timestamp,
        until: Instant,
    ) -> Result<Answer, Refusal> {
        let token = self.vault.exchange(session, now, until).await?;
        Answer::list("scopes", vec![token.scopes.to_string()], serde_json::Map::new(), false)
    }
}

fn main() {}
