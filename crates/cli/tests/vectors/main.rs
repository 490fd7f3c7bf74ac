//! `mandate vectors`, through the program itself.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panics")]

mod hostile;
mod passed_on;
mod published;
mod run;
mod shapes;
mod tokens;
