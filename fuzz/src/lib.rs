//! What the targets stand on: tokens whose signature holds whatever they say, a mandate for any decision, and a server that
//! answers with the input.

pub mod answering;
pub mod mandate;
pub mod signed;

use auth::time::Timestamp;

/// The time of every target.
pub const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
