//! Wires the function to its settings and to the Runtime API.

use std::process::ExitCode;
use std::time::Duration;

use fga_authorizer::settings::Settings;
use function::serve::{Invocation, Trouble};
use function::start::{Stopped, main_with};
use serde_json::value::RawValue;
use tokio::time::Instant;
use upstream_secrets::Identity;

/// Connections that are not open by then are opened by the first call.
const OPENING: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    main_with("fga-authorizer", Settings::read, async |settings, rim| {
        let built = fga_authorizer::build(settings, Identity::default(), rim.clock()).await;
        let openfga = built.map_err(|problem| Stopped::new("start", problem))?;
        openfga.open(Instant::now() + OPENING).await;
        let rim = rim.recorded_by_callers();
        let log = rim.log();
        let handler = async |event: &RawValue, invocation: Invocation| {
            let answer = fga_authorizer::handle(&openfga, event.get(), &invocation).await;
            log.outcome(&answer.outcome(&invocation));
            answer.body
        };
        let fallback = |_: &RawValue, trouble: Trouble, _: &Invocation| fga_authorizer::give_up(trouble).body;
        rim.serve(handler, fallback).await
    })
}
