//! Talking to the agent.

use acceptance::Site;

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
        ["Reading your message", "Checking that you may", "Asking Okta", "Putting the answer into words"]
    );
    let text: String =
        events.iter().filter(|(name, _)| name == "text").filter_map(|(_, data)| data["text"].as_str()).collect();
    assert!(text.contains("VPN users"), "{text}");
    assert_eq!(events.last().unwrap().0, "end");
    assert_eq!(events.last().unwrap().1["state"], "complete");
    let page = browser.get("/").await.text;
    assert!(page.contains("What are my Okta groups?") && page.contains("VPN users"), "{page}");
}
