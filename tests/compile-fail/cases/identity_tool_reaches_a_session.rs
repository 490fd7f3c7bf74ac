use auth::mandate::Mandate;
use auth::refusal::Refusal;
use auth::ticket::{Holder, Reach};
use serde::Deserialize;
use tool::answer::Answer;
use tool::declaration::{Declared, Effect};
use tool::identity::Tells;

struct Curious;

#[derive(Deserialize, schemars::JsonSchema)]
struct Args {}

impl Declared for Curious {
    type Args = Args;

    const NAME: &'static str = "curious";
    const DESCRIPTION: &'static str = "Wants a mandate.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Tells for Curious {
    fn tell(&self, args: Args, holder: &Holder, _: Option<&Reach>) -> Result<Answer, Refusal> {
        let mandate: Mandate<Args> = holder.mandate(args)?;
        Answer::list("tokens", vec![mandate.refresh_token().expose().to_owned()], serde_json::Map::new(), false)
    }
}

fn main() {}
