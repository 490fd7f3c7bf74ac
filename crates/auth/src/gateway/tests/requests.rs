use serde_json::{Value, json};

use super::forge::{call, caller, caller_at, event, message, output, request, told, tools};
use crate::gateway::{Asks, Call, Denial, Event};
use crate::refusal::Code;

fn parsed(text: &str) -> (u64, i64, Value) {
    told(&Event::parse(text).err().unwrap())
}

fn asked(body: &Value) -> Result<Asks, (u64, i64, Value)> {
    request(&event(body)).and_then(|request| request.asks()).map_err(|denial| told(&denial))
}

fn as_call(asks: Asks) -> Call {
    match asks {
        Asks::Call(call) | Asks::Search(call) => call,
        Asks::Passes | Asks::List => panic!("no call"),
    }
}

// M06
#[test]
fn a_batch_a_doubled_key_another_version_and_ill_typed_params_are_refused_with_the_callers_id() {
    assert_eq!(asked(&json!([message("tools/list")])), Err((400, -32700, json!(null))));
    for (name, value, code) in [
        ("jsonrpc", json!("1.0"), -32600),
        ("jsonrpc", json!(2.0), -32600),
        ("method", json!(null), -32600),
        ("method", json!(["tools/list"]), -32600),
        ("params", json!([]), -32602),
        ("params", json!("x"), -32602),
        ("params", json!(null), -32602),
    ] {
        let mut bent = message("tools/list");
        bent[name] = value;
        assert_eq!(asked(&bent), Err((400, code, json!(7))), "{bent}");
    }
    for id in [json!(null), json!(1.5), json!([7]), json!({"a": 1}), json!(true)] {
        let mut bent = message("tools/list");
        bent["id"] = id;
        assert_eq!(asked(&bent), Err((400, -32600, json!(null))));
    }
    let text = event(&message("tools/list")).to_string();
    let doubled = text.replacen(r#"\"id\":7"#, r#"\"id\":7,\"id\":7"#, 1);
    assert_ne!(doubled, text);
    assert_eq!(parsed(&doubled), (400, -32700, json!(7)), "in the raw body");
    assert_eq!(parsed(&text.replacen(r#""id":7"#, r#""id":7,"id":8"#, 1)).0, 400, "in the parsed body");
    for arguments in [json!([]), json!("x"), json!(null)] {
        assert_eq!(asked(&call("okta___list_groups", &arguments)), Err((400, -32602, json!(7))));
    }
}

// M10
#[test]
fn a_raw_body_that_says_something_else_is_refused() {
    let mut bent = event(&call("okta___list_groups", &json!({})));
    bent["mcp"]["gatewayRequest"]["body"]["params"]["name"] = json!("okta___reset_password");
    assert_eq!(parsed(&bent.to_string()), (400, -32600, json!(7)));
    for raw in [json!(null), json!({}), json!({"body": null}), json!({"body": ""}), json!({"body": {}})] {
        let mut bent = event(&message("ping"));
        bent["mcp"]["rawGatewayRequest"] = raw;
        assert_eq!(parsed(&bent.to_string()).0, 400);
    }
}

// M12
#[test]
fn an_event_that_is_not_understood_is_a_denial() {
    for text in ["", "null", "[]", "{}", "\"x\"", "{\"interceptorInputVersion\":\"1.0\"}", "{\"mcp\":{}}"] {
        assert_eq!(parsed(text).0, 400, "{text}");
    }
    for (place, value) in [
        ("/interceptorInputVersion", json!("2.0")),
        ("/mcp/gatewayRequest", json!(null)),
        ("/mcp/gatewayRequest/headers", json!("x")),
        ("/mcp/gatewayRequest/body", json!(null)),
    ] {
        let mut bent = event(&message("ping"));
        *bent.pointer_mut(place).unwrap() = value;
        assert_eq!(parsed(&bent.to_string()).0, 400, "{place}");
    }
    let unknown = json!({"interceptorInputVersion": "1.0", "http": {"gatewayRequest": {}}});
    let denial = Event::parse(&unknown.to_string()).err().unwrap();
    let output = output(&denial);
    assert_eq!(output["http"]["transformedGatewayResponse"]["statusCode"], 403);
    assert_eq!(output["interceptorOutputVersion"], "1.0");
}

// M01, M04, M12
#[test]
fn a_token_is_one_bearer_header_and_nothing_else() {
    let bearer = |headers: Value| {
        let mut body = message("ping");
        body["params"] = json!({"access_token": "a.b.c"});
        let mut event = event(&body);
        event["mcp"]["gatewayRequest"]["path"] = json!("/mcp?access_token=a.b.c");
        event["mcp"]["gatewayRequest"]["headers"] = headers;
        request(&event).unwrap().bearer().map_err(|denial| told(&denial))
    };
    for name in ["Authorization", "authorization", "AUTHORIZATION"] {
        assert_eq!(bearer(json!({name: "bearer a.b.c"})).unwrap().expose(), "a.b.c");
    }
    for headers in [
        json!(null),
        json!({}),
        json!({"Authorization": "a.b.c"}),
        json!({"Authorization": "Basic a.b.c"}),
        json!({"Authorization": "Bearer "}),
        json!({"Authorization": "Bearer  a.b.c"}),
        json!({"Authorization": "Bearer a.b.c, Bearer d.e.f"}),
        json!({"Authorization": ["Bearer a.b.c"]}),
        json!({"Authorization": "Bearer a.b.c", "authorization": "Bearer a.b.c"}),
        json!({"X-Access-Token": "Bearer a.b.c"}),
    ] {
        assert_eq!(bearer(headers.clone()).err(), Some((401, -32001, json!(7))), "{headers}");
    }
}

// M07
#[test]
fn only_four_methods_pass_and_three_are_decided() {
    for method in ["initialize", "server/discover", "ping", "notifications/initialized"] {
        assert_eq!(asked(&message(method)), Ok(Asks::Passes));
    }
    assert_eq!(asked(&message("tools/list")), Ok(Asks::List));
    let search = call("x_amz_bedrock_agentcore_search", &json!({"query": "groups"}));
    assert!(matches!(asked(&search), Ok(Asks::Search(_))));
    for method in
        ["resources/list", "prompts/get", "tools/Call", "tools/call ", "", "completion/complete", "logging/setLevel"]
    {
        assert_eq!(asked(&message(method)), Err((200, -32601, json!(7))), "{method}");
    }
}

#[test]
fn an_id_that_is_a_string_stays_one_and_a_call_shows_no_argument() {
    let mut body = message("resources/list");
    body["id"] = json!("seven");
    assert_eq!(asked(&body), Err((200, -32601, json!("seven"))));
    let call = as_call(asked(&call("okta___list_groups", &json!({"user": "bob@example.com"}))).unwrap());
    assert_eq!(format!("{call:?}"), "Call { name: \"okta___list_groups\", .. }");
}

// M06, M08
#[test]
fn a_tool_is_named_exactly_or_refused() {
    let tools = tools();
    for name in [
        "list_groups",
        "okta___List_groups",
        "OKTA___list_groups",
        " okta___list_groups",
        "okta___list_groups\u{200b}",
        "okta____list_groups",
        "okta___okta___list_groups",
        "house___list_groups",
        "\u{43e}kta___list_groups",
        "X_amz_bedrock_agentcore_search",
        "",
    ] {
        let request = request(&event(&call(name, &json!({"user": "bob@example.com"})))).unwrap();
        let call = as_call(request.asks().unwrap());
        let denial = request.admit(call, &caller("api/read api/write api/admin"), &tools).err().unwrap();
        assert_eq!(told(&denial), (403, -32003, json!(7)), "{name}");
    }
}

// M01
#[test]
fn a_call_whose_scopes_are_missing_is_told_all_that_the_tool_needs() {
    let tools = tools();
    let request = request(&event(&call("okta___unlock_user", &json!({})))).unwrap();
    let call = as_call(request.asks().unwrap());
    let denial = request.admit(call, &caller("api/read"), &tools).err().unwrap();
    assert_eq!((denial.status(), denial.refusal().cause()), (403, "gateway: a scope is missing"));
    let headers = &output(&denial)["mcp"]["transformedGatewayResponse"]["headers"];
    let challenge = headers["WWW-Authenticate"].as_str().unwrap();
    assert!(
        challenge.starts_with("Bearer error=\"insufficient_scope\", scope=\"api/read api/write\", "),
        "{challenge}"
    );
}

// M11
#[test]
fn a_ticket_of_the_callers_own_is_refused_and_an_argument_the_tool_has_not_goes_away() {
    let tools = tools();
    let admit = |arguments: Value| {
        let request = request(&event(&call("okta___list_groups", &arguments))).unwrap();
        let call = as_call(request.asks().unwrap());
        let admitted = request.admit(call, &caller("api/read"), &tools);
        admitted.map(|admitted| Value::Object(admitted.arguments)).map_err(|denial| told(&denial))
    };
    for ticket in [json!("a.b.c"), json!(null), json!({})] {
        assert_eq!(admit(json!({"mandate_ticket": ticket})), Err((403, -32003, json!(7))));
    }
    let identity = json!({"user": "bob@example.com", "_user_id": "root", "context": {}, "X-User": "root", "limit": 2});
    assert_eq!(admit(identity), Ok(json!({"user": "bob@example.com", "limit": 2})));
}

// M05
#[test]
fn a_tool_that_needs_the_vault_needs_a_session_of_an_issuer_that_can_have_one() {
    let tools = tools();
    let admit = |name: &str, session: Value, signs_in_here: bool| {
        let mut event = event(&call(name, &json!({})));
        event["mcp"]["gatewayRequest"]["headers"]["X-Session-Id"] = session;
        let request = request(&event).unwrap();
        let call = as_call(request.asks().unwrap());
        let admitted = request.admit(call, &caller_at("api/read", signs_in_here), &tools);
        let cause = |denial: Denial| (denial.refusal().code(), denial.refusal().cause().to_owned());
        admitted.map(|admitted| admitted.session.is_some()).map_err(cause)
    };
    let refused = |admitted: Result<bool, (Code, String)>| admitted.unwrap_err().0;
    assert_eq!(admit("okta___list_groups", json!("2f0d7a9e-session"), true), Ok(true));
    assert_eq!(refused(admit("okta___list_groups", json!("2f0d7a9e-session"), false)), Code::AccessDenied);
    assert_eq!(admit("house___whoami", json!("2f0d7a9e-session"), false), Ok(true));
    for session in [json!(""), json!("a b"), json!(1), json!(["x"])] {
        let (code, cause) = admit("okta___list_groups", session.clone(), true).unwrap_err();
        assert_eq!(code, Code::AuthRequired);
        assert_ne!(cause, "headers: no `x-session-id`", "{session}: it is there, and wrong");
        assert_eq!(admit("house___whoami", session, true), Ok(false), "as good as none");
    }
}
