//! The whole system, driven as a client or an agent would.

mod list_groups;
