//! The token endpoint of a hosted server, and the guard in front of the API.

use std::collections::BTreeMap;

use axum::Json;
use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::json;

use super::config::Auth;
use super::problem::Problem;
use super::store::Shared;

/// The client, and the tokens that it got.
#[derive(Debug)]
pub(super) struct Tokens {
    pub(super) auth: Auth,
    /// Token, then the second since 1970 in which it ends, and whether it is the writer's.
    issued: BTreeMap<String, (u64, bool)>,
    /// Every token since the start, revoked ones included.
    pub(super) handed_out: Vec<String>,
}

impl Tokens {
    pub(super) fn new(auth: Auth) -> Self {
        Self { auth, issued: BTreeMap::new(), handed_out: Vec::new() }
    }

    fn issue(&mut self, writer: bool) -> String {
        let token = crate::random::token("");
        self.handed_out.push(token.clone());
        let ends = crate::clock::now().saturating_add(self.auth.token_lifetime);
        self.issued.insert(token.clone(), (ends, writer));
        token
    }

    pub(super) fn revoke_all(&mut self) {
        self.issued.clear();
    }

    fn accepts(&self, token: &str) -> bool {
        let issued = self.issued.get(token).is_some_and(|(ends, _)| *ends > crate::clock::now());
        issued || self.auth.preshared.as_deref() == Some(token)
    }

    fn may_write(&self, token: &str) -> bool {
        self.auth.writer.is_none() || self.issued.get(token).is_some_and(|(_, writer)| *writer)
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Wish {
    grant_type: String,
    client_id: String,
    client_secret: String,
    audience: String,
}

/// `POST /oauth/token`, client credentials, as a form or as JSON.
pub(super) async fn issue(State(shared): State<Shared>, headers: HeaderMap, body: Bytes) -> Response {
    let kind = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let wish = if kind.starts_with("application/json") {
        serde_json::from_slice(&body).unwrap_or_default()
    } else {
        form(&body)
    };
    let mut world = shared.lock();
    let Some(tokens) = &mut world.tokens else {
        return refused(StatusCode::NOT_FOUND, "not_found", "this server asks for no token");
    };
    if wish.grant_type != "client_credentials" {
        return refused(StatusCode::FORBIDDEN, "unsupported_grant_type", "Unsupported grant type");
    }
    let auth = &tokens.auth;
    let checker = wish.client_id == auth.client_id && wish.client_secret == auth.client_secret;
    let writer = auth
        .writer
        .as_ref()
        .is_some_and(|writer| wish.client_id == writer.client_id && wish.client_secret == writer.client_secret);
    if !(checker || writer) || wish.audience != auth.audience {
        return refused(StatusCode::UNAUTHORIZED, "access_denied", "Unauthorized");
    }
    let expires_in = auth.token_lifetime;
    let access_token = tokens.issue(writer);
    Json(json!({ "access_token": access_token, "expires_in": expires_in, "token_type": "Bearer" })).into_response()
}

fn form(body: &[u8]) -> Wish {
    let mut wish = Wish::default();
    for (name, value) in url::form_urlencoded::parse(body) {
        match name.as_ref() {
            "grant_type" => wish.grant_type = value.into_owned(),
            "client_id" => wish.client_id = value.into_owned(),
            "client_secret" => wish.client_secret = value.into_owned(),
            "audience" => wish.audience = value.into_owned(),
            _ => {}
        }
    }
    wish
}

fn refused(status: StatusCode, error: &str, description: &str) -> Response {
    (status, Json(json!({ "error": error, "error_description": description }))).into_response()
}

/// What changes something, by the ends of paths.
const WRITES: [&str; 3] = ["/write", "/authorization-models", "/stores"];

/// Middleware: no token, no answer.
pub(super) async fn guard(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let writes = WRITES.iter().any(|end| request.method() == http::Method::POST && request.uri().path().ends_with(end));
    match admitted(&shared, request.headers(), writes) {
        Ok(()) => next.run(request).await,
        Err(problem) => problem.into_response(),
    }
}

fn admitted(shared: &Shared, headers: &HeaderMap, writes: bool) -> Result<(), Problem> {
    let world = shared.lock();
    let Some(tokens) = &world.tokens else { return Ok(()) };
    let value = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            let bad = || Problem::auth("auth_failed_invalid_bearer_token", "invalid bearer token");
            tokens.accepts(token.trim()).then_some(()).ok_or_else(bad)?;
            if writes && !tokens.may_write(token.trim()) {
                return Err(Problem::forbidden());
            }
            Ok(())
        }
        Some(_) | None => Err(Problem::auth("bearer_token_missing", "missing bearer token")),
    }
}
