//! For `make conformance`: a program for the Lambda double that hands each event to AWS's own runtime interface emulator, which runs the
//! function. Takes the emulator and the function's program. What the function writes is passed on, and what the emulator
//! writes is not.
#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "a test aid fails by panics")]

use std::process::Stdio;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use function::settings::{Environment, Reader};
use http::HeaderName;
use serde_json::value::RawValue;
use tokio::io::{AsyncBufReadExt as _, BufReader, Lines};
use tokio::process::{ChildStdout, Command};
use tokio::time::{Instant, sleep};
use upstream_http::transport::{Reply, Transport};
use url::Url;

/// What no call here takes.
const PATIENCE: Duration = Duration::from_secs(60);
const LARGEST: usize = 7 * 1024 * 1024;

struct Emulator {
    transport: Transport,
    invocations: Url,
    written: Lines<BufReader<ChildStdout>>,
}

/// Two addresses of this process's own: the emulator cannot be told to take free ports.
fn addresses() -> [String; 2] {
    let [high, middle, low] = [16, 8, 0].map(|bits| (std::process::id() >> bits) & 255);
    [9_001, 9_002].map(|port| format!("127.{}.{middle}.{low}:{port}", high + 1))
}

fn runtime_api() -> String {
    let environment = Environment::of_process();
    Reader::new(&environment).text("AWS_LAMBDA_RUNTIME_API").unwrap()
}

impl Emulator {
    /// Hands it one event, and passes on what the function wrote until it was done with it.
    async fn invoke(&mut self, event: &RawValue, context: Option<&str>, silently: bool) -> Vec<u8> {
        let reply = loop {
            let call = self.transport.post(self.invocations.clone()).json(&event).at_most(PATIENCE).cap(LARGEST);
            let context = context.map(|json| STANDARD.encode(json));
            let call = match &context {
                Some(context) => call.header(HeaderName::from_static("x-amz-client-context"), context),
                None => call,
            };
            match call.send(Instant::now() + PATIENCE).await {
                Ok(reply) => break reply,
                // It does not listen yet.
                Err(_) => sleep(Duration::from_millis(10)).await,
            }
        };
        assert_eq!(reply.status(), 200, "the emulator answers");
        while let Some(line) = self.written.next_line().await.unwrap() {
            if line.starts_with("REPORT ") {
                break;
            }
            if line.starts_with('{') && !silently {
                println!("{line}");
            }
        }
        reply.body().to_vec()
    }
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [emulator, program] = arguments.as_slice() else { return };
    let host = format!("http://{}/2018-06-01/runtime/invocation", runtime_api());
    let [invocations, own_api] = addresses();
    let mut process = Command::new(emulator)
        .args(["--runtime-interface-emulator-address", &invocations, "--runtime-api-address", &own_api, program])
        .env("AWS_LAMBDA_FUNCTION_TIMEOUT", "30")
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let transport = Transport::new(None).unwrap();
    let written = BufReader::new(process.stdout.take().unwrap()).lines();
    let invocations = Url::parse(&format!("http://{invocations}/2015-03-31/functions/function/invocations")).unwrap();
    let mut emulator = Emulator { transport: transport.clone(), invocations, written };
    // The emulator starts the function at the first event. No function does anything for this one.
    emulator.invoke(RawValue::NULL, None, true).await;
    loop {
        let next = transport.get(Url::parse(&format!("{host}/next")).unwrap());
        // The host answers when there is an event, or ends this process.
        let far = Duration::from_secs(3_600);
        let Ok(reply) = next.at_most(far).cap(LARGEST).send(Instant::now() + far).await else { return };
        let id = reply.header("lambda-runtime-aws-request-id").unwrap().to_owned();
        let event: &RawValue = serde_json::from_slice(reply.body()).unwrap();
        let answer = emulator.invoke(event, context_of(&reply), false).await;
        let answer: &RawValue = serde_json::from_slice(&answer).unwrap();
        let response = transport.post(Url::parse(&format!("{host}/{id}/response")).unwrap()).json(&answer);
        response.at_most(PATIENCE).send(Instant::now() + PATIENCE).await.unwrap();
    }
}

fn context_of(reply: &Reply) -> Option<&str> {
    reply.header("lambda-runtime-client-context")
}
