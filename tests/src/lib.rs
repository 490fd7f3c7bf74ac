//! The harness of the acceptance tests: a whole system per test, and what a client or an agent does with it.
//!
//! Every test starts its own doubles on free ports and its own function processes, so tests run side by side.
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a harness that cannot set up fails its test by a panic"
)]

mod approvals;
pub mod corpus;
mod counts;
mod event;
pub mod gateway;
mod house;
mod in_process;
mod ledger;
mod people;
pub mod permissions;
mod rows;
mod seeded;
mod site;
mod time;
mod world;

pub use approvals::{Approvals, Asked, End};
pub use counts::Counts;
pub use event::{Event, body_of, error_of};
pub use in_process::{Authorizing, InProcess, invocation, invocation_named};
pub use ledger::{Ledger, Line, fault_id};
pub use people::Chatting;
pub use seeded::Seeded;
pub use site::{Browser, LambdaSite, Page, Site};
pub use time::Hands;
pub use world::World;
