//! The conversation with the agent.

pub(crate) mod agent;
mod anew;
mod conversation;
mod events;
mod history;
mod page;
mod send;
mod step;
mod turn;

pub(crate) use anew::anew;
pub(crate) use page::page;
pub(crate) use send::send;
