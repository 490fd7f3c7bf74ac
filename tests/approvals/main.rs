//! Approvals, from the question to the outcome: the two functions in this process, every delivery made by the test.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests fail by panics, and say their counts"
)]

mod asking;
mod audit;
mod counts;
mod faults;
mod kills;
mod processes;
mod races;
mod standards;
mod stopped;
mod way;
