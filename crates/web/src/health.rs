//! Whether the process answers. It asks nobody else: a service that is down is no reason to start this one anew.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

pub(crate) async fn health() -> Response {
    ([(CONTENT_TYPE, "text/plain; charset=utf-8")], "ok\n").into_response()
}
