//! The engine under the tables: the embedded one, or the one that `infra/scripts/conformance-engines` started.

use std::cell::Cell;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::net::SocketAddr;

use tokio::net::TcpListener;

thread_local! {
    /// How many engines this thread's test has asked for.
    static STARTED: Cell<u32> = const { Cell::new(0) };
}

pub(crate) async fn start() -> SocketAddr {
    STARTED.set(STARTED.get() + 1);
    if let Some(address) = given() {
        return address;
    }
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(dynoxide::server::serve_on(listener, dynoxide::Database::memory().unwrap()));
    address
}

/// DynamoDB Local keeps the tables of each access key by themselves, so each engine that a test starts there is a key of its own.
pub(crate) fn access_key() -> String {
    if given().is_none() {
        return "sample".to_owned();
    }
    let mut hasher = DefaultHasher::new();
    (std::thread::current().name(), std::thread::current().id(), STARTED.get()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

#[expect(clippy::disallowed_methods, reason = "a test reads where its engine is; no setting of a program")]
fn given() -> Option<SocketAddr> {
    std::env::var("DYNAMODB_ENGINE").ok().map(|address| address.parse().unwrap())
}
