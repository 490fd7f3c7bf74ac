//! Wires the function to its settings and to the Runtime API.

use std::process::ExitCode;
use std::time::Duration;

use approval_worker::ApprovalWorker;
use approval_worker::settings::Settings;
use function::serve::{Invocation, Trouble};
use function::start::{Stopped, main_with};
use serde_json::value::RawValue;
use tokio::time::Instant;
use upstream_aws::Identity;

/// Connections that are not open by then are opened by the first call.
const OPENING: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    main_with("approval-worker", Settings::read, async |settings, rim| {
        let built = ApprovalWorker::build(settings, Identity::default(), rim.clock()).await;
        let function = built.map_err(|error| Stopped::new("start", error.to_string()))?;
        function.open(Instant::now() + OPENING).await;
        let log = rim.log();
        let handler = async |event: &RawValue, invocation: Invocation| {
            let (answer, outcomes) = function.handle(event.get(), &invocation).await;
            outcomes.iter().for_each(|outcome| log.outcome(outcome));
            answer
        };
        let fallback = |event: &RawValue, _: Trouble, _: &Invocation| approval_worker::give_up(event.get());
        rim.serve(handler, fallback).await
    })
}
