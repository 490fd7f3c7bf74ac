//! Events of each door. The first line is the client context, the rest the event.
#![no_main]

use auth::gateway::TICKET_ARGUMENT;
use auth::id::Reference;
use auth::ticket::Door;
use function::serve::ClientContext;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use tool::answer::LONGEST_ANSWER;
use tool::door::{Action, Envelope, LONGEST_VALUE, MOST_ARGUMENTS, Sender, parse};

fuzz_target!(|input: &[u8]| {
    let end = input.iter().position(|byte| *byte == b'\n').unwrap_or(0);
    let (context, event) = (ClientContext::parse(&input[..end]), input.get(end + 1..).unwrap_or_default());
    let gateway = context.has("bedrockAgentCore");
    let envelope = match parse(event, &context) {
        Err(unshaped) => {
            let refused = Err((unshaped.refusal, Reference::of_request("r-1")));
            return is_shaped(&unshaped.envelope, &unshaped.envelope.answer(&refused), gateway);
        }
        Ok(call) => {
            let said: Value = serde_json::from_slice(event).expect("a call out of what is no JSON");
            assert!(said.is_object());
            assert!(call.arguments.len() <= MOST_ARGUMENTS);
            for value in call.arguments.values() {
                assert!(value.as_str().map_or_else(|| value.to_string().len(), str::len) <= LONGEST_VALUE);
            }
            match &call.sender {
                Sender::Agent { session, .. } => {
                    assert!(!gateway, "an agent's call through a gateway");
                    assert_eq!(said["sessionId"], session.expose());
                    let ticket = said["sessionAttributes"]["mandate_ticket"].as_str();
                    assert_eq!(call.ticket.as_ref().map(|ticket| ticket.expose()), ticket);
                }
                Sender::Gateway { tool, .. } => {
                    assert!(gateway, "a gateway's call without a gateway");
                    assert_eq!(context.custom("bedrockAgentCoreToolName"), Some(tool.as_str()));
                    assert!(!call.arguments.contains_key(TICKET_ARGUMENT), "a ticket among the arguments");
                }
            }
            call.envelope
        }
    };
    let refusal = auth::refusal::Refusal::auth_required("ticket: missing");
    is_shaped(&envelope, &envelope.answer(&Err((refusal, Reference::of_request("r-1")))), gateway);
});

/// The answer is that of the door that was called, whatever the event was.
fn is_shaped(envelope: &Envelope, answer: &Value, gateway: bool) {
    assert!(answer.to_string().len() <= LONGEST_ANSWER);
    assert_eq!(envelope.door() == Door::GatewayTarget, gateway);
    let response = &answer["response"];
    match envelope.action() {
        Action::Tool(_) => assert!(answer["error"]["code"].is_string() && answer.as_object().unwrap().len() == 1),
        Action::Function(name) => {
            assert_eq!((&answer["messageVersion"], &response["function"]), (&"1.0".into(), &name.as_str().into()));
            assert!(response["functionResponse"]["responseBody"]["TEXT"]["body"].is_string());
        }
        Action::Operation { path, method } => {
            assert_eq!(
                (&response["apiPath"], &response["httpMethod"]),
                (&path.as_str().into(), &method.as_str().into())
            );
            assert!(response["httpStatusCode"].as_u64().is_some_and(|status| status >= 400));
        }
    }
}
