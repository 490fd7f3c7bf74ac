//! Many people and many calls at once: what belongs to one of them reaches nobody else, and one token is renewed once.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "tests fail by panics, and say their counts"
)]

mod calls;
mod interleaved;
mod people;
mod refresh;
