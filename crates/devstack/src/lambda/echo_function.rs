//! A test aid: a function that does what its event's `do` says. It speaks the Runtime API with a plain socket, so that
//! what the host's tests see is what goes over the wire.
#![expect(
    clippy::disallowed_methods,
    clippy::exit,
    clippy::panic,
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "it stands for any program, well-behaved or not"
)]

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

/// Header names in lower case, and the body.
type Answer = (BTreeMap<String, String>, Vec<u8>);

fn main() -> io::Result<()> {
    let host = std::env::var("AWS_LAMBDA_RUNTIME_API").map_err(io::Error::other)?;
    match std::env::var("ECHO_START").as_deref() {
        Ok("exit") => {
            eprintln!("no start");
            std::process::exit(3);
        }
        Ok("error") => {
            let error = json!({ "errorType": "Echo.Start", "errorMessage": "no start" });
            ask(&host, "POST /2018-06-01/runtime/init/error", error.to_string().as_bytes())?;
            std::process::exit(1);
        }
        _ => {}
    }
    println!("started");
    let lanes = std::env::var("AWS_LAMBDA_MAX_CONCURRENCY").ok().and_then(|number| number.parse().ok()).unwrap_or(1);
    std::thread::scope(|threads| {
        for _ in 1..lanes {
            threads.spawn(|| lane(&host));
        }
        lane(&host)
    })
}

/// Answers one event after the other.
fn lane(host: &str) -> io::Result<()> {
    loop {
        let (headers, event) = ask(host, "GET /2018-06-01/runtime/invocation/next", b"")?;
        let id = headers.get("lambda-runtime-aws-request-id").cloned().unwrap_or_default();
        let parsed: Value = serde_json::from_slice(&event).unwrap_or_default();
        let (end, body) = act(&headers, &parsed).unwrap_or(("response", event));
        ask(host, &format!("POST /2018-06-01/runtime/invocation/{id}/{end}"), &body)?;
        if parsed.get("do").and_then(Value::as_str) == Some("answer and exit") {
            std::process::exit(0);
        }
    }
}

/// The end of the path to answer on, and the answer; none means an echo.
fn act(headers: &BTreeMap<String, String>, event: &Value) -> Option<(&'static str, Vec<u8>)> {
    let text = event.get("text").and_then(Value::as_str).unwrap_or_default();
    let answer = match event.get("do").and_then(Value::as_str)? {
        "error" => {
            let error = json!({ "errorType": "Echo.Asked", "errorMessage": text });
            return Some(("error", error.to_string().into_bytes()));
        }
        "panic" => panic!("{text}"),
        "exit" => std::process::exit(7),
        "hang" => {
            println!("hanging: {}", std::process::id());
            loop {
                std::thread::park();
            }
        }
        "print" => {
            println!("{text}");
            eprintln!("{text} on the other stream");
            json!(text)
        }
        "flood" => return Some(("response", vec![b'a'; 7 * 1024 * 1024])),
        "headers" => json!(headers),
        "environment" => json!(std::env::vars().collect::<BTreeMap<_, _>>()),
        "process" => json!(std::process::id()),
        _ => return None,
    };
    Some(("response", answer.to_string().into_bytes()))
}

fn ask(host: &str, line: &str, body: &[u8]) -> io::Result<Answer> {
    let mut stream = TcpStream::connect(host)?;
    write!(stream, "{line} HTTP/1.1\r\nhost: {host}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len())?;
    // The host may answer, and close, before it has read all of a body that is too large.
    let _sent = stream.write_all(body);
    let mut reader = BufReader::new(stream);
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.trim().split_once(": ") {
            headers.insert(name.to_ascii_lowercase(), value.to_owned());
        }
    }
    let mut body = Vec::new();
    let _ended = reader.read_to_end(&mut body);
    Ok((headers, body))
}
