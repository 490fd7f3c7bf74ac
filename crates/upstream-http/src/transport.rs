//! The only HTTP client: no redirects, no proxies, bounded bodies, bounded time, at most one repeat.

mod call;
mod object;
#[cfg(test)]
mod tests;
mod tls;
mod witness;

pub(crate) use call::may_pass;
pub use call::{Call, Reply};
pub use object::Object;
pub use witness::witnessed;

use std::time::Duration;

use auth::audit::Upstream;
use url::Url;

/// How long a connection may take to open, TLS included.
const CONNECT_LIMIT: Duration = Duration::from_secs(1);
/// Shorter than the idle limit of common load balancers (60 s), so that we close first.
const IDLE_LIMIT: Duration = Duration::from_secs(50);

/// What went wrong between us and a service. Carries no address and no body.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TransportError {
    /// No connection: refused, no such host, TLS failure, or the connect limit passed.
    #[error("no connection")]
    Unreachable,
    /// Connected, but no complete answer within the limit.
    #[error("no complete answer in time")]
    TimedOut,
    /// The connection ended before the answer did.
    #[error("the connection broke")]
    Broken,
    /// The answer is larger than the call allows.
    #[error("the answer is too large")]
    TooLarge,
    /// The budget of the invocation was used up before the call could start.
    #[error("no time left")]
    OutOfTime,
}

/// Why the client could not be made.
#[derive(Debug, thiserror::Error)]
pub enum TransportProblem {
    /// The extra certificate authority is not PEM, or holds no certificate.
    #[error("the extra certificate authority must be a PEM file with at least one certificate")]
    ExtraAuthority,
    /// The TLS library refused its own defaults.
    #[error("the TLS client could not be built")]
    Client,
}

/// The HTTP client of a process. Cheap to clone: clones share connections.
#[derive(Clone)]
pub struct Transport {
    client: reqwest::Client,
    upstream: Option<Upstream>,
}

impl Transport {
    /// Trusts the bundled web roots and, if given, the certificates of `extra_authority` (PEM).
    ///
    /// # Errors
    /// [`TransportProblem`] when the certificates cannot be read.
    #[expect(clippy::disallowed_methods, reason = "this is the one place")]
    pub fn new(extra_authority: Option<&[u8]>) -> Result<Self, TransportProblem> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls::client_config(extra_authority)?)
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .referer(false)
            .connect_timeout(CONNECT_LIMIT)
            .pool_idle_timeout(IDLE_LIMIT)
            .user_agent(concat!("mandate/", env!("CARGO_PKG_VERSION")))
            .build()
            .map_err(|_| TransportProblem::Client)?;
        Ok(Self { client, upstream: None })
    }

    /// The same client for requests to this service, by whose name [`witnessed`] tells of them.
    #[must_use]
    pub fn to(&self, upstream: Upstream) -> Self {
        Self { upstream: Some(upstream), ..self.clone() }
    }

    /// A GET request. Reads may be repeated once.
    #[must_use]
    pub fn get(&self, url: Url) -> Call<'_> {
        Call::new(self, http::Method::GET, url).repeatable()
    }

    /// A POST request, which is sent once unless the caller calls it repeatable.
    #[must_use]
    pub fn post(&self, url: Url) -> Call<'_> {
        Call::new(self, http::Method::POST, url)
    }

    /// A request with any other method, sent once.
    #[must_use]
    pub fn request(&self, method: http::Method, url: Url) -> Call<'_> {
        Call::new(self, method, url)
    }

    /// Opens a connection to the origin of `url` and leaves it in the pool, for use while a sandbox starts. A service
    /// that is down is not an error: the first call will find out.
    pub async fn open(&self, url: &Url, until: tokio::time::Instant) {
        let mut root = url.clone();
        root.set_path("/");
        root.set_query(None);
        let _opened = Call::new(self, http::Method::HEAD, root).at_most(Duration::from_secs(2)).send(until).await;
    }
}
