use serde_json::{Value, json};

use super::forge::{answered, call, message, response, told};
use crate::gateway::Tells;

fn may(name: &str) -> bool {
    name == "okta___list_groups"
}

fn tool(name: &str) -> Value {
    json!({"name": name, "description": "d", "inputSchema": {"type": "object", "required": ["user", "mandate_ticket"],
           "properties": {"user": {"type": "string"}, "mandate_ticket": {"type": "string"}}}})
}

fn shown(name: &str) -> Value {
    json!({"name": name, "description": "d", "inputSchema": {"type": "object", "required": ["user"],
           "properties": {"user": {"type": "string"}}}})
}

fn search() -> Value {
    call("x_amz_bedrock_agentcore_search", &json!({"query": "x"}))
}

fn returned(output: &Value) -> &Value {
    assert_eq!(output["interceptorOutputVersion"], "1.0");
    assert!(output["mcp"].get("transformedGatewayRequest").is_none());
    &output["mcp"]["transformedGatewayResponse"]
}

// M08
#[test]
fn a_list_goes_back_with_what_the_caller_may_call_and_its_cursor() {
    let list = json!([tool("okta___list_groups"), tool("okta___reset_password"), tool("OKTA___list_groups"),
        {"name": 1}, "okta___list_groups", tool("x_amz_bedrock_agentcore_search")]);
    let body = json!({"jsonrpc": "2.0", "id": 7, "result": {"tools": list, "nextCursor": "c-2", "_meta": {"a": 1},
        "structuredContent": {"tools": list}}});
    let response = response(&answered(&message("tools/list"), 200, &body));
    assert_eq!((response.tells(), response.id()), (Tells::Tools, &json!(7)));
    assert_eq!(response.bearer().unwrap().expose(), "a.b.c");
    let output = response.filter(may).unwrap();
    let expected = json!([shown("okta___list_groups"), shown("x_amz_bedrock_agentcore_search")]);
    let returned = returned(&output);
    assert_eq!(
        returned["body"]["result"],
        json!({"tools": expected, "nextCursor": "c-2", "_meta": {"a": 1},
        "structuredContent": {"tools": expected}})
    );
    assert_eq!(returned["statusCode"], 200);
    assert_eq!(returned["headers"], json!({"Mcp-Session-Id": "m"}));
}

// M08
#[test]
fn a_search_goes_back_filtered_in_both_of_its_forms() {
    let list = json!({"tools": [tool("okta___list_groups"), tool("okta___reset_password")]});
    let content = json!([{"type": "text", "text": list.to_string()}, {"type": "text", "text": "see okta___reset_password"},
        {"type": "resource", "resource": list}, "x"]);
    let body = json!({"jsonrpc": "2.0", "id": 7, "result": {"content": content, "structuredContent": list,
        "isError": false}});
    let output = response(&answered(&search(), 200, &body)).filter(may).unwrap();
    let filtered = json!({"tools": [shown("okta___list_groups")]});
    let result = &returned(&output)["body"]["result"];
    assert_eq!(result["structuredContent"], filtered);
    let text: Value = serde_json::from_str(result["content"][0]["text"].as_str().unwrap()).unwrap();
    assert_eq!(text, filtered);
    assert_eq!(result["content"].as_array().unwrap().len(), 1);
    assert!(!output.to_string().contains("reset_password"));
}

// M08
#[test]
fn a_list_goes_back_from_either_place_and_of_a_list_no_text_is_read() {
    let list = json!({"tools": [tool("okta___list_groups"), tool("okta___reset_password")]});
    let shown = json!({"tools": [shown("okta___list_groups")]});
    let text = json!([{"type": "text", "text": "page 1"}]);
    for (result, expected) in [
        (list.clone(), shown.clone()),
        (json!({"structuredContent": list}), json!({"structuredContent": shown})),
        (json!({"tools": list["tools"], "content": text}), json!({"tools": shown["tools"], "content": text})),
    ] {
        let body = json!({"jsonrpc": "2.0", "id": 7, "result": result});
        let output = response(&answered(&message("tools/list"), 200, &body)).filter(may).unwrap();
        assert_eq!(returned(&output)["body"]["result"], expected);
    }
}

// M08, M12
#[test]
fn a_list_of_no_known_form_does_not_go_back() {
    for result in [
        json!(null),
        json!([tool("okta___reset_password")]),
        json!("x"),
        json!({}),
        json!({"tools": {}}),
        json!({"content": [tool("okta___reset_password")]}),
        json!({"tools": null, "items": [tool("okta___reset_password")]}),
    ] {
        let body = json!({"jsonrpc": "2.0", "id": 7, "result": result});
        let denial = response(&answered(&message("tools/list"), 200, &body)).filter(may).err().unwrap();
        assert_eq!(told(&denial), (500, -32603, json!(7)), "{result}");
    }
    for body in [json!("text"), json!([]), json!({"jsonrpc": "2.0"})] {
        let response = response(&answered(&message("tools/list"), 200, &body));
        assert_eq!(response.tells(), Tells::Tools);
        assert!(response.filter(may).is_err(), "{body}");
    }
}

// M09
#[test]
fn a_denial_stays_one_with_or_without_its_body() {
    let error = json!({"jsonrpc": "2.0", "id": 7, "error": {"code": -32003, "message": "no"}});
    for (asked, status, body) in [
        (message("tools/list"), 401, json!(null)),
        (message("tools/list"), 403, error.clone()),
        (call("okta___reset_password", &json!({})), 403, json!(null)),
        (json!([message("tools/list")]), 400, error.clone()),
        (message("resources/list"), 200, error.clone()),
    ] {
        let response = response(&answered(&asked, status, &body));
        assert_eq!(response.tells(), Tells::Passes);
        let output = response.pass();
        assert_eq!(returned(&output)["statusCode"], status);
        assert_eq!(returned(&output)["body"], body);
    }
}

#[test]
fn an_answer_to_an_unknown_question_does_not_go_back() {
    let body = json!({"jsonrpc": "2.0", "id": 7, "result": {"resources": []}});
    for asked in [message("resources/list"), json!([message("tools/list")]), json!(null)] {
        let response = response(&answered(&asked, 200, &body));
        assert_eq!(response.tells(), Tells::Unknown);
        assert_eq!(told(&response.unknown()).0, 500);
    }
    let answer = response(&answered(&call("okta___list_groups", &json!({})), 200, &body));
    assert_eq!(answer.tells(), Tells::Passes);
}
