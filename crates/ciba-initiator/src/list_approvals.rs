//! The tool `list_approvals`: the person's open requests.

use std::sync::Arc;

use auth::approval::PersonKey;
use auth::refusal::Refusal;
use auth::session::Session;
use auth::time::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Map;
use tokio::time::Instant;
use tool::answer::Answer;
use tool::approval::{Desk, told};
use tool::declaration::{Declared, Effect};
use tool::house::Rooms;
use tool::own::Own;

/// The tool.
pub(crate) struct ListApprovals {
    pub(crate) desk: Arc<Desk>,
}

/// Nothing can be passed.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {}

impl Declared for ListApprovals {
    type Args = Args;

    const NAME: &'static str = "list_approvals";
    const DESCRIPTION: &'static str = "Lists the open requests for approvals of the person who is chatting.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Own for ListApprovals {
    async fn read(
        &self,
        session: &Session,
        _: Args,
        rooms: &Rooms,
        now: Timestamp,
        until: Instant,
    ) -> Result<Answer, Refusal> {
        let open = rooms.approvals(&self.desk.table).look(&PersonKey::of(session.subject()), now, until).await?;
        let lines: Vec<String> = open.iter().map(|open| told::line(open, now)).collect();
        let count = Map::from_iter([("count".to_owned(), lines.len().into())]);
        Answer::list("approvals", lines, count, false)
    }
}
