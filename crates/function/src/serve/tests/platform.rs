//! A Runtime API of a few lines: events in order, then silence.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use serde_json::Value;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

pub(super) struct Event {
    headers: Vec<(String, String)>,
    body: String,
    status_of_answer: u16,
}

impl Event {
    pub(super) fn new(request_id: &str, body: &str) -> Self {
        let headers = vec![("Lambda-Runtime-Aws-Request-Id".to_owned(), request_id.to_owned())];
        Self { headers, body: body.to_owned(), status_of_answer: 202 }
    }

    pub(super) fn with(mut self, header: &str, value: &str) -> Self {
        self.headers.push((header.to_owned(), value.to_owned()));
        self
    }

    pub(super) fn refusing(self, status: u16) -> Self {
        Self { status_of_answer: status, ..self }
    }
}

pub(super) struct Posted {
    pub(super) path: String,
    pub(super) invocation_id: Option<String>,
    pub(super) body: Value,
}

pub(super) struct Platform {
    listener: TcpListener,
    events: Vec<Event>,
}

impl Platform {
    pub(super) async fn start(events: Vec<Event>) -> Self {
        Self { listener: TcpListener::bind("127.0.0.1:0").await.unwrap(), events }
    }

    pub(super) fn address(&self) -> String {
        self.listener.local_addr().unwrap().to_string()
    }

    /// Gives events to whoever asks, over any number of connections, and takes their answers as they come; ends with the last.
    pub(super) async fn all_posted_by_many(self) -> Vec<Posted> {
        let (count, waiting) = (self.events.len(), Arc::new(Mutex::new(VecDeque::from(self.events))));
        let (tell, mut told) = mpsc::unbounded_channel();
        let accepting = async {
            loop {
                let connection = BufReader::new(self.listener.accept().await.unwrap().0);
                tokio::spawn(converse(connection, Arc::clone(&waiting), tell.clone()));
            }
        };
        let telling = async {
            let mut posted = Vec::new();
            while posted.len() < count {
                posted.push(told.recv().await.unwrap());
            }
            posted
        };
        tokio::select! {
            () = accepting => unreachable!(),
            posted = telling => posted,
        }
    }

    /// Gives every event and takes every answer, over one connection at a time; ends when the loop asks for one event more.
    pub(super) async fn all_posted(self) -> Vec<Posted> {
        let mut posted = Vec::new();
        let mut connection = None;
        for event in &self.events {
            let next = self.request(&mut connection).await;
            assert_eq!(next.line, "GET /2018-06-01/runtime/invocation/next");
            next.answer(&mut connection, 200, &event.headers, &event.body).await;
            let answer = self.request(&mut connection).await;
            posted.push(answer.posted());
            answer.answer(&mut connection, event.status_of_answer, &[], "{\"status\":\"OK\"}").await;
        }
        self.request(&mut connection).await;
        posted
    }

    async fn request(&self, connection: &mut Option<BufReader<TcpStream>>) -> Request {
        loop {
            let open = match connection {
                Some(open) => open,
                None => connection.insert(BufReader::new(self.listener.accept().await.unwrap().0)),
            };
            match Request::read(open).await {
                Some(request) => return request,
                None => *connection = None,
            }
        }
    }
}

/// One connection: an event for each question while there are any, and a 202 for each answer.
async fn converse(
    connection: BufReader<TcpStream>,
    waiting: Arc<Mutex<VecDeque<Event>>>,
    tell: mpsc::UnboundedSender<Posted>,
) {
    let mut connection = Some(connection);
    while let Some(request) = Request::read(connection.as_mut().unwrap()).await {
        if request.line.starts_with("POST ") {
            request.answer(&mut connection, 202, &[], "{}").await;
            let _ = tell.send(request.posted());
            continue;
        }
        let event = waiting.lock().unwrap().pop_front();
        let Some(event) = event else { return std::future::pending().await };
        request.answer(&mut connection, 200, &event.headers, &event.body).await;
    }
}

struct Request {
    line: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    async fn read(connection: &mut BufReader<TcpStream>) -> Option<Self> {
        let mut lines = Vec::new();
        loop {
            let mut line = String::new();
            if connection.read_line(&mut line).await.ok()? == 0 {
                return None;
            }
            match line.trim_end() {
                "" => break,
                line => lines.push(line.to_owned()),
            }
        }
        let headers = lines[1..].iter().map(|line| line.split_once(": ").unwrap());
        let headers = headers.map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned())).collect();
        let line = lines[0].strip_suffix(" HTTP/1.1").unwrap().to_owned();
        let mut request = Self { line, headers, body: Vec::new() };
        let length = request.header("content-length").map_or(0, |length| length.parse().unwrap());
        request.body = vec![0; length];
        connection.read_exact(&mut request.body).await.unwrap();
        Some(request)
    }

    fn posted(&self) -> Posted {
        let path = self.line.strip_prefix("POST ").unwrap().to_owned();
        let body = serde_json::from_slice(&self.body).unwrap();
        Posted { path, invocation_id: self.header("lambda-runtime-invocation-id"), body }
    }

    fn header(&self, name: &str) -> Option<String> {
        self.headers.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone())
    }

    async fn answer(
        &self,
        connection: &mut Option<BufReader<TcpStream>>,
        status: u16,
        headers: &[(String, String)],
        body: &str,
    ) {
        let mut head = format!("HTTP/1.1 {status} X\r\nContent-Length: {}\r\n", body.len());
        for (name, value) in headers {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        let text = format!("{head}\r\n{body}");
        connection.as_mut().unwrap().get_mut().write_all(text.as_bytes()).await.unwrap();
    }
}
