//! Whatever comes in, a valid answer of a door goes out.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::unreachable,
    reason = "what a test reads must be there"
)]

use auth::id::Reference;
use auth::refusal::{Code, Refusal};
use auth::ticket::Door;
use function::serve::ClientContext;
use proptest::prelude::*;
use serde_json::{Map, Value, json};
use tool::answer::{Answer, LONGEST_ANSWER, clean_text};
use tool::arguments;
use tool::door::{Envelope, parse};

#[derive(serde::Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
struct Args {
    #[schemars(range(min = 1, max = 200))]
    limit: Option<u32>,
    words: Option<Vec<String>>,
}

fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        ".{0,40}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 24, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::hash_map(".{0,12}", inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// An event of either form in which some members are anything.
fn bent_event() -> impl Strategy<Value = Value> {
    let members = [
        "messageVersion",
        "agent",
        "sessionId",
        "actionGroup",
        "function",
        "apiPath",
        "httpMethod",
        "parameters",
        "requestBody",
        "sessionAttributes",
    ];
    let bends = prop::collection::vec((prop::sample::select(members.to_vec()), any_json()), 0..3);
    (any::<bool>(), bends, ".{0,30}", ".{0,30}").prop_map(|(function, bends, name, value)| {
        let mut event = json!({
            "messageVersion": "1.0",
            "agent": {"id": "AGENT12345", "alias": "ALIAS67890"},
            "sessionId": "2f0d7a9e",
            "actionGroup": "okta",
            "parameters": [{"name": name, "value": value}],
        });
        let members = event.as_object_mut().unwrap();
        if function {
            members.insert("function".to_owned(), json!("list_groups"));
        } else {
            members.insert("apiPath".to_owned(), json!("/list_groups"));
            members.insert("httpMethod".to_owned(), json!("GET"));
        }
        members.extend(bends.into_iter().map(|(name, value)| (name.to_owned(), value)));
        event
    })
}

fn names(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

fn assert_valid(envelope: &Envelope, outcome: &Result<Answer, (Refusal, Reference)>) {
    let sent = envelope.answer(outcome);
    assert!(sent.to_string().len() <= LONGEST_ANSWER);
    if envelope.door() == Door::GatewayTarget {
        let body = if outcome.is_ok() { &sent["result"] } else { &sent["error"]["message"] };
        assert_eq!((names(&sent).len(), body.is_null()), (1, false));
        return;
    }
    assert_eq!(names(&sent), ["messageVersion", "response"]);
    assert_eq!(sent["messageVersion"], "1.0");
    let response = &sent["response"];
    let body = match envelope.door() {
        Door::FunctionDetails => {
            assert_eq!(names(response), ["actionGroup", "function", "functionResponse"]);
            let state = response["functionResponse"].get("responseState");
            assert!(state.is_none_or(|state| state == "REPROMPT"));
            &response["functionResponse"]["responseBody"]["TEXT"]["body"]
        }
        Door::OpenApi => {
            assert_eq!(names(response), ["actionGroup", "apiPath", "httpMethod", "httpStatusCode", "responseBody"]);
            assert!(response["httpStatusCode"].as_u64().is_some_and(|status| (200..=503).contains(&status)));
            &response["responseBody"]["application/json"]["body"]
        }
        Door::GatewayTarget => unreachable!("asserted above"),
    };
    let body: Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
    assert_eq!(body.get("error").is_some(), outcome.is_err());
}

fn answered(event: &[u8]) {
    answered_with(event, &ClientContext::default());
    answered_with(event, &gateway("okta-groups___list_groups"));
}

fn gateway(tool: &str) -> ClientContext {
    let text = |name: &str, value: &str| (format!("bedrockAgentCore{name}"), value.to_owned());
    let texts = [text("MessageVersion", "1.0"), text("GatewayId", "gw-one-abc1234567"), text("ToolName", tool)];
    texts.into_iter().collect()
}

fn answered_with(event: &[u8], context: &ClientContext) {
    let (envelope, refusal) = match parse(event, context) {
        Ok(call) => {
            assert_eq!(call.envelope, Envelope::outline(event, context));
            let refusal = match arguments::parse::<Args>(&call.arguments) {
                Ok(args) => {
                    assert!(args.limit.is_none_or(|limit| (1..=200).contains(&limit)));
                    assert!(args.words.is_none_or(|words| words.len() <= 8_192));
                    Refusal::new(Code::Internal, "end of the test")
                }
                Err(refusal) => refusal,
            };
            (call.envelope, refusal)
        }
        Err(unshaped) => (unshaped.envelope, unshaped.refusal),
    };
    assert_valid(&envelope, &Err((refusal, Reference::of_request("r-1"))));
}

proptest! {
    #[test]
    fn any_bytes_are_answered(event in prop::collection::vec(any::<u8>(), 0..200)) {
        answered(&event);
    }

    #[test]
    fn any_json_is_answered(event in any_json()) {
        answered(event.to_string().as_bytes());
    }

    #[test]
    fn any_bent_event_is_answered(event in bent_event()) {
        answered(event.to_string().as_bytes());
    }

    #[test]
    fn any_arguments_are_taken_or_refused(value in any_json(), list in ".{0,20}") {
        for (name, value) in [("limit", value.clone()), ("words", value), ("words", json!(format!("[{list}]")))] {
            let given = Map::from_iter([(name.to_owned(), value)]);
            if let Err(refusal) = arguments::parse::<Args>(&given) {
                prop_assert_eq!(refusal.code(), Code::InvalidInput);
                prop_assert!(refusal.sentence().starts_with('`'));
            }
        }
    }

    #[test]
    fn any_list_and_any_names_fit_into_the_answer(
        group in "[ -~]{0,512}",
        name in "[\"\\\\]{512}",
        item in ".{0,300}",
        count in 0_usize..3_000,
        truncated: bool,
    ) {
        let function = json!({"actionGroup": group, "function": name}).to_string();
        let operation = json!({"actionGroup": group, "apiPath": name, "httpMethod": name}).to_string();
        let answer = Answer::list("items", vec![item; count], Map::new(), truncated).unwrap();
        assert_valid(&Envelope::outline(b"", &gateway(&format!("{group}___{name}"))), &Ok(answer.clone()));
        for event in [function, operation] {
            let envelope = Envelope::outline(event.as_bytes(), &ClientContext::default());
            prop_assert_eq!(envelope.action_group(), &group);
            assert_valid(&envelope, &Ok(answer.clone()));
        }
    }

    #[test]
    fn a_clean_text_stays_clean_and_short(text in any::<String>(), most in 0_usize..50) {
        let clean = clean_text(&text, most);
        prop_assert!(clean.chars().count() <= most);
        prop_assert!(!clean.chars().any(char::is_control));
        prop_assert_eq!(clean_text(&clean, most), clean);
    }
}

#[test]
fn the_longest_sentence_fits_into_the_answer() {
    let event = json!({"actionGroup": "\\".repeat(512), "function": "\"".repeat(512)}).to_string();
    let refusal = Refusal::invalid_input("\"".repeat(100_000));
    assert_valid(
        &Envelope::outline(event.as_bytes(), &ClientContext::default()),
        &Err((refusal, Reference::of_request("r-1"))),
    );
}
