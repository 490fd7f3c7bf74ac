//! Amazon SQS: standard queues with delays, visibility time-outs and redrive, and the event-source mapping that calls a
//! function with what a queue holds.
//!
//! Followed are the [JSON protocol](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-making-api-requests-json.html)
//! and [Lambda with SQS](https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html). Every call is `POST /`; among the
//! operations a call's request line is `POST /OPERATION`, as in `POST /SendMessage`. Left out: FIFO queues, batches of
//! calls, signatures, policies of queues, and the mapping's back-off after errors. An account's policies are enforced once
//! there is one.

mod admin;
mod api;
mod attribute;
mod clock;
mod config;
mod controls;
mod digest;
mod guard;
mod mapping;
mod message;
mod problem;
mod queue;
mod receipt;
#[cfg(test)]
mod tests;
mod world;

use std::io;

use tokio::net::TcpListener;

pub use attribute::Attribute;
pub use config::{Config, Queue, Redrive};
pub use controls::Sqs;
pub use mapping::{Batch, EventSource, Mapping};
pub use message::{Held, Sent, State};
pub use queue::Counts;

use crate::iam::Gate;
use crate::operations::Observed;
use world::Shared;

/// The ARN of a queue held here.
#[must_use]
pub fn arn(queue: &str) -> String {
    format!("arn:aws:sqs:{}:{}:{queue}", crate::lambda::REGION, crate::lambda::ACCOUNT)
}

/// Serves SQS on `listener`.
///
/// # Errors
/// When the listener has no local address, or a queue's settings are out of bounds or name a queue that is not there.
pub async fn start(listener: TcpListener, config: Config) -> io::Result<Sqs> {
    let shared = Shared::new(format!("http://{}", listener.local_addr()?), config)?;
    let (observed, gate) = (Observed::default(), Gate::default());
    let router = api::routes(shared.clone(), gate.clone(), &observed).merge(admin::routes(shared.clone()));
    Ok(Sqs { operations: observed.serve("sqs", listener, router)?, shared, gate })
}
