//! The program `mandate`, as a library: the whole system on one machine, and what a client does with it.

pub mod browser;
pub mod chat;
pub mod laptop;
pub mod person;
mod random;
pub mod sign_in;
pub mod trouble;
