//! The program `mandate`, as a library: the whole system on one machine, and what a client does with it.

mod approvals;
pub mod browser;
pub mod chat;
pub mod command;
mod demo;
mod doctor;
#[cfg(test)]
mod documents;
mod errors;
mod event;
mod fga;
mod gateway_token;
mod invoke;
pub mod laptop;
pub mod mcp;
mod new_tool;
pub mod person;
mod place;
mod random;
pub mod running;
pub mod say;
mod schemas;
pub mod sign_in;
mod signals;
mod start;
mod stop;
mod story;
mod ticket;
mod tour;
pub mod trouble;
mod vectors;
mod watch;
pub mod web_app;
mod why;
