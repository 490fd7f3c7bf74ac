//! Counts, faults and what was seen.

use devstack::fault::{Effect, Fault};
use serde_json::{Value, json};

use crate::house::{House, LIST_GROUPS};

#[tokio::test]
async fn requests_are_counted_by_method_and_tool() {
    let house = House::build(|_| {}).await;
    house.ask("tools/list", json!({})).await;
    house.call(LIST_GROUPS, json!({})).await;
    house.call("people___reset_password", json!({})).await;
    house.call("a b/c?d", json!({})).await;
    let count = |method: &str| house.gateway.requests_by_method(method);
    assert_eq!((count("tools/list"), count("tools/call"), count(&format!("tools/call/{LIST_GROUPS}"))), (1, 3, 1));
    assert_eq!(house.gateway.double.requests_to("POST /mcp"), 4);
    let calls = house.gateway.calls();
    assert_eq!((calls[0].method.as_str(), calls[0].tool.as_deref()), ("tools/list", None));
    assert_eq!((calls[1].method.as_str(), calls[1].tool.as_deref()), ("tools/call", Some(LIST_GROUPS)));
    house.gateway.forget();
    assert_eq!((count("tools"), house.gateway.double.requests(), house.gateway.calls().len()), (0, 0, 0));
}

#[tokio::test]
async fn a_fault_can_meet_one_tool_and_no_other() {
    let house = House::build(|_| {}).await;
    let effect = Effect::Answer { status: 502, headers: [].into(), body: "{}".to_owned() };
    let on = format!("POST /tools/call/{LIST_GROUPS}");
    house.gateway.fault(Fault { on, times: Some(1), skip: 0, effect });
    house.call("people___reset_password", json!({})).await.result();
    assert_eq!(house.call(LIST_GROUPS, json!({})).await.status, 502);
    assert_eq!(house.functions.calls("okta-groups"), 0);
    house.call(LIST_GROUPS, json!({})).await.result();
}

#[tokio::test]
async fn what_was_seen_can_be_read_over_the_wire() {
    let house = House::sessionless(|_| {}).await;
    house.call(LIST_GROUPS, json!({ "limit": 1 })).await.result();
    let seen: Value = house.send("GET", "/_gateway/records", &[], "").await.json();
    assert_eq!(seen["calls"], json!([{ "method": "tools/call", "tool": LIST_GROUPS, "subject": null }]));
    assert_eq!(seen["invocations"][0]["event"], json!({ "limit": 1 }));
    assert_eq!((&seen["interceptions"], &seen["authorizations"]), (&json!([]), &json!([])));
}
