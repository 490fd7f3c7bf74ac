use auth::canonical::ArgumentsHash;
use auth::id::{Reference, SessionHash, SessionReference};
use auth::refusal::{Code, Refusal};
use auth::scope::Scopes;
use auth::subject::Subject;
use auth::ticket::{Door, GatewayStatement, Minter, Reach, TicketKeys};
use auth::time::Timestamp;
use function::serve::ClientContext;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::door::{Action, Call, Caller, Envelope, LONGEST_EVENT, LONGEST_VALUE, MOST_ARGUMENTS, Unshaped, parse};

const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);
const GATEWAY: &str = "gw-one-abc1234567";
const TOOL: &str = "okta-groups___list_groups";

fn context_with(change: impl FnOnce(&mut Map<String, Value>)) -> ClientContext {
    let mut custom = Map::from_iter([
        ("bedrockAgentCoreMessageVersion".to_owned(), json!("1.0")),
        ("bedrockAgentCoreAwsRequestId".to_owned(), json!("b1f6")),
        ("bedrockAgentCoreMcpMessageId".to_owned(), json!("1")),
        ("bedrockAgentCoreGatewayId".to_owned(), json!(GATEWAY)),
        ("bedrockAgentCoreTargetId".to_owned(), json!("TGT1234567")),
        ("bedrockAgentCoreToolName".to_owned(), json!(TOOL)),
        ("bedrockAgentCorePropagatedHeaders".to_owned(), json!({"Authorization": "Bearer x", "traceparent": "y"})),
    ]);
    change(&mut custom);
    ClientContext::parse(json!({ "custom": custom }).to_string().as_bytes())
}

fn context() -> ClientContext {
    context_with(|_| ())
}

fn call(event: &Value) -> Call {
    parse(event.to_string().as_bytes(), &context()).unwrap_or_else(|unshaped| panic!("{}", unshaped.refusal.cause()))
}

fn refused(event: &str, context: &ClientContext) -> Unshaped {
    match parse(event.as_bytes(), context) {
        Ok(_) => panic!("taken: {}", event.chars().take(300).collect::<String>()),
        Err(unshaped) => *unshaped,
    }
}

#[test]
fn bare_arguments_become_a_call_of_the_tool_that_the_context_names() {
    let call = call(&json!({"user": "bob@example.com", "limit": 20, "mandate_ticket": "a.b.c"}));
    assert_eq!(call.door(), Door::GatewayTarget);
    let Caller::Gateway { gateway, tool } = &call.caller else { panic!("another caller") };
    assert_eq!((gateway.as_str(), tool.as_str()), (GATEWAY, TOOL));
    assert_eq!(call.envelope.action_group(), "okta-groups");
    assert_eq!(*call.envelope.action(), Action::Tool(TOOL.to_owned()));
    assert_eq!(call.ticket.as_ref().unwrap().expose(), "a.b.c");
    assert_eq!(Value::Object(call.arguments), json!({"user": "bob@example.com", "limit": 20}));
    assert_eq!(call.trace_parent, None);
}

#[test]
fn a_name_is_split_at_the_first_separator_and_kept_whole() {
    let context = context_with(|custom| {
        custom.insert("bedrockAgentCoreToolName".to_owned(), json!("okta-groups___x___list_groups"));
    });
    let call = parse(b"{}", &context).map_err(|unshaped| unshaped.to_string()).unwrap();
    assert_eq!(call.envelope.action_group(), "okta-groups");
    assert_eq!(*call.envelope.action(), Action::Tool("okta-groups___x___list_groups".to_owned()));
}

#[test]
fn no_argument_can_choose_another_door() {
    let event = json!({"messageVersion": "1.0", "agent": {"id": "AGENT12345", "alias": "ALIAS67890"}, "sessionId": "s1234567",
        "actionGroup": "okta-groups", "function": "list_groups", "parameters": [],
        "sessionAttributes": {"mandate_ticket": "a.b.c"}});
    let call = call(&event);
    assert!(matches!(call.caller, Caller::Gateway { .. }));
    assert!(call.ticket.is_none());
    assert_eq!(call.arguments.len(), 7);
}

#[test]
fn every_other_context_of_a_gateway_is_refused_in_its_shape() {
    for (member, value) in [
        ("bedrockAgentCoreMessageVersion", json!("2.0")),
        ("bedrockAgentCoreMessageVersion", json!(1)),
        ("bedrockAgentCoreGatewayId", json!("")),
        ("bedrockAgentCoreGatewayId", json!({"id": GATEWAY})),
        ("bedrockAgentCoreGatewayId", json!("arn:aws:x/y")),
        ("bedrockAgentCoreToolName", json!(null)),
        ("bedrockAgentCoreToolName", json!("list_groups")),
        ("bedrockAgentCoreToolName", json!("___list_groups")),
        ("bedrockAgentCoreToolName", json!("okta-groups___\u{0}")),
        ("bedrockAgentCoreToolName", json!("x".repeat(600) + "___y")),
    ] {
        let told = format!("{member}: {value}");
        let context = context_with(|custom| drop(custom.insert(member.to_owned(), value)));
        let unshaped = refused("{}", &context);
        assert_eq!(unshaped.refusal.code(), Code::InvalidInput, "{told}");
        let answer = unshaped.envelope.answer(&Err((unshaped.refusal, Reference::of_request("r-1"))));
        assert_eq!(answer["error"]["code"], "invalid_input", "{told}");
    }
    for event in ["[]", "null", "7", "\"text\"", "{", "{\"a\": 1, \"a\": 2}", "{} {}", "{\"a\": 1e999}"] {
        assert_eq!(refused(event, &context()).refusal.code(), Code::InvalidInput, "{event}");
    }
}

