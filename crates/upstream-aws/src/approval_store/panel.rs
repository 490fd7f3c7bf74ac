//! What a page shows of a person's approvals.

use auth::approval::{ApprovalReference, PersonKey};
use auth::id::SessionHash;
use auth::secret::Secret;
use tokio::time::Instant;

use super::attributes::{Item, count, text};
use super::{ApprovalError, ApprovalStore, EndedApproval, OpenApproval};

/// What is open, and what ended.
pub struct Panel {
    /// Every open approval of the person, of whatever session, with its arguments' JSON, in the order of the tools' names.
    pub open: Vec<(OpenApproval, Secret)>,
    /// What ended in this session, newest first.
    pub ended: Vec<EndedApproval>,
}

impl ApprovalStore {
    /// Two strongly consistent queries, page by page. Of what ended in `session`, only the newest `most` are opened.
    ///
    /// # Errors
    /// All of [`ApprovalError`]; one row that cannot be read is enough for `Unreadable`.
    pub async fn panel(
        &self,
        person: &PersonKey,
        session: &SessionHash,
        most: usize,
        until: Instant,
    ) -> Result<Panel, ApprovalError> {
        let (open_items, done_items) =
            tokio::join!(self.items_of(person, "open#", until), self.items_of(person, "done#", until));
        let mut open = Vec::new();
        for item in open_items? {
            let found = self.open_of(person, &item, until).await?;
            open.extend(OpenApproval::of(&found.approval).map(|approval| (approval, found.arguments)));
        }
        let mut done: Vec<Item> = done_items?;
        done.retain(|item| text(item, "session") == Some(session.as_str()));
        done.sort_by_key(|item| std::cmp::Reverse(count(item, "ended_at")));
        done.truncate(most);
        let mut ended = Vec::new();
        for item in done {
            let reference = text(&item, "reference").and_then(ApprovalReference::parse);
            let reference = reference.ok_or(ApprovalError::Unreadable)?;
            ended.push(self.ended_of(person, &reference, &item, until).await?.0);
        }
        Ok(Panel { open, ended })
    }
}
