//! What a page shows of a person's approvals.

use auth::approval::{ApprovalReference, PersonKey};
use auth::id::SessionHash;
use auth::secret::Secret;
use auth::time::Timestamp;
use tokio::time::Instant;

use super::attributes::{Item, count, text, time};
use super::{ApprovalError, ApprovalStore, EndedApproval, OpenApproval};

/// What is open, and what ended.
pub struct Panel {
    /// Every open approval of the person that can be read, of whatever session, in the order of the tools' names.
    pub open: Vec<OpenRequest>,
    /// Of what ended in this session the newest, newest first.
    pub ended: Vec<EndedApproval>,
    /// How many rows cannot be read: they hide none of the others.
    pub unread: Unread,
}

/// An open approval with what a person is shown of it.
pub struct OpenRequest {
    /// The approval.
    pub approval: OpenApproval,
    /// The JSON of its arguments.
    pub arguments: Secret,
    /// When it was asked for: nothing vouches for it, so it is for display only.
    pub begun_at: Option<Timestamp>,
}

/// Rows that are there and cannot be read: bent, of another form, or sealed under a key that is gone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// Of open approvals.
    pub open: usize,
    /// Of the newest that ended.
    pub ended: usize,
}

impl ApprovalStore {
    /// Two strongly consistent queries, page by page. Of what ended in `session`, only the newest `most` are opened.
    ///
    /// # Errors
    /// All of [`ApprovalError`] but `Unreadable`: such a row is counted in [`Panel::unread`].
    pub async fn panel(
        &self,
        person: &PersonKey,
        session: &SessionHash,
        most: usize,
        until: Instant,
    ) -> Result<Panel, ApprovalError> {
        let (open_items, done_items) =
            tokio::join!(self.items_of(person, "open#", until), self.items_of(person, "done#", until));
        let (mut open, mut unread) = (Vec::new(), Unread::default());
        for item in open_items? {
            let Some(found) = unless_unreadable(self.open_of(person, &item, until).await)? else {
                unread.open += 1;
                continue;
            };
            let begun_at = time(&item, "created_at");
            let request = |approval| OpenRequest { approval, arguments: found.arguments, begun_at };
            open.extend(OpenApproval::of(&found.approval).map(request));
        }
        let mut done: Vec<Item> = done_items?;
        done.retain(|item| text(item, "session") == Some(session.as_str()));
        done.sort_by_key(|item| std::cmp::Reverse(count(item, "ended_at")));
        done.truncate(most);
        let mut ended = Vec::new();
        for item in done {
            let reference = text(&item, "reference").and_then(ApprovalReference::parse);
            let found = match &reference {
                Some(reference) => unless_unreadable(self.ended_of(person, reference, &item, until).await)?,
                None => None,
            };
            match found {
                Some((approval, _)) => ended.push(approval),
                None => unread.ended += 1,
            }
        }
        Ok(Panel { open, ended, unread })
    }
}

fn unless_unreadable<T>(read: Result<T, ApprovalError>) -> Result<Option<T>, ApprovalError> {
    match read {
        Ok(found) => Ok(Some(found)),
        Err(ApprovalError::Unreadable) => Ok(None),
        Err(problem) => Err(problem),
    }
}
