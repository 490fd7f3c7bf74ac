//! The tool `check_approval`: how one of the person's own requests stands, or how it ended.
//!
//! At most three reads of the table, and nobody else is asked. An answer about somebody else's request is the same as about
//! one that never was.

use std::sync::Arc;

use auth::approval::{ApprovalReference, PersonKey};
use auth::refusal::Refusal;
use auth::session::Session;
use auth::time::Timestamp;
use schemars::JsonSchema;
use serde::Deserialize;
use tokio::time::Instant;
use tool::answer::Answer;
use tool::approval::{Desk, told};
use tool::declaration::{Declared, Effect};
use tool::house::Rooms;
use tool::own::Own;

/// The tool.
pub(crate) struct CheckApproval {
    pub(crate) desk: Arc<Desk>,
}

/// What the model must pass.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct Args {
    /// Reference of the request, 16 characters, as `approval` in the answer to the request gave it.
    approval: String,
}

impl Declared for CheckApproval {
    type Args = Args;

    const NAME: &'static str = "check_approval";
    const DESCRIPTION: &'static str =
        "Tells how a request for an approval of the person who is chatting stands or ended.";
    const EFFECT: Effect = Effect::Reads;
    const SCOPES: &'static str = "";
    const GATEWAY_SCOPES: &'static str = "api/read";
}

impl Own for CheckApproval {
    fn about(&self, args: &Args) -> Option<ApprovalReference> {
        named(args)
    }

    async fn read(
        &self,
        session: &Session,
        args: Args,
        rooms: &Rooms,
        now: Timestamp,
        until: Instant,
    ) -> Result<Answer, Refusal> {
        let person = PersonKey::of(session.subject());
        let reference = named(&args).ok_or_else(|| {
            Refusal::invalid_input(
                "`approval` must be the reference of a request for an approval, 16 letters and digits",
            )
        })?;
        let store = rooms.approvals(&self.desk.table);
        if let Some(ended) = store.outcome(&person, &reference, until).await? {
            return told::ended(&ended);
        }
        let open = store.look(&person, now, until).await?;
        if let Some(open) = open.iter().find(|open| open.reference == reference) {
            return Err(told::open(open, now));
        }
        // It may have ended between the two readings, or by the second.
        match store.outcome(&person, &reference, until).await? {
            Some(ended) => told::ended(&ended),
            None => {
                Err(Refusal::invalid_input("you have no request of the reference in `approval` in the last seven days"))
            }
        }
    }
}

fn named(args: &Args) -> Option<ApprovalReference> {
    ApprovalReference::parse(&args.approval.to_ascii_uppercase())
}
