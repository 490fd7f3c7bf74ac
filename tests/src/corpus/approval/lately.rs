//! What somebody did with a tool in this minute.

use auth::approval::{ApprovalReference, Binding, Ending};
use auth::canonical::ArgumentsHash;
use serde::Deserialize;
use serde_json::json;
use upstream_aws::ApprovalStore;

use super::before::{recorded, requested};
use super::{SECONDS, soon};
use crate::World;
use crate::corpus::people::Guest;

/// What happened in this minute. The same is written for the next, because the event may come in it.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(in crate::corpus) enum Lately {
    /// An approval was declined.
    Declined,
    /// So many were begun, none of which is open any more.
    Started(u8),
}

/// The names of these approvals are made of numbers that the approvals of the world file do not use.
const FIRST: u8 = 8;

impl Lately {
    pub(in crate::corpus) async fn make(
        self,
        tool: &str,
        world: &World,
        store: &ApprovalStore,
        guest: &Guest,
    ) -> Result<(), String> {
        let row = guest.row.as_ref().ok_or("an approval needs a person")?;
        let (times, ending) = match self {
            Self::Declined => (1, Ending::Denied),
            Self::Started(times) => (times, Ending::Expired),
        };
        let (now, nothing) = (world.laptop.clock.now(), json!({}));
        for number in 0..2 * times {
            let at = if number < times { now } else { now.plus(60) };
            let binding = Binding {
                reference: ApprovalReference::of(&[FIRST + number; 16]),
                subject: row.subject.clone(),
                session: row.hash.clone(),
                organization: row.organization.clone(),
                agent: world.laptop.agent(),
                tool: tool.to_owned(),
                arguments: ArgumentsHash::of(&nothing).ok_or("a canonical form")?,
                expires_at: at.plus(SECONDS),
            };
            let ended = requested(store, &binding, &nothing, at).await?.end(ending.clone(), at);
            recorded(store.record_end(&ended, soon()).await.map_err(|error| error.to_string())?)?;
        }
        Ok(())
    }
}