#[test]
fn a_ticket_comes_once_and_is_text() {
    for event in
        [r#"{"mandate_ticket": 7}"#, r#"{"mandate_ticket": null}"#, r#"{"mandate_ticket": "a", "mandate_ticket": "a"}"#]
    {
        assert_eq!(refused(event, &context()).refusal.code(), Code::AuthRequired, "{event}");
    }
}

#[test]
fn what_is_too_much_is_refused() {
    let many: Map<String, Value> = (0..=MOST_ARGUMENTS).map(|number| (format!("a{number}"), json!(1))).collect();
    for event in [json!(many), json!({"a": "x".repeat(LONGEST_VALUE + 1)}), json!({"a": "x".repeat(LONGEST_EVENT)})] {
        assert_eq!(refused(&event.to_string(), &context()).refusal.code(), Code::InvalidInput);
    }
}

#[test]
fn an_answer_has_a_result_or_an_error_and_nothing_else() {
    let envelope = Envelope::outline(b"{}", &context());
    let body = Map::from_iter([("groups".to_owned(), json!(["VPN users"]))]);
    assert_eq!(envelope.answer(&Ok(Answer::object(body).unwrap())), json!({"result": {"groups": ["VPN users"]}}));
    let reference = Reference::of_request("r-1");
    let answer = envelope.answer(&Err((Refusal::busy("lease: held", 3), reference.clone())));
    let error = answer["error"].as_object().unwrap();
    assert_eq!(answer.as_object().unwrap().len(), 1);
    assert_eq!(error["code"], "busy");
    assert_eq!(error["reference"], reference.as_str());
    assert_eq!(error["retry_after_seconds"], 3);
    assert!(error["message"].as_str().is_some_and(|text| !text.is_empty() && !text.contains("held")));
    assert!(envelope.answer(&Err((Refusal::new(Code::Internal, "x"), reference))).get("result").is_none());
}

fn minter() -> Minter {
    Minter::from_seed("gateway", "g1", &[4; 32]).unwrap()
}

fn keys(doors: &[&str]) -> TicketKeys {
    let minters = json!([{"name": "gateway", "doors": doors, "jwks": {"keys": [minter().public_jwk()]}}]);
    TicketKeys::parse(&json!({ "minters": minters }).to_string()).unwrap()
}

/// The event of a call with this session, as the interceptor sends it on.
fn sent(arguments: &Value, session: Option<&SessionHash>, reach: Option<&Reach>) -> Value {
    let hash = ArgumentsHash::of(arguments).unwrap();
    let subject = Subject::new("https://tenant.example/", "auth0|alice").unwrap();
    let statement = GatewayStatement {
        subject: &subject,
        organization: None,
        session,
        gateway: GATEWAY,
        tool: TOOL,
        arguments: &hash,
        reach,
    };
    let mut event = arguments.clone();
    event["mandate_ticket"] = json!(minter().mint_for_gateway(&statement, NOW).unwrap().expose());
    event
}

#[test]
fn a_ticket_of_the_interceptor_names_the_person_and_the_session() {
    let hash = SessionReference::parse("2f0d7a9e-session").unwrap().hash();
    let call = call(&sent(&json!({"user": "bob@example.com"}), Some(&hash), None));
    let ticket = call.verified(&keys(&["gateway-target"]), NOW).unwrap();
    assert_eq!(*ticket.session(), hash);
    assert_eq!(ticket.subject().id(), "auth0|alice");
    assert_eq!((ticket.agent().id.as_str(), ticket.agent().alias.as_str()), (GATEWAY, "okta-groups"));
    for (wrong, now) in [(&["gateway-target"][..], NOW.plus(91)), (&["function-details", "open-api"], NOW)] {
        assert_eq!(call.verified(&keys(wrong), now).unwrap_err().code(), Code::AuthRequired);
    }
}

#[test]
fn other_arguments_than_those_of_the_ticket_are_auth_required() {
    let hash = SessionReference::parse("2f0d7a9e-session").unwrap().hash();
    let mut event = sent(&json!({"user": "bob@example.com"}), Some(&hash), None);
    event["user"] = json!("carol@example.com");
    assert_eq!(call(&event).verified(&keys(&["gateway-target"]), NOW).unwrap_err().code(), Code::AuthRequired);
}

// M05
#[test]
fn without_a_session_only_the_holder_is_known() {
    let reach = Reach::new(Scopes::parse("api/read"), [TOOL]);
    let call = call(&sent(&json!({}), None, Some(&reach)));
    let keys = keys(&["gateway-target"]);
    assert_eq!(call.verified(&keys, NOW).unwrap_err().code(), Code::AuthRequired);
    let (holder, told) = call.identified(&keys, NOW).unwrap();
    assert_eq!(holder.subject().id(), "auth0|alice");
    assert_eq!(told, Some(reach));
}

#[test]
fn without_a_ticket_nobody_is_known() {
    let call = call(&json!({}));
    assert_eq!(call.verified(&keys(&["gateway-target"]), NOW).unwrap_err().code(), Code::AuthRequired);
    assert!(call.identified(&keys(&["gateway-target"]), NOW).is_err());
}
