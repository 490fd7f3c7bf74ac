//! What is taken and refused, and what a session keeps.

use serde_json::{Value, json};

use super::stand;

#[tokio::test]
async fn an_answer_is_an_event_stream_for_the_session_that_asked() {
    let stand = stand().await;
    let turn = stand.say("hello").await;
    assert_eq!(turn.headers["content-type"], "application/vnd.amazon.eventstream");
    assert_eq!(turn.headers["x-amz-bedrock-agent-session-id"], "session-1");
    assert_eq!(turn.headers["x-amzn-bedrock-agent-content-type"], "application/json");
    assert_eq!(turn.chunks.len(), 1);
}

#[tokio::test]
async fn a_streamed_answer_comes_in_pieces_of_the_same_text() {
    let stand = stand().await;
    let body = r#"{"groups":["Ä","B"]}"#;
    stand.groups_answer(json!({ "responseBody": { "TEXT": { "body": body } } }));
    let request = json!({ "inputText": "my groups", "streamingConfigurations": { "streamFinalResponse": true } });
    let turn = stand.ask(request).await;
    assert_eq!(turn.chunks, ["You are in 2 groups:\n", "\"Ä\"\n", "\"B\""]);
}

#[tokio::test]
async fn a_bad_request_is_refused_by_status_and_calls_nothing() {
    let stand = stand().await;
    let good = json!({ "inputText": "my groups" }).to_string();
    let path = |agent: &str, alias: &str, session: &str| {
        format!("/agents/{agent}/agentAliases/{alias}/sessions/{session}/text")
    };
    let right = path("AGENT12345", "ALIAS67890", "session-1");
    let number = json!({ "inputText": "x", "sessionState": { "sessionAttributes": { "a": 1 } } }).to_string();
    for (path, signed, body, status, kind) in [
        (right.clone(), false, good.as_str(), 403, "AccessDeniedException"),
        (path("AGENT54321", "ALIAS67890", "session-1"), true, &good, 404, "ResourceNotFoundException"),
        (path("AGENT12345", "OTHER67890", "session-1"), true, &good, 404, "ResourceNotFoundException"),
        (path("AGENT-1", "ALIAS67890", "session-1"), true, &good, 400, "ValidationException"),
        (path("AGENT12345", "ALIAS67890", "s"), true, &good, 400, "ValidationException"),
        (path("AGENT12345", "ALIAS67890", "a%20b"), true, &good, 400, "ValidationException"),
        (right.clone(), true, "{", 400, "ValidationException"),
        (right.clone(), true, "{}", 400, "ValidationException"),
        (right, true, &number, 400, "ValidationException"),
    ] {
        let (seen, headers, body) = stand.post(&path, signed, body.to_owned()).await;
        assert_eq!(seen, status, "{path}");
        assert_eq!(headers["x-amzn-errortype"], kind, "{path}");
        assert!(serde_json::from_slice::<Value>(&body).unwrap()["message"].is_string());
    }
    assert_eq!(stand.bedrock.calls(), 0);
}

#[tokio::test]
async fn session_attributes_last_for_the_session_and_those_of_a_prompt_for_one_turn() {
    let stand = stand().await;
    stand.groups_answer(json!({ "responseBody": { "TEXT": { "body": "{}" } } }));
    let state = json!({ "sessionAttributes": { "ticket": "1" }, "promptSessionAttributes": { "today": "monday" } });
    stand.ask(json!({ "inputText": "my groups", "sessionState": state })).await;
    stand.say("my groups").await;
    let event = stand.bedrock.last().unwrap().event;
    assert_eq!(event["sessionAttributes"], json!({ "ticket": "1" }));
    assert_eq!(event["promptSessionAttributes"], json!({}));

    let state = json!({ "sessionAttributes": { "ticket": "2" } });
    stand.ask(json!({ "inputText": "my groups", "sessionState": state })).await;
    assert_eq!(stand.bedrock.last().unwrap().event["sessionAttributes"], json!({ "ticket": "2" }));

    stand.ask(json!({ "inputText": "my groups", "endSession": true })).await;
    assert_eq!(stand.bedrock.session_attributes("session-1"), None);
    stand.say("my groups").await;
    assert_eq!(stand.bedrock.last().unwrap().event["sessionAttributes"], json!({}));
}

#[tokio::test]
async fn a_function_may_replace_the_attributes_of_the_session() {
    let stand = stand().await;
    let response = json!({
        "actionGroup": "okta",
        "function": "list_groups",
        "functionResponse": { "responseBody": { "TEXT": { "body": "{}" } } },
    });
    stand.function_answers(
        json!({ "messageVersion": "1.0", "response": response, "sessionAttributes": { "seen": "yes" } }),
    );
    stand.say("my groups").await;
    assert_eq!(stand.bedrock.session_attributes("session-1").unwrap()["seen"], "yes");
}

#[tokio::test]
async fn the_last_exchange_can_be_read_over_http() {
    let stand = stand().await;
    stand.groups_answer(json!({ "responseBody": { "TEXT": { "body": "{}" } } }));
    stand.say("my groups").await;
    let client = hyper_util::client::legacy::Client::builder(hyper_util::rt::TokioExecutor::new()).build_http();
    let request = http::Request::get(format!("{}/_bedrock/last", stand.bedrock.double.url()));
    let response = client.request(request.body(axum::body::Body::empty()).unwrap()).await.unwrap();
    let body = axum::body::to_bytes(axum::body::Body::new(response.into_body()), usize::MAX).await.unwrap();
    let last: Value = serde_json::from_slice(&body).unwrap();
    assert_eq!(last["event"]["function"], "list_groups");
    assert_eq!(last["answer"]["response"]["function"], "list_groups");
}
