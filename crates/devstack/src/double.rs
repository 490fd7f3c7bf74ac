//! What every double stands on: a listener on loopback, counted connections and requests, and faults on demand.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::Router;
use axum::serve::Listener;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

use crate::admin;
use crate::fault::{Fault, Faults};
use crate::watch::Watch;

/// A running double. Dropping it closes its listener and its connections.
#[derive(Debug)]
pub struct Double {
    name: &'static str,
    address: SocketAddr,
    accepted: Arc<AtomicU64>,
    watch: Watch,
    faults: Faults,
    task: JoinHandle<()>,
}

impl Double {
    /// Serves `router` on `listener`, behind the counters and the faults, with the admin endpoints under `/_admin/`.
    ///
    /// # Errors
    /// When the listener has no local address.
    pub fn serve(name: &'static str, listener: TcpListener, router: Router) -> std::io::Result<Self> {
        let address = listener.local_addr()?;
        let accepted = Arc::new(AtomicU64::new(0));
        let watch = Watch::default();
        let faults = Faults::default();
        let observed = router
            .layer(axum::middleware::from_fn_with_state(faults.clone(), crate::fault::inject))
            .layer(axum::middleware::from_fn_with_state(watch.clone(), crate::watch::count));
        let app = admin::routes(name, watch.clone(), faults.clone(), Arc::clone(&accepted)).fallback_service(observed);
        let counted = Counted { listener, accepted: Arc::clone(&accepted) };
        let task = tokio::spawn(async move {
            // axum's accept loop only ends with the task.
            let _ended = axum::serve(counted, app).await;
        });
        Ok(Self { name, address, accepted, watch, faults, task })
    }

    /// The double's short name, as in `okta`.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// `http://127.0.0.1:PORT`, without a trailing slash.
    #[must_use]
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Connections accepted since the start, admin calls included.
    #[must_use]
    pub fn connections(&self) -> u64 {
        self.accepted.load(Ordering::SeqCst)
    }

    /// Requests seen since the start or the last [`Double::forget`], admin calls not included.
    #[must_use]
    pub fn requests(&self) -> u64 {
        self.watch.total()
    }

    /// Requests whose `METHOD /path` starts with `prefix`, as in `POST /oauth/token`.
    #[must_use]
    pub fn requests_to(&self, prefix: &str) -> u64 {
        self.watch.matching(prefix)
    }

    /// Every request line seen, oldest first, as `METHOD /path?query`.
    #[must_use]
    pub fn log(&self) -> Vec<String> {
        self.watch.lines()
    }

    /// Forgets the requests seen so far. Connections are not forgotten: they may still be open.
    pub fn forget(&self) {
        self.watch.clear();
    }

    /// Adds a fault. Faults are tried in the order in which they were added.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Accepts no connection from now on: who connects is refused. There is no way back.
    pub fn close(&self) {
        self.task.abort();
    }

    /// Removes every fault.
    pub fn mend(&self) {
        self.faults.clear();
    }
}

impl Drop for Double {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Counted {
    listener: TcpListener,
    accepted: Arc<AtomicU64>,
}

impl Listener for Counted {
    type Io = TcpStream;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (TcpStream, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.listener).await;
        self.accepted.fetch_add(1, Ordering::SeqCst);
        (stream, address)
    }

    fn local_addr(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }
}
