//! Wires the function to its settings and to the Runtime API.

use std::process::ExitCode;

use function::serve::{Invocation, Trouble};
use function::start::main_even_without;
use gateway_interceptor::settings::Settings;
use serde_json::value::RawValue;
use upstream_secrets::Identity;

fn main() -> ExitCode {
    main_even_without("gateway-interceptor", Settings::read, async |settings, rim| {
        let log = rim.log();
        let built = match settings {
            None => None,
            Some(settings) => {
                let built = gateway_interceptor::build(settings, Identity::default(), rim.clock()).await;
                built.inspect_err(|cause| log.stopped("start", cause)).ok()
            }
        };
        let handler = async |event: &RawValue, invocation: Invocation| {
            let answer = match &built {
                Some(interceptor) => gateway_interceptor::handle(interceptor, event.get(), &invocation).await,
                None => gateway_interceptor::without_settings(event.get(), &invocation),
            };
            log.outcome(&answer.outcome);
            answer.output
        };
        let fallback = |event: &RawValue, trouble: Trouble, invocation: &Invocation| {
            gateway_interceptor::give_up(event.get(), trouble, invocation).output
        };
        rim.serve(handler, fallback).await
    })
}
