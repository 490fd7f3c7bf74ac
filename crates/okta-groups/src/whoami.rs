//! The tool `whoami`: who the caller is, as their ticket says it. It reads no row and asks nobody, so it also serves people
//! of issuers that nobody signs in with here.

use auth::refusal::Refusal;
use auth::ticket::{Holder, Reach};
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tool::answer::Answer;
use tool::declaration::{Declared, Effect};
use tool::identity::Tells;

/// The tool.
pub(crate) struct Whoami;

/// Nothing can be passed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {}

impl Declared for Whoami {
    type Args = Args;

    const NAME: &'static str = "whoami";
    const DESCRIPTION: &'static str = "Tells who the person is in whose name you act, their scopes, and which tools they may use. It tells nothing of \
         anybody else.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Tells for Whoami {
    /// Members: `user` and `issuer`; `organization` where they are signed in to one; `agent` and `alias`, or `gateway` and
    /// `target`, through which the call came; at a gateway also `scopes`, `tools` and, if there are more, `truncated`.
    fn tell(&self, Args {}: Args, holder: &Holder, reach: Option<&Reach>) -> Result<Answer, Refusal> {
        let (subject, agent) = (holder.subject(), holder.agent());
        let mut body = members([("user", subject.id().into()), ("issuer", subject.issuer().into())]);
        if let Some(organization) = holder.organization() {
            body.extend(members([("organization", organization.0.clone().into())]));
        }
        let (id, alias) = (agent.id.clone().into(), agent.alias.clone().into());
        match reach {
            None => body.extend(members([("agent", id), ("alias", alias)])),
            Some(reach) => {
                let scopes: Vec<&str> = reach.scopes().iter().collect();
                body.extend(members([("gateway", id), ("target", alias), ("scopes", json!(scopes))]));
                body.extend(members([("tools", json!(reach.tools())), ("truncated", (!reach.is_whole()).into())]));
            }
        }
        Answer::object(body)
    }
}

fn members<const N: usize>(members: [(&str, Value); N]) -> Map<String, Value> {
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
