//! The interceptor as the gateway calls it, with an issuer's keys on loopback.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what a test reads must be there")]

mod calls;
mod corpus;
mod events;
mod faults;
mod named;
mod process;
mod scene;
mod seed;
mod warm;
