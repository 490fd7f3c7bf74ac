//! Connected accounts: what the vault holds for the person, and how they give it or take it away.

mod connect;
mod page;
mod stored;
mod token;

pub(crate) use connect::{callback, connect, disconnect, go};
pub(crate) use page::page;
