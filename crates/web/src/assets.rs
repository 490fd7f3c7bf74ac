//! The style sheet and the script, which are part of the program.

use axum::response::{IntoResponse, Response};
use http::header::CONTENT_TYPE;

pub(crate) async fn style() -> Response {
    ([(CONTENT_TYPE, "text/css; charset=utf-8")], include_str!("../assets/style.css")).into_response()
}

pub(crate) async fn script() -> Response {
    ([(CONTENT_TYPE, "text/javascript; charset=utf-8")], include_str!("../assets/script.js")).into_response()
}

/// A drawn key, in the colours of the style sheet.
pub(crate) async fn icon() -> Response {
    ([(CONTENT_TYPE, "image/svg+xml")], include_str!("../assets/icon.svg")).into_response()
}
