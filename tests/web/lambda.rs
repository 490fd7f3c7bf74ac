//! The same application as a Lambda function behind a function URL: the real program, over the Runtime API.

use std::time::Duration;

use acceptance::LambdaSite;
use devstack::fault::{Effect, Fault};
use devstack::sample::Person;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;

const MINUTE: Duration = Duration::from_secs(60);
const QUESTION: &str = "What are my Okta groups?";

#[tokio::test]
async fn a_person_signs_in_and_chats_through_a_function_url_piece_by_piece() {
    let site = LambdaSite::start(&[], MINUTE).await;
    let mut browser = site.connected("alice").await;
    assert_eq!(browser.jar["__Host-mandate"].len(), 43);
    assert!(browser.get("/").await.text.contains("Signed in as <b>alice</b>"));
    let before = site.address.pieces();
    let said = browser.say(QUESTION).await;
    assert_eq!((said.status, said.header("content-type")), (200, Some("text/event-stream")));
    let events = said.events();
    assert_eq!(events.last().unwrap().1["state"], "complete");
    assert!(site.address.pieces() - before > 3, "one piece for all of it is no stream");
    assert!(browser.get("/").await.text.contains("VPN users"));

    for path in ["/", "/health", "/nowhere", "/activity"] {
        let page = browser.get(path).await;
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert!(page.header("content-security-policy").unwrap().contains("frame-ancestors 'none'"), "{path}");
        assert!(page.header("strict-transport-security").unwrap().starts_with("max-age="), "{path}");
    }
    assert_eq!(browser.say(&"x".repeat(70_000)).await.status, 413);
    assert_eq!(browser.post_bare("/sign-out", &[("token", "x")], &[]).await.status, 403, "no origin");
    assert_eq!(site.world.laptop.stack.auth0.log_out(&Person::named("alice").unwrap().sub()).await, [200]);
    assert_eq!(browser.get("/activity").await.status, 401);
    let logs = site.world.laptop.stack.lambda.logs("web").join("\n");
    assert!(logs.contains("\"event\":\"started\"") && logs.contains("\"web_turn\""), "{logs}");
    for secret in site.world.laptop.stack.auth0.secrets() {
        assert!(!logs.contains(&secret), "a secret of the provider is in the log");
    }
}

#[tokio::test]
async fn addresses_that_a_browser_says_it_has_count_for_nothing() {
    let site = LambdaSite::start(&[], MINUTE).await;
    let mut last = 303;
    for number in 0..60 {
        let mut browser = site.browser();
        last = browser.get_with("/sign-in", &[("x-forwarded-for", &format!("192.0.2.{number}"))]).await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
}

#[tokio::test]
async fn behind_a_proxy_of_ours_in_front_of_the_function_url_each_browser_counts_by_itself() {
    let site = LambdaSite::start(&[("TRUSTED_PROXIES", "127.0.0.0/8")], MINUTE).await;
    let ask =
        async |from: String| site.browser().get_with("/sign-in", &[("x-forwarded-for", from.as_str())]).await.status;
    for number in 0..40 {
        assert_eq!(ask(format!("192.0.2.{number}")).await, 303, "{number}");
    }
    let mut last = 303;
    for number in 0..60 {
        last = ask(format!("203.0.113.{number}, 198.51.100.7")).await;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429, "what a browser says before that counts for nothing");
    assert_eq!(ask("198.51.100.8".to_owned()).await, 303);
}

#[tokio::test]
async fn a_browser_that_hangs_up_ends_nothing_and_the_answer_is_there_when_it_comes_back() {
    let site = LambdaSite::start(&[], MINUTE).await;
    let mut browser = site.connected("alice").await;
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: Some(1), skip: 0, effect: Effect::Delay { ms: 300 } });
    let address = site.address.double.url();
    let host = address.strip_prefix("http://").unwrap();
    let cookie = format!("__Host-mandate={}", browser.jar["__Host-mandate"]);
    let body = format!("token={}&text={}", browser.token, QUESTION.replace(' ', "+"));
    let head = format!(
        "POST /chat HTTP/1.1\r\nhost: {host}\r\norigin: {address}\r\ncookie: {cookie}\r\naccept: text/event-stream\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
        body.len()
    );
    let mut connection = TcpStream::connect(host).await.unwrap();
    connection.write_all(head.as_bytes()).await.unwrap();
    site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
    drop(connection);
    site.world.until(|_| site.world.laptop.stack.lambda.logs("web").join("\n").contains("\"web_turn\"")).await;
    let page = browser.get("/").await.text;
    assert!(page.contains("VPN users") && !page.contains("Incomplete"), "{page}");
}

#[tokio::test]
async fn an_agent_that_never_answers_ends_the_stream_before_lambda_ends_the_process() {
    let site = LambdaSite::start(&[], Duration::from_secs(4)).await;
    let mut browser = site.connected("alice").await;
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: Some(1), skip: 0, effect: Effect::Hang });
    let said = browser.say(QUESTION).await;
    let (name, end) = said.events().pop().expect("an event");
    assert_eq!((name.as_str(), end["state"].as_str()), ("end", Some("incomplete")));
    assert_eq!(end["problem"]["error"], "unavailable");
    assert_eq!(browser.say(QUESTION).await.events().last().unwrap().1["state"], "complete");
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: Some(1), skip: 0, effect: Effect::Hang });
    let slow = Effect::Delay { ms: 3000 };
    site.world.laptop.stack.dynamodb.fault(Fault {
        on: "POST /PutItem".to_owned(),
        times: None,
        skip: 2,
        effect: slow,
    });
    let events = browser.say(QUESTION).await.events();
    assert_eq!(events.last().expect("an event").0, "end", "also when the table is slow to take the end");
}
