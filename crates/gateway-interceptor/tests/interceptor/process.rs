//! The process itself, without the settings that it needs.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

use crate::scene::{call, event, told};

/// Request line and body.
fn read(stream: &TcpStream) -> (String, String) {
    let (mut reader, mut first, mut length) = (BufReader::new(stream), String::new(), 0);
    reader.read_line(&mut first).unwrap();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).unwrap();
        if line.trim().is_empty() {
            break;
        }
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().unwrap();
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body).unwrap();
    (first, String::from_utf8(body).unwrap())
}

// M12
#[test]
fn without_its_settings_the_function_answers_with_denials() {
    let runtime_api = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut process = Command::new(env!("CARGO_BIN_EXE_gateway-interceptor"))
        .env_clear()
        .env("AWS_LAMBDA_RUNTIME_API", runtime_api.local_addr().unwrap().to_string())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let event = event("a.b.c", &call("okta-groups___list_groups", &json!({}))).to_string();
    let output = loop {
        let (mut stream, _) = runtime_api.accept().unwrap();
        let (first, body) = read(&stream);
        if first.starts_with("POST") {
            assert!(first.contains("/invocation/r-1/response"), "{first}");
            break body;
        }
        let head = "HTTP/1.1 200 OK\r\nconnection: close\r\nlambda-runtime-aws-request-id: r-1\r\n\
                    lambda-runtime-deadline-ms: 9999999999999\r\ncontent-length: ";
        write!(stream, "{head}{}\r\n\r\n{event}", event.len()).unwrap();
    };
    process.kill().unwrap();
    process.wait().unwrap();
    let output: Value = serde_json::from_str(&output).unwrap();
    assert_eq!(told(&output).err(), Some((500, -32603)));
    assert_eq!(output["mcp"]["transformedGatewayResponse"]["body"]["id"], 7);
}
