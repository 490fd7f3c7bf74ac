//! The authorizer's reply: only the boolean `true` in a 200 that repeats this very question allows.
#![no_main]

use auth::decision::Decision;
use libfuzzer_sys::fuzz_target;
use mandate_fuzz::mandate::{check, issue};
use serde_json::{Value, json};

fuzz_target!(|reply: &[u8]| {
    let Ok(decision) = Decision::from_reply(check(), reply) else { return };
    let said: Value = serde_json::from_slice(reply).expect("a decision out of what is no JSON");
    assert_eq!(said["statusCode"], json!(200));
    let echo = &said["check"];
    let asked = [&echo["user"], &echo["relation"], &echo["object"], &echo["agent"]];
    assert_eq!(asked, ["alice@example.com", "read_okta", "okta:groups", "AGENT12345"]);
    assert_eq!(said["modelId"], json!(decision.model_id()));
    let allowed = said["isAuthorized"] == json!(true) && said["reason"] == json!("allowed");
    assert_eq!(issue(decision).is_ok(), allowed);
});
