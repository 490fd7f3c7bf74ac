//! A server that answers from a list, in order, and keeps what it was asked.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth::secret::Secret;
use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use url::Url;

use super::{Client, Settings};
use crate::transport::Transport;

pub(super) const ISSUER: &str = "https://tenant.example/";

/// An answer to give.
pub(super) enum Answer {
    Http { status: u16, headers: Vec<(&'static str, String)>, body: String },
    HangUp,
}

impl Answer {
    pub(super) fn json(status: u16, body: &Value) -> Self {
        Self::text(status, "application/json", &body.to_string())
    }

    pub(super) fn text(status: u16, kind: &str, body: &str) -> Self {
        Self::Http { status, headers: vec![("content-type", kind.to_owned())], body: body.to_owned() }
    }

    pub(super) fn with(mut self, name: &'static str, value: &str) -> Self {
        if let Self::Http { headers, .. } = &mut self {
            headers.push((name, value.to_owned()));
        }
        self
    }
}

/// A request that came.
#[derive(Clone)]
pub(super) struct Request {
    pub(super) method: String,
    pub(super) target: String,
    pub(super) headers: BTreeMap<String, String>,
    pub(super) body: String,
}

impl Request {
    /// The form's fields in alphabetical order. A field that came twice is there twice.
    pub(super) fn form(&self) -> Vec<(String, String)> {
        let mut fields: Vec<_> = url::form_urlencoded::parse(self.body.as_bytes()).into_owned().collect();
        fields.sort();
        fields
    }

    pub(super) fn field(&self, name: &str) -> Option<String> {
        self.form().into_iter().find(|(field, _)| field == name).map(|(_, value)| value)
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// The server.
pub(super) struct Scripted {
    pub(super) base: Url,
    requests: Arc<Mutex<Vec<Request>>>,
}

impl Scripted {
    /// Answers with `answers` and then hangs up on whoever asks more.
    pub(super) async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (kept, mut answers) = (Arc::clone(&requests), answers.into_iter().collect::<Vec<_>>().into_iter());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let request = read(&mut stream).await;
                kept.lock().unwrap().push(request);
                if let Some(Answer::Http { status, headers, body }) = answers.next() {
                    let mut head =
                        format!("HTTP/1.1 {status} x\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
                    for (name, value) in headers {
                        write!(head, "{name}: {value}\r\n").unwrap();
                    }
                    let _sent = stream.write_all(format!("{head}\r\n{body}").as_bytes()).await;
                    let _closed = stream.shutdown().await;
                }
            }
        });
        Self { base, requests }
    }

    pub(super) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    pub(super) fn settings(&self) -> Settings {
        Settings {
            issuer: ISSUER.to_owned(),
            client: Client {
                base: self.base.clone(),
                id: "client-1".to_owned(),
                secret: Secret::new("s3cret+&=".to_owned()),
            },
            redirect_uri: Url::parse("https://app.example.com/callback").unwrap(),
            expects_iss: true,
        }
    }
}

async fn read(stream: &mut TcpStream) -> Request {
    let (mut bytes, mut chunk) = (Vec::new(), [0; 4096]);
    let head_end = loop {
        if let Some(position) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break position;
        }
        let count = stream.read(&mut chunk).await.unwrap();
        assert!(count > 0, "the request ended before its head did");
        bytes.extend_from_slice(&chunk[..count]);
    };
    let head = String::from_utf8(bytes[..head_end].to_vec()).unwrap();
    let mut lines = head.split("\r\n");
    let mut first = lines.next().unwrap().split(' ');
    let (method, target) = (first.next().unwrap().to_owned(), first.next().unwrap().to_owned());
    let headers: BTreeMap<String, String> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let length: usize = headers.get("content-length").map_or(0, |value| value.parse().unwrap());
    while bytes.len() < head_end + 4 + length {
        let count = stream.read(&mut chunk).await.unwrap();
        assert!(count > 0, "the request ended before its body did");
        bytes.extend_from_slice(&chunk[..count]);
    }
    Request { method, target, headers, body: String::from_utf8(bytes[head_end + 4..].to_vec()).unwrap() }
}

pub(super) fn transport() -> Transport {
    Transport::new(None).unwrap()
}

/// Far enough away that no test depends on it.
pub(super) fn until() -> Instant {
    Instant::now() + Duration::from_secs(60)
}
