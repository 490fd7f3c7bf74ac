//! Tools that tell the caller who they are.

use auth::refusal::Refusal;
use auth::ticket::{Holder, Reach};

use crate::answer::Answer;
use crate::declaration::Declared;

/// A tool for which a ticket is enough, also one without a session. It gets neither keycard nor session nor mandate, so it
/// reads no row and reaches nobody.
pub trait Tells: Declared {
    /// Tells it. `reach` is known where a gateway's interceptor decided it.
    ///
    /// # Errors
    /// A refusal.
    fn tell(&self, args: Self::Args, holder: &Holder, reach: Option<&Reach>) -> Result<Answer, Refusal>;
}
