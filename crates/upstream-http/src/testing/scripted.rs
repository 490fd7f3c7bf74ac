//! A server that answers as it is told, and keeps what it was asked.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use url::Url;

use super::Request;
use super::connection::give;

/// An answer to give.
pub(crate) enum Answer {
    /// A whole one. The connection closes after it unless it is to be kept.
    Http { status: u16, headers: Vec<(&'static str, String)>, body: String, keep: bool },
    /// These bytes, and the end.
    Bytes(Vec<u8>),
    /// A good head, and then a byte now and then.
    Trickle,
    /// Another answer, after this time.
    Late(Duration, Box<Answer>),
    /// None, on a connection that stays open.
    Silence,
    /// None, and the end.
    HangUp,
}

impl Answer {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(crate) fn text(status: u16, kind: &str, body: &str) -> Self {
        let headers = vec![("content-type", kind.to_owned())];
        Self::Http { status, headers, body: body.to_owned(), keep: false }
    }

    pub(crate) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }

    /// On a connection that may be used again.
    pub(crate) fn kept(mut self) -> Self {
        if let Self::Http { keep, .. } = &mut self {
            *keep = true;
        }
        self
    }
}

/// The server. It ends with the test.
pub(crate) struct Scripted {
    pub(crate) base: Url,
    requests: Arc<Mutex<Vec<Request>>>,
    connections: Arc<AtomicUsize>,
}

impl Scripted {
    /// Answers with `answers`, in order, and then hangs up on whoever asks more.
    pub(crate) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let answers = Mutex::new(answers.into_iter().collect::<Vec<_>>().into_iter());
        Self::answering(move |_| answers.lock().unwrap().next().unwrap_or(Answer::HangUp)).await
    }

    /// Answers each request with what `answer` makes of it, on as many connections as there are.
    pub(crate) async fn answering(answer: impl Fn(&Request) -> Answer + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let (requests, connections) = (Arc::new(Mutex::new(Vec::new())), Arc::new(AtomicUsize::new(0)));
        let (kept, accepted, answer) = (Arc::clone(&requests), Arc::clone(&connections), Arc::new(answer));
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                accepted.fetch_add(1, Ordering::SeqCst);
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                tokio::spawn(async move {
                    while let Some(request) = Request::read(&mut stream).await {
                        kept.lock().unwrap().push(request.clone());
                        if !give(&mut stream, answer(&request)).await {
                            break;
                        }
                    }
                    let _closed = stream.shutdown().await;
                });
            }
        });
        Self { base, requests, connections }
    }

    /// What was asked, in order.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How many requests came to `target`.
    pub(crate) fn count_of(&self, target: &str) -> usize {
        self.requests.lock().unwrap().iter().filter(|request| request.target == target).count()
    }

    /// Connections so far.
    pub(crate) fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    pub(crate) fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }
}
