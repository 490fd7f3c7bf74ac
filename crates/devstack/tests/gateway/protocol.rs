//! JSON-RPC and MCP, without anything in between.

use devstack::gateway::SEARCH;
use serde_json::{Value, json};

use crate::house::{House, LIST_GROUPS, tool};

#[tokio::test]
async fn initialize_agrees_on_the_version_asked_for_or_offers_the_newest() {
    let house = House::sessionless(|_| {}).await;
    for (asked, agreed) in [("2025-03-26", "2025-03-26"), ("2025-11-25", "2025-11-25"), ("1999-01-01", "2025-11-25")] {
        let seen = house.ask("initialize", json!({ "protocolVersion": asked })).await;
        assert_eq!(seen.header("content-type"), Some("application/json"));
        assert_eq!(seen.result()["protocolVersion"], agreed);
        assert_eq!(seen.result()["capabilities"]["tools"]["listChanged"], true);
        assert_eq!(seen.header("mcp-session-id"), None);
    }
}

#[tokio::test]
async fn ping_is_answered_and_notifications_are_accepted_in_silence() {
    let house = House::sessionless(|_| {}).await;
    assert_eq!(house.ask("ping", json!({})).await.result(), json!({}));
    for method in ["notifications/initialized", "notifications/cancelled", "tools/call"] {
        let seen = house.post(&json!({ "jsonrpc": "2.0", "method": method }).to_string()).await;
        assert_eq!((seen.status, seen.text.as_str()), (202, ""), "{method}");
    }
    assert_eq!(house.functions.double.requests(), 0);
}

#[tokio::test]
async fn the_search_tool_is_listed_first_and_pages_follow_each_other() {
    let house = House::sessionless(|config| config.page_size = 3).await;
    let first = house.ask("tools/list", json!({})).await;
    assert_eq!(first.tool_names(), [SEARCH, LIST_GROUPS, "okta___x___list_groups"]);
    let schema = &first.result()["tools"][1]["inputSchema"];
    assert_eq!(schema["properties"]["limit"]["type"], "integer");
    let second = house.ask("tools/list", json!({ "cursor": first.result()["nextCursor"] })).await;
    assert_eq!(second.tool_names(), ["people___reset_password"]);
    assert_eq!(second.result().get("nextCursor"), None);
    let wrong = house.ask("tools/list", json!({ "cursor": "not one of ours" })).await;
    assert_eq!(wrong.error(), (-32602, "Invalid cursor".to_owned()));
}

#[tokio::test]
async fn a_last_page_that_is_full_has_no_cursor() {
    let house = House::sessionless(|config| config.page_size = 4).await;
    let all = house.ask("tools/list", json!({})).await;
    assert_eq!(all.tool_names().len(), 4);
    assert_eq!(all.result().get("nextCursor"), None);
}

