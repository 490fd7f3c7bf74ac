//! The functions as targets of an AgentCore Gateway: called with bare arguments, a client context, and the ticket of its
//! interceptor.

use acceptance::gateway::{Caller, GATEWAY, context, sent};
use acceptance::{Chatting, World, body_of, error_of};
use auth::scope::Scopes;
use auth::subject::Subject;
use auth::ticket::Reach;
use devstack::openfga::Tuple;
use devstack::stack::STORE;
use serde_json::{Value, json};

const GROUPS: &str = "okta-groups___list_groups";
const WHOAMI: &str = "okta-groups___whoami";

fn caller(chatting: &Chatting) -> (&Subject, Option<&auth::id::Organization>, auth::id::SessionHash) {
    (&chatting.signed.subject, chatting.signed.organization.as_ref(), chatting.signed.session.hash())
}

/// What the function answers when somebody calls this tool in their own session.
async fn called(world: &World, chatting: &Chatting, tool: &str, arguments: Value) -> Value {
    let (subject, organization, session) = caller(chatting);
    let caller = Caller { subject, organization, session: Some(&session), reach: None };
    let function = if tool.starts_with("okta-changes") { "ciba-initiator" } else { "okta-groups" };
    world.invoke_with(function, &sent(world, &caller, tool, &arguments), &context(tool)).await
}

fn code(answer: &Value) -> Option<&str> {
    assert_eq!(answer.as_object().map(serde_json::Map::len), Some(1), "{answer}");
    answer["error"]["code"].as_str()
}

fn untouched(world: &World) {
    let counts = world.counts();
    assert_eq!((counts.checks, counts.okta, counts.auth0_tokens), (0, 0, 0), "{counts:?}");
    assert_eq!(world.laptop.stack.dynamodb.operations(), Vec::<String>::new());
}

#[tokio::test]
async fn the_same_process_answers_at_all_three_doors_with_the_same_groups_and_the_same_requests() {
    let world = World::start_behind_a_gateway().await;
    let (alice, at_the_gateway) = (world.chatting("alice").await, world.chatting_at_the_gateway("alice").await);
    let event = world.call(&alice);
    called(&world, &at_the_gateway, GROUPS, json!({})).await;
    let first = body_of(&world.invoke("okta-groups", &event.0).await);
    let mut asked = Vec::new();
    world.forget();
    let details = body_of(&world.invoke("okta-groups", &event.0).await);
    asked.push((world.laptop.stack.dynamodb.operations(), world.counts().checks, world.counts().okta));
    world.forget();
    let openapi = body_of(&world.invoke("okta-groups", &event.by_openapi().0).await);
    asked.push((world.laptop.stack.dynamodb.operations(), world.counts().checks, world.counts().okta));
    world.forget();
    let answer = called(&world, &at_the_gateway, GROUPS, json!({})).await;
    asked.push((world.laptop.stack.dynamodb.operations(), world.counts().checks, world.counts().okta));
    assert!(first["groups"].as_array().is_some_and(|groups| !groups.is_empty()), "{first}");
    assert_eq!((&details, &openapi), (&first, &first));
    assert_eq!(answer, json!({ "result": first }));
    let warm = (vec!["GetItem".to_owned(), "PutItem".to_owned()], 1, 1);
    assert_eq!(asked, [warm.clone(), warm.clone(), warm]);
}

#[tokio::test]
async fn a_ticket_is_good_for_its_own_arguments_tool_gateway_and_door_only() {
    let world = World::start_behind_a_gateway().await;
    let alice = world.chatting_at_the_gateway("alice").await;
    let (subject, organization, session) = caller(&alice);
    let whose = Caller { subject, organization, session: Some(&session), reach: None };
    let good = sent(&world, &whose, GROUPS, &json!({"user": "bob@example.com"}));
    let bent = |name: &str, value: Value| {
        let mut event = good.clone();
        event[name] = value;
        event
    };
    let other_gateway = {
        let mut context = context(GROUPS);
        context["custom"]["bedrockAgentCoreGatewayId"] = json!("other-abc1234567");
        context
    };
    let web = world.ticket(&alice);
    for (event, context) in [
        (bent("user", json!("carol@example.com")), context(GROUPS)),
        (bent("mandate_ticket", json!(web.expose())), context(GROUPS)),
        (bent("mandate_ticket", json!("")), context(GROUPS)),
        (good.clone(), other_gateway),
        (sent(&world, &whose, WHOAMI, &json!({})), context(GROUPS)),
    ] {
        let answer = world.invoke_with("okta-groups", &event, &context).await;
        assert_eq!(code(&answer), Some("auth_required"), "{answer}");
    }
    // What the interceptor made is good at no door of an agent.
    let event = world.call(&alice).bent("/sessionAttributes/mandate_ticket", good["mandate_ticket"].clone());
    for event in [event.clone(), event.by_openapi()] {
        assert_eq!(error_of(&world.invoke("okta-groups", &event.0).await).as_deref(), Some("auth_required"));
    }
    untouched(&world);
}

