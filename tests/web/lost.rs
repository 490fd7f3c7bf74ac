//! Answers of the table that are lost, and items in it that cannot be read: nobody is shut out by either for long.

use std::collections::BTreeMap;

use acceptance::{Browser, Hands, Site, World};
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;
use devstack::stack::SESSION_TABLE;
use serde_json::{Value, json};

const QUESTION: &str = "What are my Okta groups?";
const GREETING: &str = "Hello, what can you do?";

fn put_item(times: Option<u32>, skip: u32, effect: Effect) -> Fault {
    Fault { on: "POST /PutItem".to_owned(), times, skip, effect }
}

fn broken() -> Effect {
    Effect::Answer { status: 500, headers: BTreeMap::new(), body: String::new() }
}

async fn items(site: &Site, kind: &str) -> Vec<Value> {
    let items = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    let of_kind =
        |item: &Value| item["session_id"]["S"].as_str().unwrap().split_once('#').is_some_and(|at| at.0 == kind);
    items.into_iter().filter(of_kind).collect()
}

async fn state_of(browser: &mut Browser, text: &str) -> String {
    let said = browser.say(text).await;
    assert_eq!(said.status, 200, "{}", said.text);
    said.events().last().unwrap().1["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_lost_answer_at_the_beginning_of_a_turn_holds_up_neither_the_conversation_nor_the_person() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let stack = &site.world.laptop.stack;
    for (skip, what) in [(0, "the slot"), (1, "the turn")] {
        let lost = Effect::AnswerAfter { status: 500, body: String::new() };
        stack.dynamodb.fault(put_item(Some(1), skip, lost));
        let said = browser.say(QUESTION).await;
        assert_eq!(said.status, 503, "{what}: {}", said.text);
        stack.dynamodb.mend();
        assert_eq!(stack.bedrock.double.requests_to("POST /agents/"), 0, "{what}");
        assert_eq!(items(&site, "turns").await, Vec::<Value>::new(), "{what}");
    }
    assert!(browser.get("/").await.text.contains("Incomplete: the answer broke off."));
    assert_eq!(state_of(&mut browser, QUESTION).await, "complete");
}

#[tokio::test]
async fn a_turn_whose_end_cannot_be_written_down_has_its_last_event_and_a_second_stop_frees_the_conversation() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.connected("alice").await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    dynamodb.fault(put_item(None, 2, broken()));
    let said = browser.say(GREETING).await;
    let (name, end) = said.events().pop().unwrap();
    assert_eq!((name.as_str(), end["problem"]["error"].as_str()), ("end", Some("unavailable")), "{}", said.text);
    assert_eq!(end["problem"]["message"], "The answer could not be kept. What the agent did is done.");
    site.world.until(|_| site.logs().join("\n").contains("\"web_turn\"")).await;
    dynamodb.mend();
    assert_eq!(browser.say(GREETING).await.status, 409);
    for (later, status) in [(0, 409), (6, 200)] {
        hands.ahead(later);
        assert_eq!(browser.post("/chat/stop", &[]).await.json()["stopped"], true);
        assert_eq!(browser.say(GREETING).await.status, status, "{later} s after the first stop");
    }
}

#[tokio::test]
async fn a_list_that_cannot_be_read_begins_anew_and_shuts_nobody_out() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let dynamodb = &site.world.laptop.stack.dynamodb;
    let bent = async |item: &Value| {
        let mut item = item.clone();
        item["version"] = json!({"N": "77"});
        dynamodb.raw("PutItem", json!({"TableName": SESSION_TABLE, "Item": item})).await.unwrap();
    };
    for item in items(&site, "provider").await {
        bent(&item).await;
    }
    let mut again = site.browser();
    again.sign_in(&Person::named("alice").unwrap()).await;
    assert_eq!(again.get("/activity").await.status, 200);

    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(Fault {
        on: "POST /agents/".to_owned(),
        times: Some(1),
        skip: 0,
        effect: Effect::Delay { ms: 1500 },
    });
    let (first, second) = tokio::join!(state_of(&mut browser, QUESTION), async {
        site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
        for item in items(&site, "turns").await {
            bent(&item).await;
        }
        state_of(&mut again, QUESTION).await
    });
    assert_eq!((first.as_str(), second.as_str()), ("complete", "complete"));
    let replaced: Vec<String> = site.logs().into_iter().filter(|line| line.contains("\"item_replaced\"")).collect();
    assert!(replaced.iter().any(|line| line.contains("\"provider\"")), "{replaced:?}");
    assert!(replaced.iter().any(|line| line.contains("\"turns\"")), "{replaced:?}");
}

#[tokio::test]
async fn a_sign_out_ends_the_session_though_its_mark_cannot_be_written() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let stack = &site.world.laptop.stack;
    stack.dynamodb.fault(put_item(None, 0, Effect::Hang));
    assert_eq!(browser.post("/sign-out", &[]).await.status, 200);
    stack.dynamodb.mend();
    assert_eq!(stack.auth0.double.requests_to("POST /oauth/revoke"), 1);
    let left = stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    let left: Vec<&str> = left.iter().filter_map(|item| item["session_id"]["S"].as_str()).collect();
    assert!(left.iter().all(|id| id.starts_with("provider#")), "no row and no item of the browser: {left:?}");
}

#[tokio::test]
async fn a_conversation_lasts_as_long_as_its_session_may() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.signed_in("alice").await;
    assert_eq!(state_of(&mut browser, GREETING).await, "complete");
    hands.ahead(20 * 60);
    assert_eq!(browser.get("/activity").await.status, 200);
    let end = async |kind| {
        let items = items(&site, kind).await;
        items[0]["ttl"]["N"].as_str().unwrap().parse::<u64>().unwrap()
    };
    assert!(end("history").await >= end("web").await, "DynamoDB deletes what is over");
}

#[tokio::test]
async fn an_answer_ends_with_the_eight_hours_of_its_session() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut browser = site.signed_in("alice").await;
    for half_hours in 1..17 {
        hands.ahead(half_hours * 1750);
        assert_eq!(browser.get("/activity").await.status, 200);
    }
    hands.ahead(8 * 3600 - 3);
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: None, skip: 0, effect: Effect::Hang });
    assert_eq!(state_of(&mut browser, GREETING).await, "incomplete");
    assert_eq!(bedrock.requests_to("POST /agents/"), 1);
}
