//! The application as a Lambda function behind a function URL that streams responses.
//!
//! Unverified, because nothing here has run on AWS:
//! - whether `rawPath` comes percent-encoded as the browser sent it (no path of ours has anything to encode);
//! - whether the event has the header `cookie` beside the array `cookies`: the array is taken where it is there, never both;
//! - what becomes of an answer whose browser has left. AWS says that the function goes on; then the turn ends as if the browser
//!   were there, and its answer is in the conversation. If Lambda closes the connection instead, the turn is marked as stopped.
//!
//! Limits by address and session are kept by each process for itself, so with several of them more passes than the figures say;
//! the function's reserved concurrency is the limit for all.

mod answer;
mod event;

use std::sync::Arc;

use auth::refusal::{Code, Refusal};
use axum::Router;
use function::serve::{Invocation, Streamed, Trouble};
use function::start::{Rim, Stopped};
use function::telemetry::{Log, Outcome};
use hyper_util::service::TowerToHyperService;
use serde_json::value::RawValue;
use upstream_aws::Identity;

use crate::app::App;
use crate::problem::Problem;
use crate::rim::{Peer, Until};
use crate::routes::router;
use crate::settings::Settings;

/// Answers events until the process ends.
///
/// # Errors
/// As [`Rim::serve_streaming`], and for settings that fit and yet do not do.
pub async fn serve(settings: Settings, rim: Rim) -> Result<(), Stopped> {
    let app = App::build(settings, Identity::default(), rim.clock(), rim.log()).await;
    let app = app.map_err(|error| Stopped::new("clients", error.to_string()))?;
    let service = Arc::new(TowerToHyperService::new(router(app)));
    let log = rim.log().without_audit();
    let handler = async |event: &RawValue, invocation: Invocation| respond(&service, &log, event, &invocation).await;
    rim.serve_streaming(handler, |_, trouble, invocation| in_trouble(trouble, invocation)).await
}

async fn respond(
    service: &TowerToHyperService<Router>,
    log: &Log,
    event: &RawValue,
    invocation: &Invocation,
) -> Streamed {
    let (mut request, peer) = match event::request(event.get()) {
        Ok(request) => request,
        Err(cause) => {
            let refusal = Refusal::invalid_input("The request could not be understood.");
            let problem = Problem::from(Refusal::new(refusal.code(), cause));
            let Invocation { reference, trace, steps, cold, .. } = invocation.clone();
            let outcome = Outcome::new("web_other", reference, trace, steps, cold).deciding_nothing();
            log.outcome(&outcome.refused(&problem.refusal));
            return answer::of_problem(&problem, invocation);
        }
    };
    request.extensions_mut().insert(Peer(peer));
    request.extensions_mut().insert(Until(invocation.until));
    match hyper::service::Service::call(service, request).await {
        Ok(response) => answer::of(response),
        Err(never) => match never {},
    }
}

fn in_trouble(trouble: Trouble, invocation: &Invocation) -> Streamed {
    let late = trouble.code() == Code::Unavailable;
    let cause = if late { "lambda: the request took too long" } else { "lambda: a handler panicked" };
    answer::of_problem(&Problem::from(Refusal::new(trouble.code(), cause)), invocation)
}
