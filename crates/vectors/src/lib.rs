//! The lines of the programs that take test vectors, `mandate vectors` and `mandate-cedar`: one JSON object a line in, one answer
//! a line out, in the same order. What is asked for is theirs; what a line is, is said here once.
//!
//! A line is an object with `op`, which says what is asked, perhaps an `id`, which comes back as it was written, and the members
//! of that operation. An answer is an object with that `id`, with `ok`, and with what there is to say; where `ok` is `false`, with
//! `error`, a short fixed code.

mod answer;
mod lines;
mod request;
#[cfg(test)]
mod tests;

pub use answer::Answer;
pub use lines::{LONGEST_LINE, serve};
pub use request::Request;
