//! The interceptor as the gateway calls it, with an issuer's keys on loopback.

mod calls;
mod events;
mod faults;
mod named;
mod scene;
