//! The gateway, driven over the wire with functions and an issuer that stand in for others.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what cannot be had ends the test")]

mod admission;
mod arguments;
mod functions;
mod house;
mod injection;
mod interceptors;
mod issuer;
mod outputs;
mod policies;
mod protocol;
mod records;
mod sessions;
mod targets;
