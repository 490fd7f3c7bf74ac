//! Every case of `events/gateway-interceptor`, by the handler in this process and by the real binary behind the double of
//! Lambda. `events/README.md` says what is in the files. Here and not with the others, because Cedar is linked here alone.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use auth::ticket::Minter;
use auth::time::Timestamp;
use devstack::lambda::{self, Function, LambdaHost};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::time::Instant;
use upstream_http::transport::Transport;

use crate::scene::{KeySet, OTHER_ISSUER, Scene, claims, issuer, settings};

const NAME: &str = "gateway-interceptor";

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct World {
    about: String,
    token: Option<Token>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Token {
    #[serde(default)]
    is: Kind,
    scope: String,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    #[default]
    Good,
    Expired,
    Forged,
    OtherAudience,
    OtherIssuer,
    UnknownIssuer,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    answer: Value,
    calls: Calls,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Calls {
    keys: usize,
}

impl Token {
    fn text(&self, now: Timestamp) -> String {
        let mut claims = claims(&self.scope);
        (claims["iat"], claims["exp"]) = (json!(now.seconds() - 10), json!(now.seconds() + 600));
        let mut signer = issuer();
        match self.is {
            Kind::Good => {}
            Kind::Expired => (claims["iat"], claims["exp"]) = (json!(now.seconds() - 700), json!(now.seconds() - 100)),
            Kind::Forged => signer = Minter::from_seed("idp", "k1", &[8; 32]).unwrap(),
            Kind::OtherAudience => claims["aud"] = json!("https://another-api"),
            Kind::OtherIssuer => claims["iss"] = json!(OTHER_ISSUER),
            Kind::UnknownIssuer => claims["iss"] = json!("https://unknown.example/"),
        }
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1"});
        signer.sign(&header, &claims).expose().to_owned()
    }
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap().join("events").join(NAME)
}

fn stems() -> Vec<String> {
    let entries = std::fs::read_dir(folder()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    entries.filter_map(|name| name.strip_suffix(".event.json").map(str::to_owned)).collect()
}

fn text(stem: &str, ending: &str) -> String {
    std::fs::read_to_string(folder().join(format!("{stem}.{ending}.json"))).unwrap()
}

/// The expected answer with its places filled from the actual one.
fn filled(expected: &Value, actual: &Value) -> Value {
    let reference = actual.pointer("/mcp/transformedGatewayResponse/body/error/data/reference");
    let ticket = actual.pointer("/mcp/transformedGatewayRequest/body/params/arguments/mandate_ticket");
    let mut text = expected.to_string();
    if let Some(reference) = reference.and_then(Value::as_str) {
        assert_eq!(reference.len(), 12);
        text = text.replace("{{reference}}", reference);
    }
    if let Some(ticket) = ticket.and_then(Value::as_str) {
        assert_eq!(ticket.split('.').count(), 3);
        text = text.replace("{{ticket}}", ticket);
    }
    serde_json::from_str(&text).unwrap()
}

async fn host(keys: &KeySet) -> LambdaHost {
    let environment: BTreeMap<String, String> =
        settings(&keys.url).into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let function = Function::new(NAME, env!("CARGO_BIN_EXE_gateway-interceptor")).within(Duration::from_secs(10));
    let function = Function { environment, ..function };
    lambda::start(TcpListener::bind("127.0.0.1:0").await.unwrap(), vec![function]).await.unwrap()
}

async fn invoke(host: &LambdaHost, event: &str) -> Value {
    let url = format!("{}/2015-03-31/functions/{NAME}/invocations", host.double.url()).parse().unwrap();
    let event: &serde_json::value::RawValue = serde_json::from_str(event).unwrap();
    let transport = Transport::new(None).unwrap();
    let call = transport.post(url).json(&event).at_most(Duration::from_secs(20)).cap(1 << 20);
    let reply = call.send(Instant::now() + Duration::from_secs(20)).await.unwrap();
    assert_eq!((reply.status(), reply.header("x-amz-function-error")), (200, None));
    reply.json().unwrap()
}

// M09, M14
#[tokio::test]
async fn every_event_is_answered_as_its_response_file_says_by_the_handler_and_by_the_binary() {
    let clock = function::clock::system();
    for stem in stems() {
        let world: World = serde_json::from_str(&text(&stem, "world")).unwrap();
        let expected: Expected = serde_json::from_str(&text(&stem, "response")).unwrap();
        let token = world.token.as_ref().map(|token| token.text(clock.now())).unwrap_or_default();
        let event = text(&stem, "event").replace("{{token}}", &token);
        assert!(!event.contains("{{") && event.contains(&token), "{stem}: {}", world.about);

        let scene = Scene::of(KeySet::good().await, clock.clone()).await;
        let answer = scene.answer(&event).await;
        assert_eq!(answer, filled(&expected.answer, &answer), "{stem} in process: {}", world.about);
        assert_eq!(scene.fetches(), expected.calls.keys, "{stem} in process");

        let keys = KeySet::good().await;
        let host = host(&keys).await;
        let answer = invoke(&host, &event).await;
        assert_eq!(answer, filled(&expected.answer, &answer), "{stem} by the binary: {}", world.about);
        assert_eq!(keys.fetches(), expected.calls.keys, "{stem} by the binary");
        let logs = host.logs(NAME).join("\n");
        assert!(logs.contains("\"outcome\""), "{stem}: {logs}");
        let secrets = [token.as_str(), "2f0d7a9e-session", "bob@example.com"];
        assert!(secrets.iter().all(|secret| secret.is_empty() || !logs.contains(secret)), "{stem}: {logs}");
    }
}

#[test]
fn there_are_cases_for_both_sides_and_each_is_whole() {
    let stems = stems();
    assert!(stems.len() >= 30);
    let sides = stems.iter().filter(|stem| text(stem, "event").contains("\"gatewayResponse\"")).count();
    assert!(sides >= 6 && sides < stems.len());
    assert_eq!(std::fs::read_dir(folder()).unwrap().count(), 3 * stems.len());
}
