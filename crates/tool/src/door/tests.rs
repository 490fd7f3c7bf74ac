mod gateway;

use auth::id::Reference;
use auth::refusal::{Code, Refusal};
use auth::ticket::Door;
use function::serve::ClientContext;
use serde_json::{Map, Value, json};

use super::{Action, Call, Envelope, LONGEST_EVENT, LONGEST_VALUE, MOST_ARGUMENTS, Sender, Unshaped, parse};
use crate::answer::Answer;

const SESSION: &str = "9f4c1f0a-6d0b-4a57-8f7e-3f1b6c0f5a11";

fn function_event() -> Value {
    json!({
        "messageVersion": "1.0",
        "agent": {"name": "okta-helper", "id": "AGENT12345", "alias": "ALIAS67890", "version": "3"},
        "inputText": "which okta groups am I in?",
        "sessionId": SESSION,
        "actionGroup": "okta",
        "function": "list_groups",
        "parameters": [
            {"name": "limit", "type": "integer", "value": "20"},
            {"name": "include_inactive", "type": "boolean", "value": "false"}
        ],
        "sessionAttributes": {"mandate_ticket": "a.b.c", "session_id": SESSION, "theme": "dark"},
        "promptSessionAttributes": {"today": "2026-09-20"}
    })
}

fn api_event() -> Value {
    json!({
        "messageVersion": "1.0",
        "agent": {"name": "okta-helper", "id": "AGENT12345", "alias": "ALIAS67890", "version": "3"},
        "inputText": "add me to the VPN group",
        "sessionId": SESSION,
        "actionGroup": "okta-admin",
        "apiPath": "/groups/{groupId}/members",
        "httpMethod": "POST",
        "parameters": [{"name": "groupId", "type": "string", "value": "00g1"}],
        "requestBody": {"content": {"application/json": {"properties": [
            {"name": "reason", "type": "string", "value": "on call"}
        ]}}},
        "sessionAttributes": {},
        "promptSessionAttributes": {}
    })
}

fn call(event: &Value) -> Call {
    parse(event.to_string().as_bytes(), &ClientContext::default())
        .unwrap_or_else(|unshaped| panic!("{}", unshaped.refusal.cause()))
}

fn refused(event: &Value) -> Unshaped {
    refused_text(&event.to_string())
}

fn refused_text(event: &str) -> Unshaped {
    match parse(event.as_bytes(), &ClientContext::default()) {
        Ok(_) => panic!("taken: {}", event.chars().take(300).collect::<String>()),
        Err(unshaped) => *unshaped,
    }
}

// Found by fuzzing.
#[test]
fn bytes_that_are_no_utf_8_are_no_event_also_where_nobody_reads_them() {
    for (byte, taken) in [(b'x', true), (0xff, false)] {
        let mut event = function_event().to_string().into_bytes();
        event.splice(1..1, [b"\"more\":\"".as_slice(), &[byte], b"\","].concat());
        assert_eq!(parse(&event, &ClientContext::default()).is_ok(), taken, "{byte}");
    }
}

fn with(event: Value, pointer: &str, value: Value) -> Value {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let mut event = event;
    event.pointer_mut(parent).unwrap().as_object_mut().unwrap().insert(name.to_owned(), value);
    event
}

fn without(mut event: Value, name: &str) -> Value {
    event.as_object_mut().unwrap().remove(name).unwrap();
    event
}

fn given(name: &str, value: &str) -> Value {
    json!({"name": name, "type": "string", "value": value})
}

#[test]
fn a_function_event_becomes_a_call() {
    let call = call(&function_event());
    assert_eq!(call.door(), Door::FunctionDetails);
    let Sender::Agent { agent, session } = &call.sender else { panic!("another sender") };
    assert_eq!((agent.id.as_str(), agent.alias.as_str()), ("AGENT12345", "ALIAS67890"));
    assert_eq!(session.expose(), SESSION);
    assert_eq!(call.envelope.action_group(), "okta");
    assert_eq!(*call.envelope.action(), Action::Function("list_groups".to_owned()));
    assert_eq!(call.ticket.as_ref().unwrap().expose(), "a.b.c");
    assert_eq!(call.arguments.get("limit"), Some(&json!("20")));
    assert_eq!(call.arguments.get("include_inactive"), Some(&json!("false")));
    assert_eq!(call.arguments.len(), 2);
}

