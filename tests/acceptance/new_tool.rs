//! A new tool is one file of fewer than 60 lines: declared, guarded and answered for by what is there already.

mod tool;

use std::time::Duration;

use self::tool::CountGroups;
use ::tool::declaration::Declared as _;
use ::tool::guard;
use acceptance::{Event, World, body_of, error_of, invocation};
use serde_json::{Value, json};

/// The event of a call of the new tool, by the door that `event` comes through.
fn counting(event: Event) -> Event {
    let pointer = if event.0.get("function").is_some() { "/function" } else { "/apiPath" };
    let name = if pointer == "/function" { "count_groups" } else { "/count_groups" };
    event.bent(pointer, json!(name))
}

async fn ask(world: &World, event: &Event) -> Value {
    let (house, tools, okta) = world.house(CountGroups::SCOPES).await;
    let tools = tools.with(CountGroups { okta }).unwrap();
    guard::answer(&house, &tools, &event.0.to_string(), &invocation(Duration::from_secs(10))).await.0
}

#[test]
fn a_new_tool_takes_fewer_than_60_lines() {
    let lines = include_str!("new_tool/tool.rs").lines().count();
    println!("a new tool: {lines} lines");
    assert!(lines < 60, "{lines}");
}

#[tokio::test]
async fn a_new_tool_answers_at_both_doors() {
    let world = World::start().await;
    let alice = world.chatting("alice").await;
    let event = counting(world.call(&alice));
    assert_eq!(body_of(&ask(&world, &event).await), json!({"count": 3}));
    let event = counting(world.call(&alice).by_openapi()).with("starting_with", "E");
    let answer = ask(&world, &event).await;
    assert_eq!(body_of(&answer), json!({"count": 2}));
    assert_eq!(
        (&answer["response"]["httpStatusCode"], &answer["response"]["apiPath"]),
        (&json!(200), &json!("/count_groups"))
    );
    assert_eq!(world.laptop.stack.okta.callers(), ["alice@example.com"; 2]);
}

#[tokio::test]
async fn a_new_tool_is_guarded_without_a_line_of_its_own() {
    let world = World::start().await;
    let (alice, bob) = (world.chatting("alice").await, world.chatting("bob").await);
    let denied = ask(&world, &counting(world.call(&bob))).await;
    assert_eq!(error_of(&denied).as_deref(), Some("access_denied"));
    let unsigned = counting(world.call(&alice)).bent("/sessionAttributes", json!({}));
    assert_eq!(error_of(&ask(&world, &unsigned).await).as_deref(), Some("auth_required"));
    let unknown = counting(world.call(&alice)).with("user", "bob@example.com");
    assert_eq!(error_of(&ask(&world, &unknown).await).as_deref(), Some("invalid_input"));
    let counts = world.counts();
    assert_eq!((counts.okta, counts.auth0_tokens), (0, 0), "{counts:?}");
}
