//! Tools that read what Mandate itself keeps about the person, and nothing else.

use auth::approval::ApprovalReference;
use auth::refusal::Refusal;
use auth::session::Session;
use auth::time::Timestamp;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::declaration::Declared;
use crate::house::Rooms;

/// A tool for which a session that a ticket confirms is enough. It gets no mandate, so it reaches neither the vault nor an
/// upstream, and the authorizer is not asked: what became of one's own request can be learned while OpenFGA is down.
pub trait Own: Declared {
    /// The approval that the call is about, for the record.
    fn about(&self, _: &Self::Args) -> Option<ApprovalReference> {
        None
    }

    /// Reads it, for the person of this session and nobody else.
    ///
    /// # Errors
    /// A refusal. Nothing is ever changed but what is overdue in our own tables.
    fn read(
        &self,
        session: &Session,
        args: Self::Args,
        rooms: &Rooms,
        now: Timestamp,
        until: Instant,
    ) -> impl Future<Output = Result<Answer, Refusal>>;
}
