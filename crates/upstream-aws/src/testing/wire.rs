//! A server that counts requests and answers each as it is told: with bytes, with silence, or by passing it on.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// What happens to one request.
pub(crate) enum Answer {
    Reply {
        status: u16,
        headers: &'static str,
        body: String,
    },
    Hang,
    Close,
    Forward(SocketAddr),
    /// The engine acts, and nobody hears of it.
    ForwardAndClose(SocketAddr),
}

/// A request as it came: its head in lower case, and its body.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) head: String,
    pub(crate) body: String,
}

pub(crate) struct Wire {
    pub(crate) url: String,
    seen: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
}

impl Wire {
    /// `decide` gets each request and how many came before it.
    pub(crate) async fn start(decide: impl Fn(usize, &Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let seen = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (decide, log, opened) = (Arc::new(decide), Arc::clone(&seen), Arc::clone(&connections));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                opened.fetch_add(1, Ordering::Relaxed);
                let (decide, log) = (Arc::clone(&decide), Arc::clone(&log));
                tokio::spawn(async move { serve(stream, &*decide, &log).await });
            }
        });
        Self { url, seen, connections }
    }

    /// Answers every request alike.
    pub(crate) async fn always(status: u16, headers: &'static str, body: &str) -> Self {
        let body = body.to_owned();
        Self::start(move |_, _| Answer::Reply { status, headers, body: body.clone() }).await
    }

    pub(crate) fn seen(&self) -> Vec<Request> {
        self.seen.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::Relaxed)
    }
}

async fn serve(
    mut stream: TcpStream,
    decide: &(dyn Fn(usize, &Request) -> Answer + Send + Sync),
    log: &Mutex<Vec<Request>>,
) {
    let mut upstream = None;
    while let Some((raw, request)) = read_message(&mut stream).await {
        let answer = {
            let mut log = log.lock().unwrap();
            let answer = decide(log.len(), &request);
            log.push(request);
            answer
        };
        match answer {
            Answer::Reply { status, headers, body } => {
                let head = format!("HTTP/1.1 {status} -\r\n{headers}content-length: {}\r\n\r\n", body.len());
                let _ = stream.write_all(format!("{head}{body}").as_bytes()).await;
            }
            Answer::Hang => std::future::pending().await,
            Answer::Close => return,
            Answer::Forward(engine) => {
                let reply = pass_on(&mut upstream, engine, &raw).await;
                let _ = stream.write_all(&reply).await;
            }
            Answer::ForwardAndClose(engine) => {
                pass_on(&mut upstream, engine, &raw).await;
                return;
            }
        }
    }
}

async fn pass_on(upstream: &mut Option<TcpStream>, engine: SocketAddr, raw: &[u8]) -> Vec<u8> {
    if upstream.is_none() {
        *upstream = Some(TcpStream::connect(engine).await.unwrap());
    }
    let stream = upstream.as_mut().unwrap();
    stream.write_all(raw).await.unwrap();
    read_message(stream).await.unwrap().0
}

async fn read_message(stream: &mut TcpStream) -> Option<(Vec<u8>, Request)> {
    let mut raw = Vec::new();
    loop {
        if let Some(end) = raw.windows(4).position(|window| window == b"\r\n\r\n") {
            let head = String::from_utf8_lossy(&raw[..end]).to_lowercase();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let length: usize = length.map_or(0, |length| length.trim().parse().unwrap());
            if raw.len() >= end + 4 + length {
                let body = String::from_utf8_lossy(&raw[end + 4..]).into_owned();
                return Some((raw, Request { head, body }));
            }
        }
        if stream.read_buf(&mut raw).await.unwrap_or(0) == 0 {
            return None;
        }
    }
}
