//! The API's errors: problem details (RFC 9457) with `validation_errors`.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderValue, StatusCode};
use serde_json::json;

/// One problem. The texts are fixed: nothing of the request comes back.
#[derive(Debug)]
pub(crate) struct Problem {
    status: StatusCode,
    title: &'static str,
    detail: &'static str,
    field: Option<&'static str>,
}

impl Problem {
    const fn new(status: StatusCode, title: &'static str, detail: &'static str) -> Self {
        Self { status, title, detail, field: None }
    }

    pub(super) const fn token() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", "Invalid Token")
    }

    pub(super) const fn scope() -> Self {
        Self::new(StatusCode::FORBIDDEN, "Forbidden", "Insufficient Scope")
    }

    pub(super) const fn field(field: &'static str, detail: &'static str) -> Self {
        Self { field: Some(field), ..Self::new(StatusCode::BAD_REQUEST, "Validation Error", detail) }
    }

    pub(super) const fn bad(detail: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Bad Request", detail)
    }

    pub(super) const fn missing() -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found", "The connected account does not exist")
    }

    pub(super) const fn conflict() -> Self {
        Self::new(StatusCode::CONFLICT, "Conflict", "The account is already connected to another user")
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut body = json!({
            "type": "about:blank", "status": self.status.as_u16(), "title": self.title, "detail": self.detail,
        });
        if let (Some(field), Some(members)) = (self.field, body.as_object_mut()) {
            let error = json!([{"detail": self.detail, "field": field, "pointer": format!("/{field}")}]);
            members.insert("validation_errors".to_owned(), error);
        }
        let mut response = (self.status, body.to_string()).into_response();
        response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        response
    }
}
