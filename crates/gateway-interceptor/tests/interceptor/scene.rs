//! An interceptor with the table and the policies of `infra`, an issuer, and a clock that stands.

use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use auth::ticket::{Minter, TicketKeys};
use auth::time::{Clock, Timestamp};
use function::serve::{ClientContext, Invocation};
use function::settings::{Environment, Reader};
use function::telemetry::{Log, Steps};
use function::trace::Trace;
use gateway_interceptor::settings::Settings;
use gateway_interceptor::{Interceptor, build, handle};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::time::Instant;
use upstream_secrets::Identity;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
pub(crate) const ISSUER: &str = "https://tenant.example/";
pub(crate) const OTHER_ISSUER: &str = "https://other.example/";
pub(crate) const AUDIENCE: &str = "https://gateway-api";
pub(crate) const GATEWAY: &str = "gw-one-abc1234567";
const SEED: [u8; 32] = [4; 32];

pub(crate) struct Scene {
    pub(crate) interceptor: Interceptor,
    keys: KeySet,
}

pub(crate) fn issuer() -> Minter {
    Minter::from_seed("idp", "k1", &[9; 32]).unwrap()
}

fn infra(name: &str) -> String {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    root.ancestors().nth(2).unwrap().join("infra").join(name).to_str().unwrap().to_owned()
}

/// An issuer's key set on loopback.
pub(crate) struct KeySet {
    /// Its address.
    pub(crate) url: String,
    fetches: Arc<AtomicUsize>,
}

impl KeySet {
    /// Answers every request with these bytes.
    pub(crate) async fn answering(bytes: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/jwks", listener.local_addr().unwrap());
        let fetches = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&fetches);
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::SeqCst);
                let _head = stream.read(&mut [0; 4096]).await;
                let _sent = stream.write_all(bytes.as_bytes()).await;
            }
        });
        Self { url, fetches }
    }

    pub(crate) async fn good() -> Self {
        let body = json!({"keys": [issuer().public_jwk()]}).to_string();
        let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: ";
        Self::answering(format!("{head}{}\r\n\r\n{body}", body.len())).await
    }

    pub(crate) fn fetches(&self) -> usize {
        self.fetches.load(Ordering::SeqCst)
    }
}

/// An interceptor with these settings.
pub(crate) async fn interceptor(environment: &Environment, clock: Clock) -> Interceptor {
    let mut reader = Reader::new(environment);
    let settings = Settings::read(&mut reader);
    let settings = reader.finish(settings).map_err(|problems| problems.to_string()).unwrap();
    let own = aws_credential_types::Credentials::new("id", "secret", None, None, "test");
    build(settings, Identity { credentials: Some(own) }, clock).await.unwrap()
}

impl Scene {
    /// An issuer whose key set is this.
    pub(crate) async fn with_keys(keys: String) -> Self {
        Self::of(KeySet::answering(keys).await, Clock::new(|| NOW)).await
    }

    pub(crate) async fn start() -> Self {
        Self::of(KeySet::good().await, Clock::new(|| NOW)).await
    }

    pub(crate) async fn of(keys: KeySet, clock: Clock) -> Self {
        Self { interceptor: interceptor(&environment(&keys.url), clock).await, keys }
    }

