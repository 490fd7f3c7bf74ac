//! What the doubles of AWS services share: all their calls are `POST /`, so they are counted and faulted by operation.

use axum::Router;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use http::Uri;
use tokio::net::TcpListener;

use crate::double::Double;
use crate::fault::{self, Fault, Faults};
use crate::watch::{self, Watch};

/// The listener of such a service, and what was called there.
#[derive(Debug)]
pub struct Operations {
    /// The listener and its counters. Its request lines are all `POST /`; a fault here knows no operations.
    pub double: Double,
    watch: Watch,
    faults: Faults,
}

/// The counters and faults of a service that is not served yet.
#[derive(Default)]
pub(crate) struct Observed {
    watch: Watch,
    faults: Faults,
}

impl Observed {
    /// Counts a call, whose path is its operation by now, then faults it.
    pub(crate) fn over(&self, calls: Router) -> Router {
        calls
            .layer(from_fn_with_state(self.faults.clone(), fault::inject))
            .layer(from_fn_with_state(self.watch.clone(), watch::count))
    }

    /// The same for a service whose calls say their operation in `X-Amz-Target`, behind this name and a dot.
    pub(crate) fn over_targets(&self, calls: Router, service: &'static str) -> Router {
        self.over(calls).layer(from_fn_with_state(service, name))
    }

    /// Serves `router`, whose calls are counted here.
    ///
    /// # Errors
    /// When the listener has no local address.
    pub(crate) fn serve(
        self,
        name: &'static str,
        listener: TcpListener,
        router: Router,
    ) -> std::io::Result<Operations> {
        let Self { watch, faults } = self;
        Ok(Operations { double: Double::serve(name, listener, router)?, watch, faults })
    }
}

impl Operations {
    /// Calls of this operation since the start or the last [`Operations::forget`], as in `GetItem`.
    #[must_use]
    pub fn requests_by_operation(&self, operation: &str) -> u64 {
        self.operations().iter().filter(|seen| *seen == operation).map(|_| 1).sum()
    }

    /// Every operation that was called, oldest first.
    #[must_use]
    pub fn operations(&self) -> Vec<String> {
        let lines = self.watch.lines();
        lines.iter().map(|line| line.strip_prefix("POST /").unwrap_or(line).to_owned()).collect()
    }

    /// Forgets the calls seen so far.
    pub fn forget(&self) {
        self.watch.clear();
        self.double.forget();
    }

    /// Adds a fault whose `on` is the start of `POST /OPERATION`.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Removes every fault.
    pub fn mend(&self) {
        self.faults.clear();
        self.double.mend();
    }
}

async fn name(State(service): State<&'static str>, mut request: Request, next: Next) -> Response {
    let target = request.headers().get("x-amz-target").and_then(|target| target.to_str().ok());
    let operation = target.and_then(|target| target.strip_prefix(service)?.strip_prefix('.'));
    if let Some(uri) = operation.and_then(|operation| format!("/{operation}").parse::<Uri>().ok()) {
        *request.uri_mut() = uri;
    }
    next.run(request).await
}
