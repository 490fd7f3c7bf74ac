//! Names and arguments of tool calls.

use serde_json::json;

use crate::house::{House, LIST_GROUPS};

#[tokio::test]
async fn a_tool_is_called_by_its_whole_name_alone() {
    let house = House::sessionless(|_| {}).await;
    for name in
        ["list_groups", "okta__list_groups", "OKTA___list_groups", "people___list_groups", "okta___list_groups "]
    {
        let (code, message) = house.call(name, json!({})).await.error();
        assert_eq!((code, message), (-32602, format!("Unknown tool: {name}")));
    }
    assert_eq!(house.functions.double.requests(), 0);
}

#[tokio::test]
async fn a_tool_whose_own_name_holds_the_separator_is_another_tool() {
    let house = House::sessionless(|_| {}).await;
    house.call("okta___x___list_groups", json!({})).await.result();
    let context = house.gateway.invocations()[0].context.clone();
    assert_eq!(context["custom"]["bedrockAgentCoreToolName"], "okta___x___list_groups");
}

#[tokio::test]
async fn arguments_are_an_object_or_absent_and_no_schema_is_enforced() {
    let house = House::sessionless(|_| {}).await;
    for arguments in [json!([]), json!("a"), json!(null)] {
        assert_eq!(house.call(LIST_GROUPS, arguments).await.error().0, -32602);
    }
    assert_eq!(house.ask("tools/call", json!({ "arguments": {} })).await.error().0, -32602);
    assert_eq!(house.functions.double.requests(), 0);
    let odd = json!({ "limit": "not a number", "unknown": true });
    house.call(LIST_GROUPS, odd.clone()).await.result();
    assert_eq!(house.gateway.invocations()[0].event, odd);
}
