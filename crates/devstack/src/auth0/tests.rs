//! The double over the wire, with a small stand-in for Okta behind it.

mod apis;
mod ciba;
mod connected_accounts;
mod controls;
mod exchange;
mod house;
mod refresh;
mod sign_in;
