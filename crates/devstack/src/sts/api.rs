//! `POST /` with a form. Each call is named after its action, then counted, then faulted, then done.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use http::Uri;

use super::assume::Desk;
use super::form::Form;
use super::problem::Problem;
use super::{wish::Wish, xml};
use crate::lambda::ACCOUNT;
use crate::operations::Observed;

/// The largest request that is read, in bytes.
const READABLE: usize = 256 * 1024;

pub(super) fn routes(desk: Desk, observed: &Observed) -> Router {
    observed.over(Router::new().route("/", post(call).with_state(desk))).layer(from_fn(name))
}

async fn name(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = to_bytes(body, READABLE).await.unwrap_or_default();
    let action = Form::parse(&body).action();
    if let Some(uri) = action.and_then(|action| format!("/{action}").parse::<Uri>().ok()) {
        parts.uri = uri;
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}

async fn call(State(desk): State<Desk>, request: Request) -> Response {
    run(&desk, request).await.unwrap_or_else(IntoResponse::into_response)
}

async fn run(desk: &Desk, request: Request) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, READABLE).await.map_err(|_| Problem::validation("the request is too large"))?;
    let mut form = Form::parse(&body);
    let action = form.action().unwrap_or_default();
    if form.take("Version").as_deref() != Some("2011-06-15") {
        return Err(Problem::invalid_action(&action));
    }
    form.take("Action");
    let caller = desk.iam.caller(&parts.headers).map_err(|refusal| Problem::refused(&refusal))?;
    match action.as_str() {
        "AssumeRole" => {
            let issued = desk.assume(&caller, Wish::read(form)?)?;
            Ok(xml::assumed(&issued))
        }
        // Every caller may ask who it is, whatever the policies say.
        "GetCallerIdentity" => Ok(xml::identity(&caller.arn(), &caller.user_id(), ACCOUNT)),
        other => Err(Problem::invalid_action(other)),
    }
}
