//! What a tool function is made with: the doors that calls come through, typed arguments, declarations, the guard that
//! leads a call from its event to its answer, and answers.

pub mod answer;
pub mod approval;
pub mod arguments;
pub mod catalog;
pub mod declaration;
pub mod door;
pub mod guard;
pub mod house;
pub mod identity;
pub mod own;
pub mod question;
pub mod registry;
pub mod stopping;
mod token;
pub mod tool;
pub mod trail;
