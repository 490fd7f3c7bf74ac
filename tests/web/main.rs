//! The web application, driven as a browser would, with every service behind it.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests fail by panics"
)]

mod accounts;
mod approving;
mod back_channel;
mod broken;
mod chatting;
mod client;
mod ending;
mod faults;
mod hanging_up;
mod lambda;
mod limits;
mod lost;
mod organization;
mod outlasting;
mod rim;
mod sign_in;
mod sign_out;
mod standards;
mod stopping;
mod through_the_gateway;