#[tokio::test]
async fn a_search_finds_tools_by_words_of_name_and_description_best_first() {
    let house = House::sessionless(|_| {}).await;
    let found = house.call(SEARCH, json!({ "query": "Which GROUPS of this person?" })).await.result();
    let tools = found["structuredContent"]["tools"].as_array().unwrap();
    assert_eq!(tools[0]["name"], LIST_GROUPS);
    assert_eq!(tools[0]["inputSchema"]["type"], "object");
    let text: Value = serde_json::from_str(found["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, found["structuredContent"]);
    let nothing = house.call(SEARCH, json!({ "query": "weather" })).await.result();
    assert_eq!(nothing["structuredContent"]["tools"], json!([]));
    assert_eq!(house.call(SEARCH, json!({})).await.error().0, -32602);
    assert_eq!(house.functions.double.requests(), 0);
}

#[tokio::test]
async fn a_gateway_without_search_neither_lists_nor_knows_the_tool() {
    let house = House::sessionless(|config| config.search = false).await;
    assert!(!house.ask("tools/list", json!({})).await.tool_names().contains(&SEARCH.to_owned()));
    let (code, message) = house.call(SEARCH, json!({ "query": "groups" })).await.error();
    assert_eq!((code, message), (-32602, format!("Unknown tool: {SEARCH}")));
}

#[tokio::test]
async fn an_unknown_method_is_answered_with_the_id_of_the_caller() {
    let house = House::sessionless(|_| {}).await;
    for method in ["resources/list", "server/discover", "Tools/List"] {
        let body = json!({ "jsonrpc": "2.0", "id": "mine", "method": method });
        let seen = house.post(&body.to_string()).await;
        assert_eq!((seen.status, seen.error().0), (200, -32601), "{method}");
        assert_eq!(seen.json()["id"], "mine");
    }
}

#[tokio::test]
async fn what_is_no_message_is_refused_whole() {
    let house = House::sessionless(|_| {}).await;
    let one = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    for (body, code, id) in [
        ("{", -32700, json!(null)),
        (&format!("[{one}]"), -32600, json!(null)),
        ("\"ping\"", -32600, json!(null)),
        (r#"{"id":1,"method":"ping"}"#, -32600, json!(1)),
        (r#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600, json!(null)),
        (r#"{"jsonrpc":"2.0","id":"a","method":7}"#, -32600, json!("a")),
        (r#"{"jsonrpc":"2.0","id":"a","method":"ping","params":[1]}"#, -32600, json!("a")),
    ] {
        let seen = house.post(body).await;
        assert_eq!((seen.status, seen.error().0), (400, code), "{body}");
        assert_eq!(seen.json()["id"], id, "{body}");
    }
    assert!(house.gateway.calls().is_empty());
    let answer = house.post(r#"{"jsonrpc":"2.0","id":1,"result":{}}"#).await;
    assert_eq!((answer.status, answer.text.as_str()), (202, ""));
}

#[tokio::test]
async fn a_version_in_the_header_must_be_one_that_the_gateway_speaks() {
    let house = House::sessionless(|_| {}).await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    for (version, status) in [("2025-06-18", 200), ("2026-07-28", 400), ("", 400)] {
        let seen = house.send("POST", "/mcp", &[("mcp-protocol-version", version)], ping).await;
        assert_eq!(seen.status, status, "{version}");
    }
}

#[tokio::test]
async fn a_client_that_takes_nothing_but_events_is_sent_one() {
    let house = House::sessionless(|_| {}).await;
    let ping = r#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#;
    let seen = house.send("POST", "/mcp", &[("accept", "text/event-stream")], ping).await;
    assert_eq!(seen.header("content-type"), Some("text/event-stream"));
    let data = seen.text.strip_prefix("event: message\ndata: ").unwrap().strip_suffix("\n\n").unwrap();
    assert_eq!(serde_json::from_str::<Value>(data).unwrap(), json!({ "jsonrpc": "2.0", "id": 1, "result": {} }));
    for accept in ["application/json", "*/*", "text/event-stream, application/json;q=0.9"] {
        let seen = house.send("POST", "/mcp", &[("accept", accept)], ping).await;
        assert_eq!(seen.header("content-type"), Some("application/json"), "{accept}");
    }
}

#[tokio::test]
async fn a_request_has_at_most_six_megabytes() {
    let house = House::sessionless(|_| {}).await;
    let long = |megabytes: usize| json!({ "text": "a".repeat(megabytes * 1024 * 1024) });
    assert_eq!(house.call(LIST_GROUPS, long(3)).await.result()["isError"], false);
    assert_eq!(house.call(LIST_GROUPS, long(6)).await.status, 413);
    assert_eq!(house.functions.calls("okta-groups"), 1);
}

#[tokio::test]
async fn there_is_no_stream_to_get() {
    let house = House::sessionless(|_| {}).await;
    assert_eq!(house.send("GET", "/mcp", &[("accept", "text/event-stream")], "").await.status, 405);
}

#[tokio::test]
async fn a_configuration_that_aws_would_not_take_does_not_start() {
    use devstack::gateway::{self, Config, Target};
    let start = async |target: Target| {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        gateway::start(listener, Config::new("tools", "http://127.0.0.1:9", vec![target])).await.err().map(|e| e.kind())
    };
    let named = |name: &str| Target::new(name, "function", vec![tool("list", "")]);
    assert_eq!(start(named("okta-groups")).await, None);
    let wrong = Some(std::io::ErrorKind::InvalidInput);
    for name in ["", "okta_groups", "-okta", "okta--groups"] {
        assert_eq!(start(named(name)).await, wrong, "{name}");
    }
    for header in ["Authorization", "X-Amzn-Trace-Id", "a b"] {
        let mut target = named("okta");
        target.allowed_request_headers = vec![header.to_owned()];
        assert_eq!(start(target).await, wrong, "{header}");
    }
    let twice = Target::new("okta", "function", vec![tool("list", ""), tool("list", "")]);
    assert_eq!(start(twice).await, wrong);
}
