//! The rim of any Lambda function: what stands between the platform and a handler that never fails.
//!
//! - [`settings`] reads the environment, once, into one checked struct, or says everything that is wrong with it;
//! - [`clock`] reads the system clock, and nothing else does;
//! - [`start`] makes a process of the two: settings, panic hook, clients, loop;
//! - [`serve`] asks the Runtime API for events, gives each to the handler, and answers even when the handler panics or
//!   runs out of time;
//! - [`telemetry`] writes one line for each outcome, which is a log record and a metric at once;
//! - [`trace`] carries the W3C trace context.
//!
//! A function's `main.rs` is a call of [`start::main_with`].

pub mod clock;
pub mod serve;
pub mod settings;
pub mod start;
pub mod telemetry;
pub mod trace;
