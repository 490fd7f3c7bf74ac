//! The whole system, driven as a client or an agent would.

mod counts;
mod faults;
mod identity;
mod list_groups;
mod organizations;
mod revocation;
