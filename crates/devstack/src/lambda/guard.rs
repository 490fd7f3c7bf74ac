//! Evaluates every call by an account's policies first, once an account is given.
//!
//! What an event source brings passes, an agent needs the function's own policy, and everybody else needs
//! `lambda:InvokeFunction`.

use axum::body::Body;
use axum::extract::{Path, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderValue, StatusCode};
use serde_json::json;
use url::form_urlencoded;

use super::function::{name_in, qualifier_in};
use super::{ACCOUNT, answer, arn, stamp};
use crate::iam::{Ask, Context, Gate, Iam, PASS, Refusal, SOURCE, pass};

/// Middleware of the route that names the function.
pub(super) async fn check(
    State(gate): State<Gate>,
    Path(reference): Path<String>,
    request: Request,
    next: Next,
) -> Response {
    let Some(iam) = gate.iam() else { return next.run(request).await };
    if request.headers().get(PASS).is_some_and(|value| value.as_bytes() == pass().as_bytes()) {
        return match let_in(&iam, &reference, &request) {
            Ok(()) => next.run(request).await,
            Err(refusal) => refused(&refusal),
        };
    }
    admitted(&iam, "lambda:InvokeFunction", &reference, request, next).await
}

/// The same for the route that tells how the function is set up, which no service reads.
pub(super) async fn read(
    State(gate): State<Gate>,
    Path(reference): Path<String>,
    request: Request,
    next: Next,
) -> Response {
    let Some(iam) = gate.iam() else { return next.run(request).await };
    admitted(&iam, "lambda:GetFunctionConfiguration", &reference, request, next).await
}

async fn admitted(iam: &Iam, action: &str, reference: &str, request: Request, next: Next) -> Response {
    // A name that is none is told so by the call itself.
    let asks: Vec<Ask> =
        name_in(reference).map(|name| Ask::new(action, resource(name, reference, &request))).into_iter().collect();
    match iam.admit(request.headers(), &asks) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refused(&refusal),
    }
}

/// The service that calls needs nobody's leave, or has the function's.
fn let_in(iam: &Iam, reference: &str, request: &Request) -> Result<(), Refusal> {
    let Some(source) = request.headers().get(SOURCE) else { return Ok(()) };
    let named = source.to_str().ok().and_then(|text| text.split_once(' '));
    let (service, arn) = named.ok_or(Refusal::Missing)?;
    let context = Context::default().with("aws:SourceArn", arn).with("aws:SourceAccount", ACCOUNT);
    // A name that is none is told so by the call itself.
    let Some(name) = name_in(reference) else { return Ok(()) };
    iam.lets_service(service, &Ask::new("lambda:InvokeFunction", resource(name, reference, request)).about(context))
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
