//! Talking to the agent.

use acceptance::{Browser, Hands, Site, World};
use devstack::fault::{Effect, Fault};
use devstack::stack::SESSION_TABLE;

#[tokio::test]
async fn an_answer_is_streamed_with_the_steps_in_words_and_is_there_after_a_reload() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let said = browser.say("What are my Okta groups?").await;
    assert_eq!(said.header("content-type"), Some("text/event-stream"));
    let events = said.events();
    let words: Vec<&str> =
        events.iter().filter_map(|(name, data)| (name == "step").then(|| data["words"].as_str())?).collect();
    assert_eq!(
        words,
        ["Reading your message", "Checking that you may, then asking Okta", "Putting the answer into words"]
    );
    let text: String =
        events.iter().filter(|(name, _)| name == "text").filter_map(|(_, data)| data["text"].as_str()).collect();
    assert!(text.contains("VPN users"), "{text}");
    assert_eq!(events.last().unwrap().0, "end");
    assert_eq!(events.last().unwrap().1["state"], "complete");
    let page = browser.get("/").await.text;
    assert!(page.contains("What are my Okta groups?") && page.contains("VPN users"), "{page}");
}

// S08
#[tokio::test]
async fn what_is_said_is_text_and_never_markup() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let hostile = "<img src=https://evil.test/?x onerror=alert(1)> ![a](https://evil.test/b) </li><script>";
    assert_eq!(browser.say(hostile).await.status, 200);
    let page = browser.get("/").await.text;
    assert!(!page.contains("<img") && !page.contains("<script>"), "{page}");
    assert!(page.contains("&lt;img src=https://evil.test/?x") && !page.contains("href=\"https:"), "{page}");
}

#[tokio::test]
async fn one_message_is_answered_at_a_time_and_one_that_breaks_off_is_incomplete_and_can_be_sent_again() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(Fault {
        on: "POST /agents/".to_owned(),
        times: Some(1),
        skip: 0,
        effect: Effect::Delay { ms: 1500 },
    });
    let mut other = browser.clone();
    let question = "What are my Okta groups?";
    let (slow, busy) = tokio::join!(browser.say(question), async {
        site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
        other.say(question).await
    });
    assert_eq!(busy.status, 409, "{}", busy.text);
    assert_eq!(slow.events().last().unwrap().1["state"], "complete");
    bedrock.fault(Fault {
        on: "POST /agents/".to_owned(),
        times: Some(1),
        skip: 0,
        effect: Effect::Truncate { bytes: 40 },
    });
    let cut = browser.say(question).await;
    let (name, end) = cut.events().pop().unwrap();
    assert_eq!(
        (name.as_str(), end["state"].as_str(), end["problem"]["error"].as_str()),
        ("end", Some("incomplete"), Some("unavailable"))
    );
    assert!(browser.get("/").await.text.contains("Incomplete: the answer broke off."));
    let again = browser.say(question).await;
    assert_eq!(again.events().last().unwrap().1["state"], "complete");
}

#[tokio::test]
async fn a_server_that_ends_ends_its_streams_first() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let Site { website, world, .. } = site;
    let bedrock = &world.laptop.stack.bedrock.double;
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: Some(1), skip: 0, effect: Effect::Hang });
    let (said, ()) = tokio::join!(browser.say("What are my Okta groups?"), async {
        world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
        website.stop().await;
    });
    assert_eq!(said.events().last().unwrap().1["state"], "incomplete");
}

const QUESTION: &str = "What are my Okta groups?";

async fn state_of(browser: &mut Browser) -> String {
    let said = browser.say(QUESTION).await;
    assert_eq!(said.status, 200, "{}", said.text);
    said.events().last().unwrap().1["state"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_has_three_answers_under_way_at_most_and_one_that_must_be_over_counts_no_more() {
    let hands = Hands::default();
    let site = Site::of(World::start().await, hands.clock(), &[]).await;
    let mut alice = Vec::new();
    for _ in 0..4 {
        alice.push(site.connected("alice").await);
    }
    let mut bob = site.connected("bob").await;
    let bedrock = &site.world.laptop.stack.bedrock.double;
    let slow = Effect::Delay { ms: 1500 };
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: Some(3), skip: 0, effect: slow });
    let [one, two, three, four] = alice.as_mut_slice() else { panic!("four browsers") };
    let (states, (refused, asked, others, later)) =
        tokio::join!(async { tokio::join!(state_of(one), state_of(two), state_of(three)) }, async {
            site.world.until(|_| bedrock.requests_to("POST /agents/") == 3).await;
            let refused = four.say(QUESTION).await;
            let asked = bedrock.requests_to("POST /agents/");
            let others = state_of(&mut bob).await;
            hands.ahead(290);
            (refused, asked, others, four.say(QUESTION).await.status)
        });
    assert_eq!((refused.status, asked), (429, 3), "{}", refused.text);
    assert!(refused.text.contains("The agent is answering you in too many places at once."), "{}", refused.text);
    assert_eq!((others.as_str(), later), ("complete", 200));
    assert_eq!(states, ("complete".to_owned(), "complete".to_owned(), "complete".to_owned()));
}

#[tokio::test]
async fn what_an_answer_took_is_given_back_and_a_refused_message_leaves_nothing_behind() {
    let site = Site::start().await;
    let mut alice = [site.connected("alice").await, site.connected("alice").await, site.connected("alice").await];
    for round in 0..2 {
        let [one, two, three] = &mut alice;
        let states = tokio::join!(state_of(one), state_of(two), state_of(three));
        assert_eq!([states.0, states.1, states.2], ["complete"; 3], "round {round}");
    }
    let [one, ..] = &mut alice;
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.forget();
    let slow = Effect::Delay { ms: 800 };
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: Some(1), skip: 0, effect: slow });
    let mut same = one.clone();
    let (state, busy) = tokio::join!(state_of(one), async {
        site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
        same.say(QUESTION).await.status
    });
    assert_eq!((state.as_str(), busy), ("complete", 409));
    let left = site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap();
    assert!(left.iter().all(|item| !item["session_id"]["S"].as_str().unwrap().starts_with("turns#")), "{left:?}");
}
