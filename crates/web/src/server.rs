//! A plain server: connections with limits, and an end that lets answers finish.

mod places;
mod stream;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time::{sleep, timeout};

use self::places::Places;
use self::stream::Impatient;
use crate::app::App;
use crate::rim::Peer;
use crate::routes::router;

/// Connections at once. Who comes after waits for one to end.
const MOST_CONNECTIONS: usize = 1024;
/// A request's head must be there in this time, or the connection ends: also an idle one.
const HEAD: Duration = Duration::from_secs(20);
/// The largest head, in bytes.
const LARGEST_HEAD: usize = 32 * 1024;
/// A write must get on within this time: who does not read holds no place.
const WRITE: Duration = Duration::from_secs(30);
/// After so long a connection takes no more requests, however slowly it is read; what it has begun may take as long as the
/// longest answer.
const LIFE: Duration = Duration::from_secs(600);
const LAST_ANSWER: Duration = Duration::from_secs(330);
/// After a failed accept, as when there are no more files to open.
const PAUSE: Duration = Duration::from_millis(100);
/// How long open answers may take once the server is to end.
const ENDING: Duration = Duration::from_secs(10);

/// Serves the application on `listener` until `stop` is ready; then streams are told to end, and what is open may finish for ten
/// seconds.
///
/// # Errors
/// When the listener has no address.
pub async fn serve(app: App, listener: TcpListener, stop: impl Future<Output = ()>) -> io::Result<()> {
    listener.local_addr()?;
    let router = router(app.clone());
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let of_one = Places::default();
    let (closing, closed) = watch::channel(false);
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else { continue };
        // A proxy speaks for many; what those ask is counted by their own addresses.
        let own = if app.proxies.trust(peer.ip()) { None } else { Some(of_one.take(peer.ip())) };
        if matches!(own, Some(None)) {
            continue;
        }
        let (router, closed) = (router.clone(), closed.clone());
        tokio::spawn(async move {
            connection(router, stream, peer, closed).await;
            drop((place, own));
        });
    }
    app.end();
    closing.send_replace(true);
    drop(listener);
    let all = u32::try_from(MOST_CONNECTIONS).unwrap_or(u32::MAX);
    let finished = async {
        let _all = places.acquire_many(all).await;
        app.idle().await;
    };
    let _finished = timeout(ENDING, finished).await;
    Ok(())
}

type Accepted = (TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, places: &Arc<Semaphore>) -> Option<Accepted> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(_) => {
            sleep(PAUSE).await;
            None
        }
    }
}

async fn connection(router: Router, stream: TcpStream, peer: SocketAddr, mut closed: watch::Receiver<bool>) {
    // Small events must not wait for more.
    let _left = stream.set_nodelay(true);
    let service = TowerToHyperService::new(router);
    let service = hyper::service::service_fn(move |mut request: http::Request<Incoming>| {
        request.extensions_mut().insert(Peer(peer.ip()));
        hyper::service::Service::call(&service, request)
    });
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD)
        .max_buf_size(LARGEST_HEAD)
        .serve_connection(TokioIo::new(Impatient::new(stream, WRITE)), service);
    let mut serving = std::pin::pin!(serving);
    tokio::select! {
        _ended = &mut serving => return,
        _closing = closed.wait_for(|closing| *closing) => serving.as_mut().graceful_shutdown(),
        () = sleep(LIFE) => serving.as_mut().graceful_shutdown(),
    }
    let _ended = timeout(LAST_ANSWER, serving).await;
}
