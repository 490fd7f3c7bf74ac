//! A service that answers every request with the input, over a connection on loopback, for the readers that are behind a client.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{LazyLock, Mutex, PoisonError};

use tokio::runtime::{Builder, Runtime};
use upstream_http::transport::Transport;
use url::Url;

/// A status and a body.
#[derive(Clone)]
pub struct Given {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Given {
    /// `200` or another status on the first line, the body after it. Without such a line all is the body of a 200. Statuses that
    /// have no body are left out.
    pub fn of(input: &[u8]) -> Self {
        let line = input.iter().position(|byte| *byte == b'\n').map(|end| input.split_at(end));
        let status = |line: &[u8]| std::str::from_utf8(line).ok()?.parse::<u16>().ok();
        match line.and_then(|(line, rest)| Some((status(line)?, rest))) {
            Some((status @ 200..=599, rest)) if !matches!(status, 204 | 205 | 304) => {
                Self { status, body: rest[1..].to_vec() }
            }
            _ => Self { status: 200, body: input.to_vec() },
        }
    }

    /// The body as JSON, read leniently.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

static NEXT: Mutex<Given> = Mutex::new(Given { status: 200, body: Vec::new() });

static BASE: LazyLock<Url> = LazyLock::new(|| {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base = Url::parse(&format!("http://{}/", listener.local_addr().unwrap())).unwrap();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || serve(stream));
        }
    });
    base
});

/// The client's side: one thread, one set of connections.
pub struct Asking {
    pub runtime: Runtime,
    pub transport: Transport,
    pub base: Url,
}

impl Asking {
    pub fn new() -> Self {
        let runtime = Builder::new_current_thread().enable_all().build().unwrap();
        Self { runtime, transport: Transport::new(None).unwrap(), base: BASE.clone() }
    }
}

impl Default for Asking {
    fn default() -> Self {
        Self::new()
    }
}

/// What is answered from now on.
pub fn answer(given: &Given) {
    *NEXT.lock().unwrap_or_else(PoisonError::into_inner) = given.clone();
}

fn serve(stream: TcpStream) -> Option<()> {
    let _set = stream.set_nodelay(true);
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut writer = stream;
    loop {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if reader.read_line(&mut line).ok()? == 0 {
                return None;
            }
            if line == "\r\n" {
                break;
            }
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        let given = NEXT.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let head = format!(
            "HTTP/1.1 {} x\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n",
            given.status,
            given.body.len()
        );
        writer.write_all(&[head.as_bytes(), &given.body].concat()).ok()?;
    }
}
