//! The way back to the application.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, LOCATION, REFERRER_POLICY};
use http::{HeaderValue, StatusCode};
use url::Url;

/// Where a browser goes back to, and the `state` it takes along. The address was compared with the registered ones.
#[derive(Clone)]
pub(crate) struct Back {
    pub(crate) redirect_uri: String,
    pub(crate) state: Option<String>,
}

impl Back {
    /// 302 with `parameters`, and `state` if there is one.
    pub(crate) fn with(&self, parameters: &[(&str, &str)]) -> Response {
        let Ok(mut url) = Url::parse(&self.redirect_uri) else {
            return (StatusCode::BAD_REQUEST, "the registered callback URL is not a URL").into_response();
        };
        url.query_pairs_mut().extend_pairs(parameters);
        if let Some(state) = &self.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        found(url.as_str())
    }

    /// 302 with an error (RFC 6749, section 4.1.2.1) and the issuer (RFC 9207, section 2).
    pub(crate) fn refuse(&self, issuer: &str, error: &str, description: &str) -> Response {
        self.with(&[("error", error), ("error_description", description), ("iss", issuer)])
    }
}

/// 302 to `url`.
pub(crate) fn found(url: &str) -> Response {
    let mut response = StatusCode::FOUND.into_response();
    let headers = response.headers_mut();
    if let Ok(url) = HeaderValue::from_str(url) {
        headers.insert(LOCATION, url);
    }
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response
}
