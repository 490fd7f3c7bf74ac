//! The whole system, driven as a client or an agent would.

mod corpus;
mod list_groups;
