//! One call can be followed by its trace through every function to the last upstream.

use acceptance::{World, error_of};
use serde_json::{Value, json};

const TRACE_ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
const SPAN_ID: &str = "00f067aa0ba902b7";

/// The trace ids of a function's outcomes, oldest first.
fn traces(world: &World, function: &str) -> Vec<String> {
    let lines = world.laptop.stack.lambda.logs(function);
    let records = lines.iter().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let outcomes = records.filter(|record| record["event"] == "outcome");
    outcomes.map(|record| record["trace_id"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_trace_that_the_application_names_is_in_both_logs_and_reaches_openfga() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let named = format!("00-{TRACE_ID}-{SPAN_ID}-01");
    let event = world.call(&alice).bent("/sessionAttributes/traceparent", json!(named));
    assert_eq!(error_of(&world.invoke("okta-groups", &event.0).await), None);
    for function in ["okta-groups", "fga-authorizer"] {
        assert_eq!(traces(&world, function), [TRACE_ID], "{function}");
    }
    let sent = world.laptop.stack.openfga.last_traceparent().expect("a check has the header");
    let [version, trace, span, flags] = sent.split('-').collect::<Vec<_>>()[..] else { panic!("{sent}") };
    assert_eq!((version, trace, flags), ("00", TRACE_ID, "01"));
    assert_ne!(span, SPAN_ID, "each function has a span of its own");
}

#[tokio::test]
async fn a_call_without_a_trace_begins_one_that_both_functions_share() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    for nonsense in [None, Some(format!("00-{TRACE_ID}-{SPAN_ID}")), Some(TRACE_ID.to_owned())] {
        let mut event = world.call(&alice);
        if let Some(nonsense) = nonsense {
            event = event.bent("/sessionAttributes/traceparent", json!(nonsense));
        }
        assert_eq!(error_of(&world.invoke("okta-groups", &event.0).await), None);
    }
    let begun = traces(&world, "okta-groups");
    assert_eq!(begun.len(), 3);
    assert!(begun.iter().all(|trace| trace != TRACE_ID), "{begun:?}");
    assert_eq!(traces(&world, "fga-authorizer"), begun);
}

#[tokio::test]
async fn a_request_for_an_approval_is_of_the_named_trace_too() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let named = format!("00-{TRACE_ID}-{SPAN_ID}-01");
    let event = world.call(&alice).of_change("reset_password");
    let event = event.bent("/sessionAttributes/traceparent", json!(named));
    world.laptop.stack.auth0.set_enrolled(&alice.person.sub(), true);
    assert_eq!(error_of(&world.invoke("ciba-initiator", &event.0).await).as_deref(), Some("approval_pending"));
    for function in ["ciba-initiator", "fga-authorizer"] {
        assert_eq!(traces(&world, function), [TRACE_ID], "{function}");
    }
}
