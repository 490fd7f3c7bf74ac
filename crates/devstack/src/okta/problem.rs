//! Okta's error bodies. A client branches on `errorCode` only.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::header::WWW_AUTHENTICATE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// Why a Management API call failed (codes: developer.okta.com, error codes).
#[derive(Debug)]
pub(super) enum Problem {
    /// No token, or one that is unknown, expired or revoked.
    InvalidToken,
    /// The token lacks this scope.
    Scope(&'static str),
    /// The person has no administrator role that covers this.
    Role,
    /// No such thing.
    NotFound(String),
    /// `after` or `limit` cannot be read.
    Paging,
    /// A parameter that cannot be read.
    Invalid(&'static str),
    /// A parameter that the call needs.
    Missing,
    /// The status of the user does not allow this.
    Status,
    /// The user is not locked out.
    NotLocked,
    /// The members of this group are not kept in Okta.
    ForeignGroup,
    /// The bucket is empty.
    RateLimit,
}

impl Problem {
    pub(super) fn no_user(name: &str) -> Self {
        Self::NotFound(format!("{name} (User)"))
    }

    pub(super) fn no_group(name: &str) -> Self {
        Self::NotFound(format!("{name} (UserGroup)"))
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        match self {
            Self::InvalidToken => challenged(
                body(StatusCode::UNAUTHORIZED, "E0000011", "Invalid token provided"),
                r#"Bearer realm="IssuerEndpoint", error="invalid_token", error_description="The token has expired.""#,
            ),
            // The body is empty: what is wrong stands in the header only.
            Self::Scope(scope) => challenged(
                StatusCode::FORBIDDEN.into_response(),
                &format!(
                    r#"Bearer realm="IssuerEndpoint", scope="{scope}", error="insufficient_scope", error_description="The access token provided does not contain the required scopes.""#
                ),
            ),
            Self::Role => {
                body(StatusCode::FORBIDDEN, "E0000006", "You do not have permission to perform the requested action")
            }
            Self::NotFound(what) => {
                body(StatusCode::NOT_FOUND, "E0000007", &format!("Not found: Resource not found: {what}"))
            }
            Self::Paging => body(StatusCode::BAD_REQUEST, "E0000029", "Invalid paging request."),
            Self::Missing => body(StatusCode::BAD_REQUEST, "E0000028", "The request is missing a required parameter."),
            Self::Invalid(name) => body(StatusCode::BAD_REQUEST, "E0000001", &format!("Api validation failed: {name}")),
            Self::Status => {
                body(StatusCode::FORBIDDEN, "E0000038", "This operation is not allowed in the user's current status.")
            }
            Self::NotLocked => body(StatusCode::FORBIDDEN, "E0000032", "Unlock is not allowed for this user."),
            Self::ForeignGroup => body(StatusCode::NOT_IMPLEMENTED, "E0000060", "Unsupported operation."),
            Self::RateLimit => body(
                StatusCode::TOO_MANY_REQUESTS,
                "E0000047",
                "API call exceeded rate limit due to too many requests.",
            ),
        }
    }
}

fn challenged(mut response: Response, challenge: &str) -> Response {
    if let Ok(value) = HeaderValue::from_str(challenge) {
        response.headers_mut().insert(WWW_AUTHENTICATE, value);
    }
    response
}

fn body(status: StatusCode, code: &str, summary: &str) -> Response {
    let error = json!({
        "errorCode": code,
        "errorSummary": summary,
        "errorLink": code,
        "errorId": crate::random::token("oae"),
        "errorCauses": [],
    });
    (status, Json(error)).into_response()
}

pub(super) async fn no_such_path() -> Response {
    body(StatusCode::NOT_FOUND, "E0000008", "The requested path was not found")
}

pub(super) async fn wrong_method() -> Response {
    body(StatusCode::METHOD_NOT_ALLOWED, "E0000022", "The endpoint does not support the provided HTTP method")
}