    /// With these settings in place of its own.
    pub(crate) async fn set(more: &[(&'static str, &str)]) -> Self {
        let keys = KeySet::good().await;
        let mut pairs = settings(&keys.url);
        pairs.retain(|(name, _)| more.iter().all(|(other, _)| other != name));
        pairs.extend(more.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Self { interceptor: interceptor(&Environment::from_pairs(pairs), Clock::new(|| NOW)).await, keys }
    }

    /// The output for this event.
    pub(crate) async fn answer(&self, event: &str) -> Value {
        handle(&self.interceptor, event, &invocation()).await.output
    }

    /// The same, and the cause in its log line.
    pub(crate) async fn answer_and_cause(&self, event: &str) -> (Value, Option<String>) {
        let answer = handle(&self.interceptor, event, &invocation()).await;
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        let log =
            Log::to("gateway-interceptor", Clock::new(|| NOW), move |line| kept.lock().unwrap().push(line.to_owned()));
        log.without_audit().outcome(&answer.outcome);
        let line: Value = serde_json::from_str(&lines.lock().unwrap()[0]).unwrap();
        (answer.output, line["cause"].as_str().map(str::to_owned))
    }

    pub(crate) fn fetches(&self) -> usize {
        self.keys.fetches()
    }
}

pub(crate) fn invocation() -> Invocation {
    let remaining = std::time::Duration::from_secs(10);
    Invocation {
        reference: auth::id::Reference::of_request("r-1"),
        request_id: "r-1".to_owned(),
        until: Instant::now() + remaining,
        remaining,
        trace: Trace::of_request("r-1"),
        client_context: ClientContext::default(),
        steps: Steps::new(),
        cold: false,
    }
}

pub(crate) fn environment(jwks: &str) -> Environment {
    Environment::from_pairs(settings(jwks))
}

/// The settings with two issuers, whose people sign in here and do not, and whose keys are in one place.
pub(crate) fn settings(jwks: &str) -> Vec<(&'static str, String)> {
    let one = |name: &str, sign_in: bool| {
        json!({"issuer": name, "provider": "auth0", "audience": AUDIENCE, "jwks": jwks,
               "algorithms": ["EdDSA"], "sign_in": sign_in})
    };
    settings_of(&json!([one(ISSUER, true), one(OTHER_ISSUER, false)]))
}

/// The settings with these issuers.
pub(crate) fn settings_of(issuers: &Value) -> Vec<(&'static str, String)> {
    vec![
        ("GATEWAY_ISSUERS", json!({ "issuers": issuers }).to_string()),
        ("GATEWAY_TOOLS", infra("generated/gateway/tools.json")),
        ("GATEWAY_POLICIES", [infra("generated/cedar/scopes.cedar"), infra("policies/house.cedar")].join(":")),
        ("GATEWAY_SHADOW_POLICIES", infra("policies/shadow/organization.cedar")),
        ("GATEWAY_ARN", format!("arn:aws:bedrock-agentcore:us-east-1:111122223333:gateway/{GATEWAY}")),
        ("GATEWAY_TICKET_SEED", "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ".to_owned()),
        ("GATEWAY_TICKET_KID", "g1".to_owned()),
        ("GATEWAY_RESOURCE_METADATA", "https://gw.example/.well-known/oauth-protected-resource".to_owned()),
    ]
}

pub(crate) fn ticket_keys() -> TicketKeys {
    let jwk = Minter::from_seed("gateway", "g1", &SEED).unwrap().public_jwk();
    let minters = json!([{"name": "gateway", "doors": ["gateway-target"], "jwks": {"keys": [jwk]}}]);
    TicketKeys::parse(&json!({ "minters": minters }).to_string()).unwrap()
}

pub(crate) fn claims(scopes: &str) -> Value {
    json!({"iss": ISSUER, "aud": AUDIENCE, "sub": "auth0|alice", "client_id": "c", "jti": "j",
           "iat": NOW.seconds() - 10, "exp": NOW.seconds() + 600, "scope": scopes})
}

pub(crate) fn token_of(claims: &Value) -> String {
    let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1"});
    issuer().sign(&header, claims).expose().to_owned()
}

pub(crate) fn token(scopes: &str) -> String {
    token_of(&claims(scopes))
}

pub(crate) fn message(method: &str, params: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 7, "method": method, "params": params})
}

pub(crate) fn call(tool: &str, arguments: &Value) -> Value {
    message("tools/call", &json!({"name": tool, "arguments": arguments}))
}

pub(crate) fn event(token: &str, body: &Value) -> Value {
    json!({"interceptorInputVersion": "1.0", "mcp": {
        "rawGatewayRequest": {"body": body.to_string()},
        "gatewayRequest": {"path": "/mcp", "httpMethod": "POST", "context": null, "body": body, "headers": {
            "Authorization": format!("Bearer {token}"), "x-session-id": "2f0d7a9e-session"}}}})
}

pub(crate) fn answered(token: &str, body: &Value, status: u16, answer: &Value) -> Value {
    let mut event = event(token, body);
    event["mcp"]["gatewayResponse"] = json!({"statusCode": status, "headers": {}, "body": answer});
    event
}

/// Whether the message goes on, or the status and JSON-RPC code of its denial. Every output passes through here.
pub(crate) fn told(output: &Value) -> Result<&Value, (u64, i64)> {
    assert_eq!(output["interceptorOutputVersion"], "1.0", "{output}");
    let sides = output["mcp"].as_object().unwrap();
    assert_eq!(sides.len(), 1, "exactly one side");
    if let Some(request) = sides.get("transformedGatewayRequest") {
        return Ok(request);
    }
    let response = &sides["transformedGatewayResponse"];
    let code = response["body"]["error"]["code"].as_i64();
    match (response["statusCode"].as_u64(), code) {
        (Some(status), Some(code)) => Err((status, code)),
        _ => Ok(response),
    }
}
