//! Keycards, enforced: every request to DynamoDB, Lambda and SQS is judged by the account's policies.
// Futures in futures: their layout is 130 queries deep.
#![recursion_limit = "256"]
#![expect(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests fail by panics")]

mod account;
mod calls;
mod documents;
mod rows;
mod sealed;
mod secrets;
mod warm;