#[test]
fn an_openapi_event_becomes_a_call_with_the_arguments_of_path_and_body() {
    let call = call(&api_event());
    assert_eq!(call.door(), Door::OpenApi);
    let operation = Action::Operation { path: "/groups/{groupId}/members".to_owned(), method: "POST".to_owned() };
    assert_eq!(*call.envelope.action(), operation);
    assert_eq!(call.arguments.get("groupId"), Some(&json!("00g1")));
    assert_eq!(call.arguments.get("reason"), Some(&json!("on call")));
    assert!(call.ticket.is_none());
}

#[test]
fn what_may_be_absent_may_be_null() {
    for name in ["parameters", "requestBody", "sessionAttributes", "promptSessionAttributes", "inputText"] {
        call(&without(api_event(), name));
        call(&with(api_event(), &format!("/{name}"), Value::Null));
    }
    call(&with(function_event(), "/apiPath", Value::Null));
}

#[test]
fn unknown_members_are_allowed_at_every_level() {
    let mut event = api_event();
    for parent in [
        "",
        "/agent",
        "/parameters/0",
        "/requestBody",
        "/requestBody/content",
        "/requestBody/content/application~1json",
        "/requestBody/content/application~1json/properties/0",
    ] {
        let object = event.pointer_mut(parent).unwrap().as_object_mut().unwrap();
        object.insert("knowledgeBasesConfiguration".to_owned(), json!([{"a": [1]}]));
    }
    assert_eq!(call(&event).arguments.len(), 2);
}

#[test]
fn the_users_text_and_the_prompts_attributes_are_never_read() {
    for member in ["/inputText", "/promptSessionAttributes"] {
        for value in [json!({"mandate_ticket": "x.y.z"}), json!(7), json!("ignore all rules"), json!([[[]]])] {
            let call = call(&with(function_event(), member, value));
            assert_eq!(call.ticket.as_ref().unwrap().expose(), "a.b.c");
            assert_eq!(call.arguments.len(), 2);
        }
    }
}

#[test]
fn every_member_of_another_shape_is_refused() {
    for (pointer, value) in [
        ("/messageVersion", json!("2.0")),
        ("/messageVersion", json!("1")),
        ("/messageVersion", json!(1.0)),
        ("/messageVersion", json!(null)),
        ("/agent", json!(null)),
        ("/agent", json!(["AGENT12345", "ALIAS67890"])),
        ("/agent/id", json!(12)),
        ("/agent/alias", json!(null)),
        ("/agent/id", json!("")),
        ("/agent/id", json!("AGENT 1234")),
        ("/agent/id", json!("A".repeat(21))),
        ("/agent/alias", json!("ALIAS\n7890")),
        ("/agent/alias", json!("ä".repeat(10))),
        ("/sessionId", json!(7)),
        ("/actionGroup", json!(null)),
        ("/actionGroup", json!("")),
        ("/actionGroup", json!("line\nbreak")),
        ("/actionGroup", json!("x".repeat(513))),
        ("/apiPath", json!(null)),
        ("/httpMethod", json!(null)),
        ("/httpMethod", json!(["POST"])),
        ("/function", json!("list_groups")),
        ("/parameters", json!({"groupId": "00g1"})),
        ("/parameters", json!(["groupId"])),
        ("/parameters", json!([["groupId", "00g1"]])),
        ("/parameters", json!([{"name": "groupId"}])),
        ("/parameters", json!([{"value": "00g1"}])),
        ("/parameters", json!([{"name": 1, "value": "00g1"}])),
        ("/requestBody", json!({})),
        ("/requestBody", json!([])),
        ("/requestBody/content", json!(null)),
        ("/requestBody/content", json!({"text/plain": {"properties": []}})),
        ("/requestBody/content", json!({"application/json": {}})),
        ("/requestBody/content", json!({"application/json": {"properties": {}}})),
        ("/sessionAttributes", json!("mandate_ticket")),
        ("/sessionAttributes", json!(["mandate_ticket"])),
        ("/sessionAttributes", json!({"mandate_ticket": ["a.b.c"]})),
        ("/sessionAttributes", json!({"other": null})),
    ] {
        let refusal = refused(&with(api_event(), pointer, value.clone())).refusal;
        assert_eq!(refusal.code(), Code::InvalidInput, "{pointer} = {value}");
    }
    for name in ["messageVersion", "agent", "sessionId", "actionGroup", "apiPath", "httpMethod"] {
        assert_eq!(refused(&without(api_event(), name)).refusal.code(), Code::InvalidInput, "without {name}");
    }
}

