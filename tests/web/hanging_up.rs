//! Browsers that leave in the middle, and those that take too long.

use std::time::Duration;

use acceptance::{Browser, Site};
use devstack::fault::{Effect, Fault};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const QUESTION: &str = "What are my Okta groups?";

/// A connection on which the question was asked, as by the page's script.
async fn asking(site: &Site, browser: &Browser) -> TcpStream {
    let address = &site.website.url;
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
    connection
}

#[tokio::test]
async fn a_stop_in_the_middle_ends_the_turn_marks_it_and_the_message_can_be_sent_again() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let bedrock = &site.world.laptop.stack.bedrock.double;
    bedrock.fault(Fault { on: "POST /agents/".to_owned(), times: Some(1), skip: 0, effect: Effect::Hang });
    let connection = asking(&site, &browser).await;
    site.world.until(|_| bedrock.requests_to("POST /agents/") == 1).await;
    assert_eq!(browser.say(QUESTION).await.status, 409, "the turn is under way");
    drop(connection);
    site.world.until(|_| site.logs().join("\n").contains("turn: the browser left")).await;
    let page = browser.get("/").await.text;
    assert!(page.contains("topped") && !page.contains("VPN users"), "{page}");
    let again = browser.say(QUESTION).await;
    assert_eq!(again.events().last().unwrap().1["state"], "complete");
    assert_eq!(bedrock.requests_to("POST /agents/"), 2, "the refused message reached nobody");
}

#[tokio::test]
#[ignore = "waits for the server's own limits: half a minute"]
async fn a_head_and_a_body_that_never_end_are_ended() {
    let site = Site::start().await;
    let browser = site.signed_in("alice").await;
    let host = site.website.url.strip_prefix("http://").unwrap().to_owned();
    let origin = site.website.url.clone();
    let body = format!(
        "POST /chat HTTP/1.1\r\nhost: {host}\r\norigin: {origin}\r\ncookie: __Host-mandate={}\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: 1000\r\n\r\ntoken=",
        browser.jar["__Host-mandate"]
    );
    let until_it_ends = async |sent: String| {
        let mut connection = TcpStream::connect(&host).await.unwrap();
        connection.write_all(sent.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        let read = tokio::time::timeout(Duration::from_secs(60), connection.read_to_end(&mut answer)).await;
        assert!(read.is_ok(), "it goes on and on");
        String::from_utf8(answer).unwrap()
    };
    let (head, body) = tokio::join!(until_it_ends("GET / HTTP/1.1\r\nhost: x\r\n".to_owned()), until_it_ends(body));
    assert!(head.is_empty() || head.starts_with("HTTP/1.1 408"), "{head}");
    assert!(body.starts_with("HTTP/1.1 503"), "{body}");
    assert!(body.contains("unavailable") && body.contains("content-security-policy"), "{body}");
}
