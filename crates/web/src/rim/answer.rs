//! Every request ends here: in an answer, in time, with its headers, and with one line in the log.

use std::net::IpAddr;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use auth::id::{Reference, sha256_base64url};
use auth::refusal::{Code, Refusal};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use function::telemetry::{Outcome, Steps};
use function::trace::Trace;
use futures_util::FutureExt as _;
use http::header::{ACCEPT, RETRY_AFTER};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use tokio::time::timeout;
use upstream_aws::{WebKey, WebKind};

use super::limits::{ADDRESS, Rate};
use super::{Peer, same_origin, secure};
use crate::app::App;
use crate::person::cookies;
use crate::problem::Problem;
use crate::{page, random, routes};

/// From the first byte of a request's head to the head of its answer. A stream may go on after that.
const LONGEST: Duration = Duration::from_secs(30);

/// Logouts that the provider tells of, from one address: many people may be logged out at once.
const PROVIDER: Rate = Rate { burst: 1200, a_minute: 6000 };

/// By this name a person can ask about an answer: an extension of every request.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) reference: Reference,
    pub(crate) trace: Trace,
    pub(crate) steps: Steps,
}

impl Shown {
    /// A name that no other has.
    pub(crate) fn new() -> Self {
        // Without random bytes a reference is still better than none.
        let seed = random::bytes::<16>().unwrap_or_default();
        let id = sha256_base64url(&seed);
        Self { reference: Reference::of_request(&id), trace: Trace::of_request(&id), steps: Steps::new() }
    }

    /// An outcome of `ok` of what this name says.
    pub(crate) fn outcome(&self, name: &'static str) -> Outcome {
        let (reference, trace, steps) = (self.reference.clone(), self.trace.clone(), self.steps.clone());
        Outcome::new(name, reference, trace, steps, false).deciding_nothing()
    }
}

/// The outermost layer. In a task of its own: a browser that hangs up ends nothing half-way, such as a sign-out or the use of a
/// refresh token.
pub(crate) async fn finish(State(app): State<App>, request: Request, next: Next) -> Response {
    match app.apart(finished(app.clone(), request, next)).await {
        Ok(response) => response,
        Err(_) => {
            let shown = Shown::new();
            let mut response = told(&Problem::internal("a task broke"), &shown, false, Response::default());
            secure(&mut response);
            response
        }
    }
}

async fn finished(app: App, mut request: Request, next: Next) -> Response {
    let shown = Shown::new();
    let path = request.uri().path();
    let (name, script) = (routes::name(path), by_script(request.headers()) || path == routes::BACK_CHANNEL);
    request.extensions_mut().insert(shown.clone());
    let mut response = match admit(&app, &mut request) {
        Err(problem) => problem.into_response(),
        Ok(()) => match timeout(LONGEST, AssertUnwindSafe(next.run(request)).catch_unwind()).await {
            Ok(Ok(response)) => response,
            Ok(Err(_)) => Problem::internal("a handler panicked").into_response(),
            Err(_) => Problem::from(Refusal::new(Code::Unavailable, "the request took too long")).into_response(),
        },
    };
    let status = response.status();
    let problem = response.extensions_mut().remove::<Problem>();
    let failed = status.is_client_error() || status.is_server_error();
    let problem = problem.or_else(|| failed.then(|| Problem::of_status(status)));
    let outcome = shown.outcome(name);
    match problem {
        None => app.log.outcome(&outcome),
        Some(problem) => {
            app.log.outcome(&outcome.refused(&problem.refusal));
            response = told(&problem, &shown, script, response);
        }
    }
    secure(&mut response);
    response
}

/// What is looked at before anything else.
fn admit(app: &App, request: &mut Request) -> Result<(), Problem> {
    let Peer(peer) = *request.extensions().get::<Peer>().ok_or_else(|| Problem::internal("no address is known"))?;
    let address = app.proxies.sender(peer, request.headers());
    request.extensions_mut().insert(Peer(address));
    let by_provider = request.uri().path() == routes::BACK_CHANNEL;
    if by_provider {
        app.limits
            .take_of("back-channel", address, PROVIDER, app.clock.now())
            .map_err(|seconds| Problem::too_many("limits: address", seconds))?;
    } else {
        count(app, address, request.headers())?;
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if reads || by_provider || same_origin(request.headers(), &app.site.origin) {
        Ok(())
    } else {
        Err(Problem::foreign("origin: not our own"))
    }
}

/// Counts a request: as its session's where that is known, so that people behind one address do not use up each other's; else
/// as its address's.
fn count(app: &App, address: IpAddr, headers: &HeaderMap) -> Result<(), Problem> {
    let now = app.clock.now();
    let cookie = cookies::read(headers, cookies::SESSION).ok().flatten();
    let session = cookie.and_then(|cookie| WebKey::of(WebKind::Session, cookie.expose().as_bytes()));
    match session.and_then(|session| app.limits.take_known(&session, now)) {
        Some(taken) => taken.map_err(|seconds| Problem::too_many("limits: session", seconds)),
        None => {
            let taken = app.limits.take_of("any", address, ADDRESS, now);
            taken.map_err(|seconds| Problem::too_many("limits: address", seconds))
        }
    }
}

/// Our script asks for JSON or a stream; a page is asked for by a person.
fn by_script(headers: &HeaderMap) -> bool {
    let accept = headers.get(ACCEPT).and_then(|accept| accept.to_str().ok()).unwrap_or_default();
    accept.starts_with("application/json") || accept.starts_with("text/event-stream")
}

/// The page or, for a script or the provider, the JSON of a problem, with the cookies that the answer had.
fn told(problem: &Problem, shown: &Shown, script: bool, before: Response) -> Response {
    let refusal = &problem.refusal;
    let mut response = if script {
        let body = serde_json::json!({
            "error": refusal.code().name(), "message": refusal.sentence(), "next": problem.next,
            "reference": shown.reference.as_str(),
        });
        (problem.status, axum::Json(body)).into_response()
    } else {
        (problem.status, page::problem(problem, &shown.reference)).into_response()
    };
    for cookie in before.headers().get_all(http::header::SET_COOKIE) {
        response.headers_mut().append(http::header::SET_COOKIE, cookie.clone());
    }
    if let Some(seconds) = refusal.retry_after_seconds() {
        response.headers_mut().insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED
        && let Some(allow) = before.headers().get(http::header::ALLOW)
    {
        response.headers_mut().insert(http::header::ALLOW, allow.clone());
    }
    response
}
