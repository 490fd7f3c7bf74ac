//! What a turn does with an action group.

use serde_json::{Value, json};

use super::{Stand, stand};

fn text(body: &str) -> Value {
    json!({ "responseBody": { "TEXT": { "body": body } } })
}

async fn fails(stand: &Stand) -> String {
    let turn = stand.say("my groups").await;
    let (kind, message) = turn.exception.unwrap();
    assert_eq!(kind, "dependencyFailedException");
    assert_eq!(turn.chunks, Vec::<String>::new());
    message
}

#[tokio::test]
async fn the_event_of_function_details_is_as_bedrock_builds_it() {
    let stand = stand().await;
    stand.groups_answer(text(r#"{"groups":[]}"#));
    let state = json!({ "sessionAttributes": { "ticket": "t" }, "promptSessionAttributes": { "today": "2026-09-20" } });
    stand.ask(json!({ "inputText": "which groups is bob@example.com in?", "sessionState": state })).await;
    let expected = json!({
        "messageVersion": "1.0",
        "agent": { "name": "helper", "id": "AGENT12345", "alias": "ALIAS67890", "version": "3" },
        "inputText": "which groups is bob@example.com in?",
        "sessionId": "session-1",
        "actionGroup": "okta",
        "function": "list_groups",
        "parameters": [{ "name": "user", "type": "string", "value": "bob@example.com" }],
        "sessionAttributes": { "ticket": "t" },
        "promptSessionAttributes": { "today": "2026-09-20" },
    });
    assert_eq!(stand.bedrock.last().unwrap().event, expected);
    assert_eq!((stand.bedrock.calls(), stand.lambda.requests()), (1, 1));
}

#[tokio::test]
async fn the_event_of_an_open_api_operation_keeps_the_path_template_and_has_a_body() {
    let stand = stand().await;
    stand.function_answers(json!({
        "messageVersion": "1.0",
        "response": {
            "actionGroup": "people",
            "apiPath": "/groups/{group}/members",
            "httpMethod": "POST",
            "httpStatusCode": 403,
            "responseBody": { "application/json": { "body": r#"{"error":"access_denied","message":"You may not."}"# } },
        },
    }));
    assert_eq!(stand.say("add me to \"vpn\"").await.text(), "You may not.");
    let event = stand.bedrock.last().unwrap().event;
    assert_eq!(event["apiPath"], "/groups/{group}/members");
    assert_eq!(event["httpMethod"], "POST");
    assert_eq!(event["parameters"], json!([{ "name": "group", "type": "string", "value": "vpn" }]));
    let properties = json!([{ "name": "reason", "type": "string", "value": "asked" }]);
    assert_eq!(event["requestBody"]["content"]["application/json"]["properties"], properties);
    assert_eq!(event.get("function"), None);
}

#[tokio::test]
async fn a_result_becomes_a_sentence() {
    let stand = stand().await;
    for (body, said) in [
        (r#"{"groups":["Everyone","VPN"]}"#, "You are in 2 groups:\n\"Everyone\"\n\"VPN\""),
        (r#"{"groups":[{"id":"00g1","name":"Everyone"}]}"#, "You are in 1 group:\n\"Everyone\""),
        (r#"{"groups":[]}"#, "You are in no groups."),
        (r#"{"error":"access_denied","message":"You may not."}"#, "You may not."),
        (r#"{"error":"busy"}"#, "busy"),
        ("plain words", "plain words"),
    ] {
        stand.groups_answer(text(body));
        assert_eq!(stand.say("my groups").await.text(), said);
    }
    stand.groups_answer(text(r#"{"groups":[]}"#));
    assert_eq!(stand.say("groups of bob@example.com").await.text(), "bob@example.com is in no groups.");
}

#[tokio::test]
async fn the_message_of_an_approval_is_relayed_as_it_stands_and_open_ones_are_listed() {
    let stand = stand().await;
    let approval = json!({ "reference": "ABCDEFGH23456789", "code": "7KQ2MX", "expires_in_seconds": 120 });
    let pending = json!({ "error": "approval_pending", "message": "Compare 7KQ2MX.", "approval": approval });
    let done = json!({ "status": "done", "message": "It is unlocked.", "approval": "ABCDEFGH23456789" });
    let unknown = json!({ "status": "unknown", "message": "It may be unlocked." });
    let listed = json!({ "approvals": ["7KQ2MX unlock_user: pending, 9 s left"], "count": 1, "truncated": false });
    for (body, said) in [
        (pending, "Compare 7KQ2MX."),
        (done, "It is unlocked."),
        (unknown, "It may be unlocked."),
        (listed, "You have 1 open approval:\n7KQ2MX unlock_user: pending, 9 s left"),
        (json!({ "approvals": ["a", "b"] }), "You have 2 open approvals:\na\nb"),
        (json!({ "approvals": [] }), "You have no open approvals."),
    ] {
        stand.groups_answer(text(&body.to_string()));
        assert_eq!(stand.say("my groups").await.text(), said);
    }
}

#[tokio::test]
async fn a_reprompt_is_said_and_a_failure_ends_the_turn() {
    let stand = stand().await;
    let mut response = text("Which user do you mean?");
    response["responseState"] = json!("REPROMPT");
    stand.groups_answer(response.clone());
    assert_eq!(stand.say("my groups").await.text(), "Which user do you mean?");
    response["responseState"] = json!("FAILURE");
    stand.groups_answer(response.clone());
    assert!(!fails(&stand).await.contains("Which user"));
    response["responseState"] = json!("SUCCESS");
    stand.groups_answer(response);
    assert!(fails(&stand).await.contains("responseState"));
}

#[tokio::test]
async fn an_answer_out_of_shape_ends_the_turn_in_an_exception() {
    let stand = stand().await;
    stand.groups_answer(text("{}"));
    let good = stand.scripted.lock().unwrap().2.clone();
    for (pointer, wrong) in [
        ("/messageVersion", json!("2.0")),
        ("/messageVersion", json!(1.0)),
        ("/response/actionGroup", json!("people")),
        ("/response/function", json!("list_group")),
        ("/response/functionResponse/responseBody", json!({ "application/json": { "body": "" } })),
        ("/response/functionResponse/responseBody/TEXT/body", json!({})),
    ] {
        let mut answer = good.clone();
        *answer.pointer_mut(pointer).unwrap() = wrong;
        stand.function_answers(answer);
        assert!(fails(&stand).await.starts_with("The server encountered an error processing the Lambda response: "));
    }
    let mut answer = good;
    answer["sessionAttributes"] = json!({ "a": 1 });
    stand.function_answers(answer);
    assert!(fails(&stand).await.contains("sessionAttributes"));
    assert_eq!(stand.bedrock.calls(), 7);
}

#[tokio::test]
async fn a_function_error_or_a_missing_function_ends_the_turn_and_leaks_nothing() {
    let stand = stand().await;
    *stand.scripted.lock().unwrap() = (200, true, json!({ "errorMessage": "canary" }));
    assert!(!fails(&stand).await.contains("canary"));
    *stand.scripted.lock().unwrap() = (404, false, json!({ "Message": "canary" }));
    let message = fails(&stand).await;
    assert!(message.contains("404") && !message.contains("canary"), "{message}");
    assert_eq!(stand.bedrock.last().unwrap().answer, Value::Null);
}

#[tokio::test]
async fn what_no_tool_is_for_is_said_and_calls_nothing() {
    let stand = stand().await;
    assert!(stand.say("reset my password").await.text().contains("no tool `reset_password`"));
    let help = stand.say("good morning").await.text();
    assert!(help.contains("`list_groups`") && help.contains("`add_member`"), "{help}");
    assert!(stand.say("add me to it").await.text().contains("`group`"));
    assert_eq!((stand.bedrock.calls(), stand.lambda.requests()), (0, 0));
}

#[tokio::test]
async fn traces_come_only_when_asked_for_and_the_first_says_that_no_model_runs() {
    let stand = stand().await;
    stand.groups_answer(text("{}"));
    assert_eq!(stand.say("groups of bob@example.com").await.traces, Vec::<Value>::new());
    let turn = stand.ask(json!({ "inputText": "groups of bob@example.com", "enableTrace": true })).await;
    let parts: Vec<&Value> = turn.traces.iter().map(|trace| &trace["trace"]["orchestrationTrace"]).collect();
    assert!(parts[0]["rationale"]["text"].as_str().unwrap().starts_with("No model runs here"));
    let input = &parts[1]["invocationInput"]["actionGroupInvocationInput"];
    assert_eq!((&input["actionGroupName"], &input["function"]), (&json!("okta"), &json!("list_groups")));
    assert_eq!(input["parameters"][0]["value"], "bob@example.com");
    assert_eq!(input["executionType"], "LAMBDA");
    let output = &parts[2]["observation"]["actionGroupInvocationOutput"];
    assert_eq!(*output, json!({ "text": "{}", "metadata": { "clientRequestId": "run-1" } }));
    assert_eq!(parts[3]["observation"]["finalResponse"]["text"], turn.text());
    assert_eq!((parts.len(), &turn.traces[0]["sessionId"]), (4, &json!("session-1")));
}
