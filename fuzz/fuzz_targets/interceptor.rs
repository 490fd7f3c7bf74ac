//! Events of a gateway's interceptor, and what goes on or back.
#![no_main]

use std::sync::LazyLock;

use auth::gateway::{Asks, Denial, Event, Request, Response, SEARCH, TICKET_ARGUMENT, Tells, Tools};
use auth::id::Reference;
use auth::jwt::{Caller, Issuers};
use auth::secret::Secret;
use libfuzzer_sys::fuzz_target;
use mandate_fuzz::NOW;
use mandate_fuzz::signed::{KEYS, token};
use serde_json::{Value, json};

const LISTED: &str = "okta___list_groups";
const TICKET: &str = "ticket.of.ours";

static TOOLS: LazyLock<Tools> = LazyLock::new(|| {
    let tool = |name: &str, scope: &str, vault: bool| json!({"name": name, "scopes": [scope], "vault": vault, "arguments": {"user": {"kind": "string"}}});
    let tools = [
        tool(LISTED, "api/read", true),
        tool("okta___unlock_user", "api/write", true),
        tool("house___whoami", "api/read", false),
    ];
    Tools::parse(&json!({ "tools": tools }).to_string()).unwrap()
});

/// Somebody who may read and not write.
static CALLER: LazyLock<Caller> = LazyLock::new(|| {
    let issuer = json!({"issuer": "https://tenant.example/", "provider": "auth0", "audience": "api", "jwks": "-",
                        "algorithms": ["EdDSA"], "sign_in": true});
    let issuers = Issuers::parse(&json!({ "issuers": [issuer] }).to_string()).unwrap();
    let now = NOW.seconds();
    let claims = json!({"iss": "https://tenant.example/", "aud": "api", "sub": "auth0|alice", "client_id": "c", "jti": "j",
                        "iat": now, "exp": now + 600, "scope": "api/read"});
    let token = token(br#"{"alg":"EdDSA","typ":"at+jwt","kid":"k1"}"#, claims.to_string().as_bytes());
    issuers.iter().next().unwrap().verify(&token, &KEYS, NOW).unwrap()
});

fuzz_target!(|event: &str| {
    match Event::parse(event) {
        Ok(Event::Request(request)) => goes_on(request, event),
        Ok(Event::Response(response)) => goes_back(response),
        Err(denial) => is_denied(&denial),
    }
});

fn is_denied(denial: &Denial) {
    let output = denial.output(&Reference::of_request("r-1"), None);
    assert_eq!(output["interceptorOutputVersion"], "1.0");
    let side = if output.get("http").is_some() { &output["http"] } else { &output["mcp"] };
    assert!(side.get("transformedGatewayRequest").is_none(), "a denial that goes on");
    let response = &side["transformedGatewayResponse"];
    let status = response["statusCode"].as_u64().unwrap();
    assert!(status >= 400 || response["body"]["error"]["code"] == -32601);
}

fn goes_on(request: Request, event: &str) {
    if let Err(denial) = request.bearer() {
        is_denied(&denial);
    }
    let said: Value = serde_json::from_str(event).expect("an event that is no JSON");
    let body = said["mcp"]["gatewayRequest"]["body"].clone();
    let raw = said["mcp"]["rawGatewayRequest"]["body"].as_str().expect("no raw body");
    assert_eq!(serde_json::from_str::<Value>(raw).expect("a raw body that is no JSON"), body);
    let output = match request.asks() {
        Err(denial) => return is_denied(&denial),
        Ok(Asks::Call(call)) => match request.admit(call, &CALLER, &TOOLS) {
            Err(denial) => return is_denied(&denial),
            Ok(admitted) => {
                let name = admitted.tool.name();
                assert_eq!(body["params"]["name"], name);
                assert!(name != "okta___unlock_user", "a scope that the caller lacks");
                assert!(admitted.session.is_some() || name == "house___whoami");
                assert!(admitted.arguments.keys().all(|name| name == "user"));
                request.call(admitted.arguments, &Secret::new(TICKET.to_owned()))
            }
        },
        Ok(Asks::Search(call)) => match request.search(call) {
            Err(denial) => return is_denied(&denial),
            Ok(output) => {
                let arguments = &output["mcp"]["transformedGatewayRequest"]["body"]["params"]["arguments"];
                assert!(arguments.as_object().is_some_and(|it| it.len() == 1 && it["query"].is_string()));
                output
            }
        },
        Ok(Asks::Passes | Asks::List) => {
            assert_ne!(body["method"], "tools/call");
            request.pass()
        }
    };
    assert_eq!(output["interceptorOutputVersion"], "1.0");
    let sent = &output["mcp"]["transformedGatewayRequest"];
    assert_eq!(sent["body"]["method"], body["method"]);
    assert_eq!(sent["body"]["id"], body["id"]);
    if let Some(headers) = sent.get("headers") {
        assert_eq!(*headers, json!({"Authorization": format!("Bearer {TICKET}")}));
        assert_eq!(sent["body"]["params"]["arguments"][TICKET_ARGUMENT], TICKET);
    }
}

fn goes_back(response: Response) {
    if let Err(denial) = response.bearer() {
        is_denied(&denial);
    }
    let output = match response.tells() {
        Tells::Passes => return assert_eq!(response.pass()["interceptorOutputVersion"], "1.0"),
        Tells::Unknown => return is_denied(&response.unknown()),
        Tells::Tools => match response.filter(|name| name == LISTED) {
            Err(denial) => return is_denied(&denial),
            Ok(output) => output,
        },
    };
    assert_eq!(output["interceptorOutputVersion"], "1.0");
    let result = &output["mcp"]["transformedGatewayResponse"]["body"]["result"];
    for list in [&result["tools"], &result["structuredContent"]["tools"]] {
        for tool in list.as_array().into_iter().flatten() {
            assert!(tool["name"] == LISTED || tool["name"] == SEARCH, "a tool that the caller may not call");
            assert!(tool["inputSchema"]["properties"].get(TICKET_ARGUMENT).is_none());
        }
    }
}
