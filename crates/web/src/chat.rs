//! The conversation with the agent, where there is one.

pub(crate) mod agent;
mod anew;
mod conversation;
mod events;
mod history;
mod messages;
mod page;
mod send;
mod slot;
mod step;
mod stop;
mod turn;

pub(crate) use anew::anew;
pub(crate) use messages::messages;
pub(crate) use page::page;
pub(crate) use send::send;
pub(crate) use stop::stop;
