//! Evaluates every call by an account's policies first, once an account is given.
//!
//! A function has no policy of its own here: what the doubles call in the name of a service passes, and everybody else
//! needs `lambda:InvokeFunction`.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use super::function::{name_in, qualifier_in};
use super::{answer, arn, stamp};
use crate::iam::{Ask, Gate, PASS, Refusal, pass};

/// Middleware of the route that names the function.
pub(super) async fn check(
    State(gate): State<Gate>,
    Path(reference): Path<String>,
    request: Request,
    next: Next,
) -> Response {
    let Some(iam) = gate.iam() else { return next.run(request).await };
    if request.headers().get(PASS).is_some_and(|value| value.as_bytes() == pass().as_bytes()) {
        return next.run(request).await;
    }
    // A name that is none is told so by the call itself.
    let asks: Vec<Ask> = name_in(&reference)
        .map(|name| Ask::new("lambda:InvokeFunction", resource(name, &reference, &request)))
        .into_iter()
        .collect();
    match iam.admit(request.headers(), &asks) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(&refusal),
    }
}

/// The function's ARN, with the qualifier if the call has one, in the path or in the query.
fn resource(name: &str, reference: &str, request: &Request) -> String {
    let query = request.uri().query().unwrap_or_default();
    let asked = form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "Qualifier");
    let qualifier = qualifier_in(reference).map(str::to_owned).or_else(|| asked.map(|(_, value)| value.into_owned()));
    qualifier.map_or_else(|| arn(name), |qualifier| format!("{}:{qualifier}", arn(name)))
}

fn refused(refusal: &Refusal) -> Response {
    let member = if matches!(refusal, Refusal::Denied { .. }) { "Message" } else { "message" };
    let mut response = answer::status(StatusCode::FORBIDDEN, &stamp::uuid());
    let headers = response.headers_mut();
    headers.insert("x-amzn-errortype", HeaderValue::from_static(refusal.code()));
    headers.insert("content-type", HeaderValue::from_static("application/json"));
    *response.body_mut() = Body::from(json!({ member: refusal.sentence(str::to_owned) }).to_string());
    response
}
