//! Access and ID tokens. Those of the help's examples are signed with the key that RFC 8037 A.1 publishes.

use serde_json::{Value, json};

use super::run::{answers, example, refuses, with};

#[test]
fn an_access_token_is_taken_by_the_policy_that_the_line_says_and_by_no_other() {
    let line = example("access_token");
    let of = |name: &str, value: Value| with(&line, name, value);
    refuses(&[
        (of("issuer", json!("https://tenant.test")), "issuer"),
        (of("audience", json!("https://tools.test/")), "audience"),
        (of("now", json!(1_700_003_630)), "expiry"),
        (of("now", json!(1_699_999_969)), "issued_at"),
        (of("now", json!(0)), "issued_at"),
        (of("max_lifetime_seconds", json!(3_599)), "lifetime"),
        (of("algorithms", json!(["RS256"])), "algorithm"),
        (of("clients", json!(["app2"])), "client"),
        (of("provider", json!("none")), "bad_issuer"),
        (of("provider", json!("cognito")), "other_kind"),
        (of("leeway_seconds", json!(61)), "bad_issuer"),
        (of("now", json!(-1)), "malformed"),
        (of("now", json!("1700000010")), "malformed"),
        (of("token", json!("x".repeat(9_000))), "size"),
    ]);
    let last = of("now", json!(1_700_003_629));
    let mut strict = line.clone();
    strict.as_object_mut().unwrap().remove("provider");
    for answer in answers(&[last, strict]) {
        assert_eq!((&answer["subject"], &answer["scopes"]), (&json!("auth0|alice"), &json!(["api/read"])), "{answer}");
    }
}

#[test]
fn an_id_token_is_taken_for_its_own_client_sign_in_and_time_only() {
    let line = example("id_token");
    let of = |name: &str, value: Value| with(&line, name, value);
    refuses(&[
        (of("client_id", json!("app2")), "audience"),
        (of("nonce", json!("n2")), "nonce"),
        (of("issuer", json!("https://tenant.test/.")), "issuer"),
        (of("max_age", json!(60)), "auth_time"),
        (of("organization", json!("org_acme")), "organization"),
        (of("now", json!(1_700_003_630)), "expiry"),
    ]);
    let fine = [of("organization", Value::Null), of("access_token", json!("any, for there is no at_hash"))];
    assert!(answers(&fine).iter().all(|answer| answer["ok"] == true));
}

#[test]
fn neither_kind_of_token_is_taken_for_the_other() {
    let (access, id) = (example("access_token"), example("id_token"));
    refuses(&[
        (with(&with(&access, "token", id["token"].clone()), "audience", "app1"), "type"),
        (with(&with(&id, "token", access["token"].clone()), "client_id", "https://tools.test"), "type"),
    ]);
}
