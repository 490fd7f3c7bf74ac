//! For `make conformance`: a double of the gateway in front of an echo, for clients that are not written in Rust. Prints a
//! line of JSON with its address and a token, then obeys the lines on standard input, with `done` after each, until they end.
#![expect(clippy::unwrap_used, clippy::panic, reason = "a test aid fails by panics")]

use std::io::{Write as _, stdout};
use std::path::PathBuf;

use acceptance::World;
use devstack::fault::{Effect, Fault};
use devstack::gateway::{self, Authorizer, Config, Gateway, PolicyEngine, Target, Tool, Verdict};
use devstack::lambda::Function;
use devstack::sample::Person;
use serde_json::json;
use tokio::io::{AsyncBufReadExt as _, BufReader, stdin};
use tokio::net::TcpListener;

/// Anybody may call one tool; the other is listed and refused, as a policy about arguments would have it.
fn decide(tool: &str, called: bool) -> Verdict {
    if called && tool == "okta___reset_password" { Verdict::Deny(Vec::new()) } else { Verdict::Allow }
}

/// What a gateway answers when an interceptor refuses a call.
fn refusal() -> Fault {
    let body = json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32003, "message": "refused"}});
    let challenge = "Bearer error=\"insufficient_scope\", scope=\"api/write\"";
    let headers = [("www-authenticate", challenge), ("content-type", "application/json")];
    let headers = headers.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
    let effect = Effect::Answer { status: 403, headers, body: body.to_string() };
    Fault { on: "POST /tools/call".to_owned(), times: Some(1), skip: 0, effect }
}

fn echo() -> PathBuf {
    let own = std::env::current_exe().unwrap();
    own.ancestors().nth(2).unwrap().join("devstack-echo")
}

async fn start(world: &World) -> Gateway {
    let stack = &world.laptop.stack;
    stack.lambda.add(Function::new("echo", echo())).unwrap();
    let tools = ["list_groups", "reset_password"].map(|name| Tool {
        name: name.to_owned(),
        description: format!("The tool {name}"),
        input_schema: json!({"type": "object", "properties": {"limit": {"type": "integer"}}}),
    });
    let targets = vec![Target::new("okta", "echo", tools.to_vec())];
    let mut config = Config::new("tools-abc1234567", stack.lambda.double.url(), targets);
    config.page_size = 1;
    config.policy_engine = Some(PolicyEngine::new(|asked| decide(&asked.action, asked.input.is_some())));
    config.authorizer = Some(Authorizer {
        discovery_url: format!("{}.well-known/openid-configuration", stack.auth0.issuer()),
        allowed_audience: vec![stack.web.id.clone()],
        allowed_clients: Vec::new(),
        allowed_scopes: Vec::new(),
    });
    gateway::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), config).await.unwrap()
}

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let world = World::start_cold(&[]).await;
    let gateway = start(&world).await;
    let stack = &world.laptop.stack;
    let alice = Person::named("alice").unwrap().sub();
    // The one JWT that the double of Auth0 gives without its pages.
    let token = stack.auth0.issue(&stack.web.id, &alice, "openid", None).unwrap().id_token;
    let mut out = stdout();
    writeln!(out, "{}", json!({"url": gateway.mcp_url(), "token": token})).unwrap();
    let mut lines = BufReader::new(stdin()).lines();
    while let Some(line) = lines.next_line().await.unwrap() {
        match line.as_str() {
            "end sessions" => gateway.end_sessions(),
            "refuse the next call" => gateway.fault(refusal()),
            other => panic!("`{other}` is no command"),
        }
        writeln!(out, "done").unwrap();
    }
}
