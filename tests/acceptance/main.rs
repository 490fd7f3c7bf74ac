//! The whole system, driven as a client or an agent would.

mod counts;
mod faults;
mod identity;
mod list_groups;
mod new_tool;
mod organizations;
mod panic;
mod refresh;
mod revocation;
mod startup;
