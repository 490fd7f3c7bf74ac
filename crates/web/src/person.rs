//! Who is signed in, and how they come and go.

pub(crate) mod back_channel;
pub mod cookies;
pub(crate) mod handed;
mod open;
mod place;
mod provider;
pub(crate) mod sign_in;
pub(crate) mod sign_out;
mod times;
mod visitor;

pub use place::Place;
pub(crate) use provider::{item_of, sessions};
pub(crate) use sign_out::Given;
pub(crate) use visitor::{Touch, Visitor};
