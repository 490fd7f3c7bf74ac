//! Wires the function to its settings and to the Runtime API.

use std::process::ExitCode;
use std::time::Duration;

use ciba_initiator::CibaInitiator;
use ciba_initiator::settings::Settings;
use function::serve::{Invocation, Trouble};
use function::start::{Stopped, main_with};
use serde_json::value::RawValue;
use tokio::time::Instant;
use upstream_aws::Identity;

/// Connections that are not open by then are opened by the first call.
const OPENING: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    main_with("ciba-initiator", Settings::read, async |settings, rim| {
        let built = CibaInitiator::build(settings, Identity::default(), rim.clock()).await;
        let function = built.map_err(|error| Stopped::new("start", error.to_string()))?;
        function.open(Instant::now() + OPENING).await;
        let log = rim.log();
        let handler = async |event: &RawValue, invocation: Invocation| {
            let (answer, outcome) = function.handle(event.get(), &invocation).await;
            log.outcome(&outcome);
            answer
        };
        let fallback = |event: &RawValue, trouble: Trouble, invocation: &Invocation| {
            ciba_initiator::give_up(event.get(), trouble, invocation)
        };
        rim.serve(handler, fallback).await
    })
}
