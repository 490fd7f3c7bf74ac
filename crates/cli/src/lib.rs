//! The program `mandate`, as a library: the whole system on one machine, and what a client does with it.

pub mod browser;
pub mod chat;
pub mod command;
mod demo;
pub mod laptop;
pub mod person;
mod random;
pub mod running;
pub mod say;
pub mod sign_in;
mod start;
mod stop;
mod story;
mod tour;
pub mod trouble;
pub mod web_app;
