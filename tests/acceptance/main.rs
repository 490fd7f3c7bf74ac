//! The whole system, driven as a client or an agent would.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    clippy::unwrap_used,
    reason = "tests fail by panics"
)]

mod audit;
mod canary;
mod catalog;
mod claim;
mod client_context;
mod corpus;
mod counts;
mod faults;
mod gateway;
mod identity;
mod list_groups;
mod new_provider;
mod new_tool;
mod organizations;
mod panic;
mod refresh;
mod revocation;
mod startup;
mod stopping;
mod trace;
