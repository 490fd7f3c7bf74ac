//! The help, and the operations that are about texts.

use serde_json::{Value, json};

use super::run::{answers, example, examples, refuses, with};

#[test]
fn every_example_of_the_help_is_answered_as_it_says() {
    let examples = examples();
    let lines: Vec<Value> = examples.iter().map(|(line, _)| line.clone()).collect();
    for ((line, expected), answer) in examples.iter().zip(answers(&lines)) {
        assert_eq!((&answer, &answer["ok"]), (expected, &json!(true)), "{line}");
    }
    let ops: Vec<&str> = lines.iter().map(|line| line["op"].as_str().unwrap()).collect();
    assert_eq!(
        ops,
        ["jws", "access_token", "id_token", "cookie", "return_to", "scopes", "keycard", "okta_path"],
        "each with an example"
    );
}

#[test]
fn a_cookie_is_found_by_its_whole_name_and_refused_where_two_readers_could_differ() {
    let value = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";
    let line = |headers: &[String]| json!({ "op": "cookie", "headers": headers });
    let own = format!("__Host-mandate={value}");
    refuses(&[
        (line(&[format!("{own}; {own}")]), "twice"),
        (line(&[own.clone(), own.clone()]), "twice"),
        (line(&[format!("\u{a0}{own}")]), "not_ascii"),
        (line(&["a=b\r\nc".to_owned()]), "not_a_header"),
    ]);
    let sign_in = json!({ "op": "cookie", "name": "sign_in", "headers": [format!("__Host-mandate-sign-in={value}")] });
    let found: Vec<Value> = answers(&[
        line(&[]),
        line(&[own.to_lowercase()]),
        line(&[format!("a=1; {own}")]),
        line(&[format!("{own}x")]),
        sign_in,
    ])
    .into_iter()
    .map(|answer| answer["value"].clone())
    .collect();
    assert_eq!(found, [Value::Null, Value::Null, json!(value), Value::Null, json!(value)]);
}

#[test]
fn no_return_to_leads_off_the_site() {
    let kept = ["/", "/activity", "/accounts"];
    let hostile = [
        "//evil.test",
        "/\\evil.test",
        "https:evil.test",
        "/%09/evil.test",
        "\u{2f}\u{2044}evil.test",
        "/activity#@evil",
    ];
    let lines: Vec<Value> =
        kept.iter().chain(&hostile).map(|value| json!({ "op": "return_to", "value": value })).collect();
    for (line, answer) in lines.iter().zip(answers(&lines)) {
        let value = line["value"].as_str().unwrap();
        let expected = if kept.contains(&value) { value } else { "/" };
        assert_eq!((&answer["path"], &answer["kept"]), (&json!(expected), &json!(kept.contains(&value))), "{value}");
    }
}

#[test]
fn a_scope_is_a_whole_word_in_its_own_letter_case() {
    let covered = |granted: &str, needed: &str| {
        answers(&[json!({ "op": "scopes", "granted": granted, "needed": needed })])[0]["covered"].clone()
    };
    assert_eq!(covered("api/read openid", "openid api/read"), true);
    for (granted, needed) in
        [("api/readonly", "api/read"), ("API/read", "api/read"), ("", "a"), ("api/read", "api/read x")]
    {
        assert_eq!(covered(granted, needed), false, "{granted:?} {needed:?}");
    }
}

#[test]
fn an_okta_path_is_one_that_we_ask_or_none() {
    let line =
        |of: &str, user: &str| json!({ "op": "okta_path", "base": "https://acme.okta.test", "of": of, "user": user });
    for hostile in ["..", "a/b", "alice", "a@b/../c", "a%2fb@c.test", "a@b.test?x", "a\u{430}@b.test", "", "Me"] {
        refuses(&[(line("groups_of", hostile), "not_a_login"), (line("user", hostile), "not_a_login")]);
    }
    let membership = with(&line("membership", "00u1"), "group", "../users");
    refuses(&[
        (line("unlock", ".."), "no_path"),
        (line("unlock", "00u1/lifecycle/delete"), "no_path"),
        (membership, "no_path"),
        (with(&line("groups", ""), "base", "mailto:a@b.test"), "no_path"),
        (with(&line("groups", ""), "base", "/api"), "not_a_url"),
        (line("delete", "00u1"), "malformed"),
    ]);
    let paths: Vec<Value> =
        answers(&[line("user", "me"), line("unlock", "00u1"), line("groups", ""), line("userinfo", "")])
            .into_iter()
            .map(|answer| answer["path"].clone())
            .collect();
    assert_eq!(
        paths,
        ["/api/v1/users/me", "/api/v1/users/00u1/lifecycle/unlock", "/api/v1/groups", "/oauth2/v1/userinfo"]
    );
}

#[test]
fn a_keycard_opens_what_was_asked_for_until_its_minute_is_over() {
    let line = example("keycard");
    let key = "arn:aws:kms:us-east-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab";
    let grants = json!([
        { "grant": "renew_session", "table": "mandate-sessions" },
        { "grant": "record", "table": "mandate-approvals" },
        { "grant": "invoke", "function": "mandate-fga-authorizer" },
        { "grant": "send", "queue": "mandate-approvals" },
        { "grant": "open_session", "table": "mandate-sessions", "keys": [key] },
        { "grant": "seal_session", "table": "mandate-sessions", "key": key },
    ]);
    let answer = answers(&[with(&line, "grants", grants)]).remove(0);
    let text = answer["policy"].as_str().unwrap();
    assert!(text.chars().count() <= 2_048, "{}", text.len());
    let policy: Value = serde_json::from_str(text).unwrap();
    for statement in policy["Statement"].as_array().unwrap() {
        assert_eq!(statement.to_string().contains('*'), statement["Effect"] == "Deny", "{statement}");
    }
    assert!(text.contains("2023-11-14T22:14:20Z") && text.contains(key) && !text.contains("auth0|alice"), "{text}");
    let of = |grant: Value| with(&line, "grants", json!([grant]));
    refuses(&[
        (with(&line, "grants", json!([])), "nothing"),
        (with(&line, "now", u64::MAX), "time"),
        (with(&line, "role", "arn:aws:iam::1:role/x"), "bad_role"),
        (with(&line, "session_id", "a b"), "bad_session_id"),
        (of(json!({ "grant": "read_session", "table": "*" })), "bad_name"),
        (of(json!({ "grant": "invoke", "function": "f:*" })), "bad_name"),
        (of(json!({ "grant": "seal_session", "table": "t*t", "key": key })), "pattern"),
        (of(json!({ "grant": "open_session", "table": "abc", "keys": ["alias/x"] })), "bad_key"),
        (of(json!({ "grant": "everything" })), "malformed"),
        (of(json!({ "grant": "read_session", "table": "abc", "more": 1 })), "malformed"),
        (of(json!({ "grant": "open_session", "table": "abc", "keys": vec![key; 40] })), "policy_too_long"),
    ]);
}
