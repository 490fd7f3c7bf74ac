//! A response as Lambda streams it to a browser.

use axum::response::{IntoResponse, Response};
use function::serve::{Broken, Invocation, Streamed};
use futures_util::StreamExt as _;
use http::header::SET_COOKIE;
use serde_json::{Map, Value, json};

use crate::page;
use crate::problem::Problem;
use crate::rim::secure;

/// Status, headers and cookies in the prelude, then the body as it comes. What is no text is left out of the prelude: all our
/// headers are.
pub(super) fn of(response: Response) -> Streamed {
    let (head, body) = response.into_parts();
    let mut headers = Map::new();
    for name in head.headers.keys().filter(|name| **name != SET_COOKIE) {
        let values: Vec<&str> = head.headers.get_all(name).iter().filter_map(|value| value.to_str().ok()).collect();
        headers.insert(name.as_str().to_owned(), Value::from(values.join(", ")));
    }
    let cookies: Vec<&str> = head.headers.get_all(SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect();
    let prelude = json!({ "statusCode": head.status.as_u16(), "headers": headers, "cookies": cookies });
    Streamed { prelude, body: body.into_data_stream().map(|piece| piece.map_err(|_| Broken)).boxed() }
}

/// The page of a problem that the application itself could not tell.
pub(super) fn of_problem(problem: &Problem, invocation: &Invocation) -> Streamed {
    let mut response = (problem.status, page::problem(problem, &invocation.reference)).into_response();
    secure(&mut response);
    of(response)
}
