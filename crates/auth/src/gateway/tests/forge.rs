//! Events, callers and tools.

use serde_json::{Value, json};

use crate::gateway::{Denial, Event, Request, Response, Tools};
use crate::id::Reference;
use crate::jwt::{Caller, Issuers, KeySet};
use crate::ticket::Minter;
use crate::time::Timestamp;

const NOW: u64 = 1_800_000_000;
const SIGN_IN: &str = "https://tenant.example/";
const OTHER: &str = "https://other.example/";

/// A caller with these scopes, of the issuer that people sign in with or of another.
pub(super) fn caller_at(scopes: &str, signs_in_here: bool) -> Caller {
    let issuer = |name: &str, sign_in: bool| {
        json!({"issuer": name, "provider": "auth0", "audience": "api", "jwks": "-", "algorithms": ["EdDSA"],
               "sign_in": sign_in})
    };
    let issuers = json!({"issuers": [issuer(SIGN_IN, true), issuer(OTHER, false)]});
    let issuers = Issuers::parse(&issuers.to_string()).unwrap();
    let minter = Minter::from_seed("idp", "k1", &[9; 32]).unwrap();
    let keys = KeySet::parse(json!({"keys": [minter.public_jwk()]}).to_string().as_bytes()).unwrap();
    let name = if signs_in_here { SIGN_IN } else { OTHER };
    let claims = json!({"iss": name, "aud": "api", "sub": "auth0|alice", "client_id": "c", "jti": "j", "iat": NOW,
                        "exp": NOW + 600, "scope": scopes});
    let token = minter.sign(&json!({"alg": "EdDSA", "typ": "at+jwt", "kid": "k1"}), &claims);
    let issuer = issuers.iter().find(|issuer| issuer.name() == name).unwrap();
    issuer.verify(token.expose(), &keys, Timestamp::from_seconds(NOW)).unwrap()
}

pub(super) fn caller(scopes: &str) -> Caller {
    caller_at(scopes, true)
}

pub(super) fn tools() -> Tools {
    let tool = |name: &str, scopes: &[&str], vault: bool| {
        json!({"name": name, "scopes": scopes, "vault": vault,
               "arguments": {"user": {"kind": "string", "required": true}, "limit": {"kind": "integer"}}})
    };
    let tools = [
        tool("okta___list_groups", &["api/read"], true),
        tool("okta___reset_password", &["api/write"], true),
        tool("okta___unlock_user", &["api/read", "api/write"], true),
        tool("okta___remove_from_group", &["api/admin"], true),
        tool("house___whoami", &["api/read"], false),
    ];
    Tools::parse(&json!({ "tools": tools }).to_string()).unwrap()
}

pub(super) fn call(name: &str, arguments: &Value) -> Value {
    json!({"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": {"name": name, "arguments": arguments}})
}

pub(super) fn message(method: &str) -> Value {
    json!({"jsonrpc": "2.0", "id": 7, "method": method})
}

pub(super) fn event(body: &Value) -> Value {
    json!({"interceptorInputVersion": "1.0", "mcp": {
        "rawGatewayRequest": {"body": body.to_string()},
        "gatewayRequest": {"path": "/mcp", "httpMethod": "POST", "context": null, "body": body, "headers": {
            "Authorization": "Bearer a.b.c", "X-Session-Id": "2f0d7a9e-session", "Accept": "application/json"}}}})
}

pub(super) fn answered(body: &Value, status: u16, answer: &Value) -> Value {
    let mut event = event(body);
    event["mcp"]["gatewayResponse"] = json!({"statusCode": status, "headers": {"Mcp-Session-Id": "m"}, "body": answer});
    event
}

pub(super) fn request(event: &Value) -> Result<Request, Denial> {
    match Event::parse(&event.to_string())? {
        Event::Request(request) => Ok(request),
        Event::Response(_) => panic!("a response"),
    }
}

pub(super) fn response(event: &Value) -> Response {
    match Event::parse(&event.to_string()) {
        Ok(Event::Response(response)) => response,
        _ => panic!("no response"),
    }
}

/// The output of a denial.
pub(super) fn output(denial: &Denial) -> Value {
    denial.output(&Reference::of_request("r-1"), Some("https://gw.example/.well-known/oauth-protected-resource"))
}

/// Status, JSON-RPC code and id of a denial.
pub(super) fn told(denial: &Denial) -> (u64, i64, Value) {
    let output = output(denial);
    assert_eq!(output["interceptorOutputVersion"], "1.0");
    let response = &output["mcp"]["transformedGatewayResponse"];
    assert!(output["mcp"].get("transformedGatewayRequest").is_none());
    let body = &response["body"];
    (response["statusCode"].as_u64().unwrap(), body["error"]["code"].as_i64().unwrap(), body["id"].clone())
}