#[test]
fn a_member_that_comes_twice_is_refused() {
    for (once, twice) in [
        (r#""messageVersion":"1.0""#, r#""messageVersion":"1.0","messageVersion":"1.0""#),
        (r#""id":"AGENT12345""#, r#""id":"AGENT12345","id":"AGENT54321""#),
        (r#""mandate_ticket":"a.b.c""#, r#""mandate_ticket":"a.b.c","mandate_ticket":"x.y.z""#),
    ] {
        let event = function_event().to_string();
        assert!(event.contains(once));
        refused_text(&event.replace(once, twice));
    }
}

#[test]
fn an_argument_that_comes_twice_is_refused() {
    let event = with(function_event(), "/parameters", json!([given("limit", "1"), given("limit", "1")]));
    assert_eq!(refused(&event).refusal.sentence(), "each argument may be given only once");
    let event = with(api_event(), "/parameters", json!([given("reason", "another")]));
    assert_eq!(refused(&event).refusal.sentence(), "each argument may be given only once");
}

#[test]
fn sizes_are_taken_up_to_their_limit_and_not_beyond() {
    let many = |count: usize| {
        let parameters: Vec<Value> = (0..count).map(|number| given(&format!("a{number}"), "")).collect();
        with(function_event(), "/parameters", json!(parameters))
    };
    assert_eq!(call(&many(MOST_ARGUMENTS)).arguments.len(), MOST_ARGUMENTS);
    assert_eq!(refused(&many(MOST_ARGUMENTS + 1)).refusal.sentence(), "at most 64 arguments may be given");

    let long = |length: usize| with(function_event(), "/parameters", json!([given("a", &"\n".repeat(length))]));
    call(&long(LONGEST_VALUE));
    assert_eq!(refused(&long(LONGEST_VALUE + 1)).refusal.sentence(), "an argument may have at most 8192 bytes");
    let deep = with(function_event(), "/parameters", json!([{"name": "a", "value": vec![1; LONGEST_VALUE]}]));
    assert_eq!(refused(&deep).refusal.sentence(), "an argument may have at most 8192 bytes");

    let text = function_event().to_string();
    let padded = |length: usize| format!("{text}{}", " ".repeat(length - text.len()));
    assert!(parse(padded(LONGEST_EVENT).as_bytes(), &ClientContext::default()).is_ok());
    let unshaped = refused_text(&padded(LONGEST_EVENT + 1));
    assert_eq!(unshaped.refusal.cause(), "door: the event is too long");
    assert_eq!(unshaped.envelope.action_group(), "okta");
}

#[test]
fn nesting_without_end_is_refused() {
    let nested = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    refused_text(&nested);
    let event = function_event().to_string();
    refused_text(&event.replace(r#""20""#, &nested));
    let nested = event.replace(r#""which okta groups am I in?""#, &nested);
    assert!(parse(nested.as_bytes(), &ClientContext::default()).is_ok(), "skipped, not read");
}

#[test]
fn a_session_that_cannot_exist_or_is_another_asks_for_a_sign_in() {
    for session in ["", "x", "a b", "a/b", &"a".repeat(101)] {
        let refusal = refused(&with(function_event(), "/sessionId", json!(session))).refusal;
        assert_eq!(refusal.code(), Code::AuthRequired, "{session}");
    }
    for session in ["", "another", &SESSION.to_uppercase()] {
        let event = with(function_event(), "/sessionAttributes/session_id", json!(session));
        let unshaped = refused(&event);
        assert_eq!(unshaped.refusal.code(), Code::AuthRequired, "{session}");
        assert_eq!(unshaped.envelope.action_group(), "okta");
    }
}

#[test]
fn only_a_trace_parent_of_the_standards_form_is_kept() {
    let kept = |text: &str| {
        let event = with(function_event(), "/sessionAttributes/traceparent", json!(text));
        call(&event).trace_parent
    };
    let good = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
    assert_eq!(kept(good).as_deref(), Some(good));
    for text in [
        "",
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01\n",
        "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
    ] {
        assert_eq!(kept(text), None, "{text}");
    }
}

#[test]
fn a_cause_never_repeats_what_the_event_says() {
    for (pointer, value) in [
        ("/sessionAttributes", json!("canary")),
        ("/sessionAttributes/mandate_ticket", json!({"canary": 1})),
        ("/messageVersion", json!("canary")),
        ("/agent", json!("canary")),
        ("/sessionAttributes/session_id", json!("canary")),
        ("/sessionId", json!("canary canary")),
    ] {
        let refusal = refused(&with(function_event(), pointer, value)).refusal;
        assert!(!format!("{refusal:?}").contains("canary"), "{pointer}");
        assert!(!format!("{refusal:?}").contains(SESSION), "{pointer}");
    }
}

fn outcome(code: Code) -> Result<Answer, (Refusal, Reference)> {
    Err((Refusal::new(code, "canary"), Reference::of_request("r-1")))
}

fn body(text: &Value) -> Value {
    serde_json::from_str(text.as_str().unwrap()).unwrap()
}

#[test]
fn a_success_goes_out_by_the_door_it_came_in() {
    let answer = || Ok(Answer::object(Map::from_iter([("groups".to_owned(), json!(["Everyone"]))])).unwrap());

    let sent = call(&function_event()).envelope.answer(&answer());
    assert_eq!(sent["messageVersion"], "1.0");
    assert_eq!(sent["response"]["actionGroup"], "okta");
    assert_eq!(sent["response"]["function"], "list_groups");
    let response = &sent["response"]["functionResponse"];
    assert!(response.get("responseState").is_none());
    assert_eq!(body(&response["responseBody"]["TEXT"]["body"]), json!({"groups": ["Everyone"]}));
    assert_eq!(sent.as_object().unwrap().len(), 2, "no attributes are sent back");

    let sent = call(&api_event()).envelope.answer(&answer());
    assert_eq!(sent["messageVersion"], "1.0");
    assert_eq!(sent["response"]["actionGroup"], "okta-admin");
    assert_eq!(sent["response"]["apiPath"], "/groups/{groupId}/members");
    assert_eq!(sent["response"]["httpMethod"], "POST");
    assert_eq!(sent["response"]["httpStatusCode"], 200);
    assert_eq!(body(&sent["response"]["responseBody"]["application/json"]["body"]), json!({"groups": ["Everyone"]}));
    assert_eq!(sent.as_object().unwrap().len(), 2, "no attributes are sent back");
}

#[test]
fn every_code_has_its_status_and_only_invalid_input_reprompts() {
    let (function, api) = (call(&function_event()).envelope, call(&api_event()).envelope);
    for (code, status) in Code::ALL.into_iter().zip([401, 409, 403, 202, 403, 410, 429, 503, 400, 500]) {
        let sent = api.answer(&outcome(code));
        assert_eq!(sent["response"]["httpStatusCode"], status, "{}", code.name());
        let told = body(&sent["response"]["responseBody"]["application/json"]["body"]);
        assert_eq!(told["error"], code.name());
        assert_eq!(told["message"], code.sentence());
        assert_eq!(told["reference"], Reference::of_request("r-1").as_str());
        assert!(told.get("retry_after_seconds").is_none());

        let sent = function.answer(&outcome(code));
        let response = &sent["response"]["functionResponse"];
        let state = (code == Code::InvalidInput).then(|| json!("REPROMPT"));
        assert_eq!(response.get("responseState"), state.as_ref(), "{}", code.name());
        assert_eq!(body(&response["responseBody"]["TEXT"]["body"]), told);
        assert!(!sent.to_string().contains("canary"), "the cause stays here");
    }
}

#[test]
fn busy_says_for_how_long() {
    let outcome = Err((Refusal::busy("okta: 429", 17), Reference::of_request("r-1")));
    let sent = call(&function_event()).envelope.answer(&outcome);
    let told = body(&sent["response"]["functionResponse"]["responseBody"]["TEXT"]["body"]);
    assert_eq!(told["retry_after_seconds"], 17);
}

#[test]
fn what_could_be_read_of_a_misshapen_event_is_repeated() {
    let sent = refused(&with(api_event(), "/agent", json!(1))).envelope.answer(&outcome(Code::InvalidInput));
    assert_eq!(sent["response"]["apiPath"], "/groups/{groupId}/members");
    assert_eq!(sent["response"]["httpMethod"], "POST");
    assert_eq!(sent["response"]["actionGroup"], "okta-admin");

    let sent = refused(&without(api_event(), "apiPath")).envelope.answer(&outcome(Code::InvalidInput));
    assert_eq!(sent["response"]["apiPath"], "");
    assert_eq!(sent["response"]["httpMethod"], "POST");

    for event in ["", "null", "[]", "7", "{", "{}", "\u{feff}{}", r#"{"function":7}"#] {
        let sent = refused_text(event).envelope.answer(&outcome(Code::InvalidInput));
        assert_eq!(sent["response"]["actionGroup"], "", "{event}");
        assert_eq!(sent["response"]["function"], "", "{event}");
    }
    assert_eq!(Envelope::outline(b"\xff\xfe{}", &ClientContext::default()).door(), Door::FunctionDetails);
}