// M05
#[tokio::test]
async fn a_session_is_opened_by_its_own_person_and_organization_only() {
    let world = World::start_behind_a_gateway().await;
    let (alice, bob) = (world.chatting_at_the_gateway("alice").await, world.chatting_at_the_gateway("bob").await);
    let (subject, organization, session) = caller(&alice);
    let (other, _, _) = caller(&bob);
    let elsewhere = Subject::new("https://other.example/", subject.id()).unwrap();
    for (subject, organization, session) in [
        (other, organization, Some(&session)),
        (&elsewhere, organization, Some(&session)),
        (subject, None, Some(&session)),
        (subject, organization, None),
    ] {
        let whose = Caller { subject, organization, session, reach: None };
        let event = sent(&world, &whose, GROUPS, &json!({}));
        assert_eq!(code(&world.invoke_with("okta-groups", &event, &context(GROUPS)).await), Some("auth_required"));
    }
    // A session that was begun for a chat with an agent is no session for the gateway.
    let chat = world.chatting("alice").await;
    assert_eq!(code(&called(&world, &chat, GROUPS, json!({})).await), Some("auth_required"));
    let counts = world.counts();
    assert_eq!((counts.checks, counts.okta, counts.auth0_tokens), (0, 0, 0), "{counts:?}");
}

#[tokio::test]
async fn whoami_tells_the_caller_without_reading_a_row_or_asking_anybody() {
    let world = World::start_behind_a_gateway().await;
    let guest = Subject::new("https://login.example/tenant/v2.0", "guest-1").unwrap();
    let reach = Reach::new(Scopes::parse("api/read api/write"), [WHOAMI]);
    let whose = Caller { subject: &guest, organization: None, session: None, reach: Some(&reach) };
    let event = sent(&world, &whose, WHOAMI, &json!({}));
    let answer = world.invoke_with("okta-groups", &event, &context(WHOAMI)).await;
    let told = json!({"result": {
        "user": "guest-1", "issuer": "https://login.example/tenant/v2.0", "gateway": GATEWAY, "target": "okta-groups",
        "scopes": ["api/read", "api/write"], "tools": [WHOAMI], "truncated": false,
    }});
    assert_eq!(answer, told);
    let nobody = json!({});
    assert_eq!(code(&world.invoke_with("okta-groups", &nobody, &context(WHOAMI)).await), Some("auth_required"));
    untouched(&world);
    // At an agent's door it tells what the agent's ticket says.
    let alice = world.chatting("alice").await;
    let event = world.call(&alice).bent("/function", json!("whoami"));
    let body = body_of(&world.invoke("okta-groups", &event.0).await);
    assert_eq!(body["user"], alice.signed.subject.id());
    assert_eq!((body["agent"].as_str(), body.get("scopes")), (Some(world.laptop.agent().id.as_str()), None));
}

#[tokio::test]
async fn a_change_asks_for_an_approval_and_the_phone_hears_once() {
    let world = World::start_behind_a_gateway().await;
    let dave = world.chatting_at_the_gateway("dave").await;
    world.laptop.stack.auth0.set_enrolled(&dave.person.sub(), true);
    let arguments = json!({"user": "bob@example.com", "group": "VPN users"});
    let answer = called(&world, &dave, "okta-changes___add_to_group", arguments).await;
    assert_eq!(code(&answer), Some("approval_pending"), "{answer}");
    let error = &answer["error"];
    assert!(error["approval"]["code"].as_str().is_some_and(|code| error["message"].as_str().unwrap().contains(code)));
    assert_eq!(world.laptop.stack.auth0.pending(&dave.person.sub()).len(), 1);
    assert_eq!(world.counts().okta, 0);
    let listed = called(&world, &dave, "okta-changes___list_approvals", json!({})).await;
    assert_eq!(listed["result"]["count"], 1, "{listed}");
    let wrong = called(&world, &dave, "okta-changes___add_to_group", json!({"user": 7, "group": "VPN users"})).await;
    assert_eq!(code(&wrong), Some("invalid_input"));
}

#[tokio::test]
async fn a_gateway_can_be_stopped_like_any_agent() {
    let world = World::start_behind_a_gateway().await;
    let alice = world.chatting_at_the_gateway("alice").await;
    assert_eq!(code(&called(&world, &alice, GROUPS, json!({})).await), None);
    let stop = Tuple::new("user:*", "stopped", &format!("agent:{GATEWAY}"));
    assert!(world.laptop.stack.openfga.allow(STORE.0, &stop));
    world.forget();
    assert_eq!(code(&called(&world, &alice, GROUPS, json!({})).await), Some("access_denied"));
    assert_eq!(world.counts().okta, 0);
}

#[tokio::test]
async fn an_event_that_no_gateway_sends_is_answered_in_its_shape() {
    let world = World::start_behind_a_gateway().await;
    for (tool, event) in [
        ("okta-groups___delete_everything", json!({})),
        ("okta-changes___list_groups", json!({})),
        ("okta-groups___okta-groups___list_groups", json!({})),
        ("okta-groups___LIST_GROUPS", json!({})),
        ("list_groups", json!({})),
        (GROUPS, json!([])),
        (GROUPS, json!(null)),
    ] {
        let answer = world.invoke_with("okta-groups", &event, &context(tool)).await;
        assert_eq!(code(&answer), Some("invalid_input"), "{tool}: {answer}");
    }
    untouched(&world);
}
