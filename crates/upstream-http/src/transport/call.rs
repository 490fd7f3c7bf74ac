//! One request, and what came back.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue, Method};
use reqwest::Client;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use url::Url;

use super::{Object, Transport, TransportError, witness};
use auth::audit::Upstream;
use auth::secret::Secret;

/// The longest a call takes unless it says otherwise.
const USUAL_LIMIT: Duration = Duration::from_secs(5);
/// The largest body that a call reads unless it says otherwise: 64 KiB.
const USUAL_CAP: usize = 64 * 1024;

/// A request in the making.
pub struct Call<'a> {
    client: &'a Client,
    upstream: Option<Upstream>,
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
    limit: Duration,
    cap: usize,
    repeatable: bool,
}

/// A whole answer. It has no `Debug`: a body may hold a token.
pub struct Reply {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl<'a> Call<'a> {
    pub(super) fn new(transport: &'a Transport, method: Method, url: Url) -> Self {
        let Transport { client, upstream } = transport;
        let (headers, limit, cap) = (HeaderMap::new(), USUAL_LIMIT, USUAL_CAP);
        Self { client, upstream: *upstream, method, url, headers, body: None, limit, cap, repeatable: false }
    }

    /// Adds a header. A value that is not visible ASCII is left out, and the service refuses the call.
    #[must_use]
    pub fn header(mut self, name: HeaderName, value: &str) -> Self {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
        self
    }

    /// Sends `token` as RFC 6750 section 2.1 says, marked as sensitive.
    #[must_use]
    pub fn bearer(mut self, token: &Secret) -> Self {
        if let Ok(mut value) = HeaderValue::from_str(&format!("Bearer {}", token.expose())) {
            value.set_sensitive(true);
            self.headers.insert(http::header::AUTHORIZATION, value);
        }
        self
    }

    /// An `application/x-www-form-urlencoded` body.
    #[must_use]
    pub fn form(mut self, fields: &[(&str, &str)]) -> Self {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.body = Some(body.into_bytes());
        self.header(http::header::CONTENT_TYPE, "application/x-www-form-urlencoded")
    }

    /// A JSON body.
    #[must_use]
    pub fn json(mut self, value: &impl Serialize) -> Self {
        self.body = serde_json::to_vec(value).ok();
        self.header(http::header::CONTENT_TYPE, "application/json")
    }

    /// The total time this call may take, connection and body included; 5 s by default.
    #[must_use]
    pub fn at_most(mut self, limit: Duration) -> Self {
        self.limit = limit;
        self
    }

    /// The largest body to read, in bytes; 64 KiB by default.
    #[must_use]
    pub fn cap(mut self, bytes: usize) -> Self {
        self.cap = bytes;
        self
    }

    /// Says that sending this twice is harmless, so that it is repeated once after a broken or refused connection, a
    /// time-out or a 500, 502, 503 or 504, if there is time.
    #[must_use]
    pub fn repeatable(mut self) -> Self {
        self.repeatable = true;
        self
    }

    /// Sends it, once or, if repeatable, at most twice.
    ///
    /// # Errors
    /// [`TransportError`] when no complete answer came. Any status is an answer.
    pub async fn send(self, until: Instant) -> Result<Reply, TransportError> {
        let first = self.attempt(until).await;
        if !(self.repeatable && may_pass(&first)) {
            return first;
        }
        match self.attempt(until).await {
            Err(TransportError::OutOfTime) => first,
            second => second,
        }
    }

    /// One request, which is told of as soon as it is sent, so that it is known of also if nobody waits for its answer.
    async fn attempt(&self, until: Instant) -> Result<Reply, TransportError> {
        let end = until.min(Instant::now() + self.limit);
        if end <= Instant::now() {
            return Err(TransportError::OutOfTime);
        }
        witness::tell(self.upstream, None);
        let mut request = self.client.request(self.method.clone(), self.url.clone()).headers(self.headers.clone());
        if let Some(body) = &self.body {
            request = request.body(body.clone());
        }
        let outcome =
            tokio::time::timeout_at(end, read(request, self.cap)).await.unwrap_or(Err(TransportError::TimedOut));
        witness::tell(self.upstream, outcome.as_ref().ok().map(Reply::status));
        outcome
    }
}

/// Whether the same request may fare better a moment later.
pub(crate) fn may_pass(outcome: &Result<Reply, TransportError>) -> bool {
    match outcome {
        Ok(reply) => matches!(reply.status, 500 | 502 | 503 | 504),
        Err(TransportError::TooLarge | TransportError::OutOfTime) => false,
        Err(TransportError::Unreachable | TransportError::TimedOut | TransportError::Broken) => true,
    }
}

async fn read(request: reqwest::RequestBuilder, cap: usize) -> Result<Reply, TransportError> {
    let mut response = request.send().await.map_err(|error| classify(&error))?;
    let (status, headers) = (response.status().as_u16(), std::mem::take(response.headers_mut()));
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        if body.len() + chunk.len() > cap {
            return Err(TransportError::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply { status, headers, body })
}

fn classify(error: &reqwest::Error) -> TransportError {
    if error.is_connect() {
        TransportError::Unreachable
    } else if error.is_timeout() {
        TransportError::TimedOut
    } else {
        TransportError::Broken
    }
}

impl Reply {
    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// A header's value, if it is there once and readable.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut values = self.headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (Some(value), None) => value.to_str().ok(),
            _ => None,
        }
    }

    /// All values of a header, in order.
    pub fn headers(&self, name: &str) -> impl Iterator<Item = &str> {
        self.headers.get_all(name).iter().filter_map(|value| value.to_str().ok())
    }

    /// The body as a JSON object of type `T`, or nothing if it is not that or does not say that it is JSON.
    #[must_use]
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        self.read().map(|Object(value)| value)
    }

    /// The body as a JSON array of objects of type `T`, or nothing, as with [`Reply::json`].
    #[must_use]
    pub fn json_list<T: DeserializeOwned>(&self) -> Option<Vec<T>> {
        let items: Vec<Object<T>> = self.read()?;
        Some(items.into_iter().map(|Object(item)| item).collect())
    }

    fn read<T: DeserializeOwned>(&self) -> Option<T> {
        let kind = self.header("content-type")?.split(';').next()?.trim();
        let says_json = kind.eq_ignore_ascii_case("application/json") || kind.to_ascii_lowercase().ends_with("+json");
        // From bytes, serde_json would pass over members that nobody reads without a look at their UTF-8 (RFC 8259 section 8.1).
        let text = std::str::from_utf8(&self.body).ok().filter(|_| says_json)?;
        serde_json::from_str(text).ok()
    }

    /// The body's bytes.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Seconds after which a 429 may be tried again: `Retry-After` in seconds if it is a number, else nothing.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.header("retry-after").and_then(|value| value.parse().ok())
    }
}
