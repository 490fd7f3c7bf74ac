//! Answers with values of another type or meaning.

use serde_json::{Value, json};

use super::effects::Bend;

/// Those of a place.
pub(super) fn bends(place: &str) -> Vec<Bend> {
    let row = |right: [[&'static str; 2]; 5]| -> Vec<Bend> {
        let somebody = json!({"S": "oidc|okta-oidc|00u1carol"});
        let values = [
            ("/Item/version", json!({"S": "1"})),
            ("/Item/sealed", json!({"B": "AAAA"})),
            ("/Item/subject", somebody),
            ("/Item", json!([])),
            ("/Item", Value::Null),
        ];
        values.into_iter().zip(right).map(|((pointer, value), right)| (pointer, value, right)).collect()
    };
    match place {
        "session, asking" => row([["S", "S"], ["S", "S"], ["S", "S"], ["U", "U"], ["S", "S"]]),
        "authorizer, asking" => vec![
            ("/isAuthorized", json!("true"), ["U", "U"]),
            ("/isAuthorized", json!(false), ["U", "U"]),
            ("/check", Value::Null, ["U", "U"]),
        ],
        "check, asking" => vec![("/allowed", json!("true"), ["U", "U"]), ("/allowed", json!(false), ["A", "A"])],
        "message" => vec![("/MessageId", Value::Null, ["u", "u"])],
        "push" => vec![
            ("/auth_req_id", json!(7), ["u", "u"]),
            ("/auth_req_id", json!(""), ["u", "u"]),
            ("/expires_in", json!("120"), ["u", "u"]),
            ("/expires_in", json!(-1), ["u", "u"]),
            ("/interval", json!("soon"), ["d", "d"]),
        ],
        // A consistent read that finds nothing means that it is over: the message is the last.
        "approval" => row([["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["x", "x"]]),
        "keys" => vec![
            ("/keys", json!("none"), ["d", "x"]),
            ("/keys", json!([]), ["d", "x"]),
            ("/keys/0/n", json!(7), ["d", "x"]),
        ],
        "poll" => vec![("/id_token", json!(7), ["i", "i"]), ("/id_token", json!("e30.e30.e30"), ["i", "i"])],
        "poll, waiting" => {
            vec![("/error", json!(7), ["d", "d"]), ("/error", json!("unheard_of"), ["i", "i"])]
        }
        "next message" => vec![("/MessageId", Value::Null, ["d", "d"])],
        "session" => row([["s", "s"], ["s", "s"], ["s", "s"], ["d", "u"], ["s", "s"]]),
        "authorizer" => vec![
            ("/isAuthorized", json!("true"), ["d", "u"]),
            ("/isAuthorized", json!(false), ["d", "u"]),
            ("/check", Value::Null, ["d", "u"]),
        ],
        "check" => vec![("/allowed", json!("true"), ["d", "u"]), ("/allowed", json!(false), ["a", "a"])],
        "exchange" => vec![
            ("/access_token", json!(7), ["d", "u"]),
            ("/expires_in", json!("3600"), ["d", "u"]),
            ("/scope", json!("openid"), ["r", "r"]),
        ],
        "user" => vec![("/id", json!(7), ["d", "u"]), ("/profile/login", json!("carol@example.com"), ["d", "u"])],
        "group" => vec![("/0/id", json!(7), ["d", "u"]), ("/0/profile/name", json!("Another"), ["v", "v"])],
        _ => Vec::new(),
    }
}
