//! The program `mandate-cedar`, as somebody runs it.
#![expect(clippy::unwrap_used, reason = "tests fail by panics")]

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::{Value, json};

fn run(arguments: &[&str], input: &str) -> String {
    let mut child = Command::new(env!("CARGO_BIN_EXE_mandate-cedar"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let _unread = child.stdin.take().unwrap().write_all(input.as_bytes());
    let ended = child.wait_with_output().unwrap();
    assert!(ended.status.success());
    String::from_utf8(ended.stdout).unwrap()
}

fn answers(lines: &[Value]) -> Vec<Value> {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let answers: Vec<Value> = run(&[], &input).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.len(), lines.len());
    answers
}

/// The schema of a photo album; who may view, by these policies.
fn album(policies: &str, principal: &str) -> Value {
    json!({
        "op": "cedar",
        "policies": policies,
        "schema": "entity Team; entity User in [Team] = { age?: Long, name: String }; entity Album; entity Photo in [Album];
                   action view appliesTo { principal: User, resource: Photo, context: { mfa: Bool } };",
        "entities": [
            { "uid": { "type": "Team", "id": "staff" }, "attrs": {}, "parents": [] },
            { "uid": { "type": "User", "id": "alice" }, "attrs": { "name": "Alice" }, "parents": [{ "type": "Team", "id": "staff" }] },
            { "uid": { "type": "User", "id": "bob" }, "attrs": { "name": "Bob", "age": 9 }, "parents": [] },
            { "uid": { "type": "Photo", "id": "a" }, "attrs": {}, "parents": [] },
        ],
        "principal": principal, "action": "Action::\"view\"", "resource": "Photo::\"a\"", "context": { "mfa": true },
    })
}

#[test]
fn every_example_of_the_help_is_answered_as_it_says() {
    let help = run(&["--help"], "");
    let lines: Vec<&str> = help.lines().collect();
    let mut examples = 0;
    for pair in lines.windows(2).filter(|pair| pair[0].starts_with('{')) {
        let said: Value = serde_json::from_str(pair[1].strip_prefix("→ ").unwrap()).unwrap();
        assert_eq!(answers(&[serde_json::from_str(pair[0]).unwrap()]), [said], "{}", pair[0]);
        examples += 1;
    }
    assert_eq!(examples, 2);
}

#[test]
fn a_permit_permits_its_own_a_forbid_wins_and_nothing_else_is_permitted() {
    let staff = "permit(principal in Team::\"staff\", action, resource);";
    let unless = "forbid(principal, action, resource) unless { context.mfa };";
    let (alice, bob) = ("User::\"alice\"", "User::\"bob\"");
    let mut without = album(&format!("{staff}{unless}"), alice);
    without["context"]["mfa"] = json!(false);
    let said = answers(&[album(staff, alice), album(staff, bob), album(&format!("{staff}{unless}"), alice), without]);
    let causes: Vec<&str> = said.iter().map(|answer| answer["cause"].as_str().unwrap()).collect();
    assert_eq!(causes, ["permitted", "no policy permits it", "permitted", "forbidden"]);
    assert_eq!(said.iter().map(|answer| answer["allowed"] == true).collect::<Vec<_>>(), [true, false, true, false]);
}

#[test]
fn what_the_validator_has_anything_against_is_not_loaded() {
    let alice = "User::\"alice\"";
    let permit = "permit(principal, action, resource)";
    for (policies, code) in [
        ("", "no_policy"),
        ("permit(principal", "not_cedar"),
        // An attribute that may be absent, a type that has none, and `in` on a text.
        (&format!("{permit} when {{ principal.age > 3 }};"), "not_valid"),
        (&format!("{permit} when {{ principal.nickname == \"A\" }};"), "not_valid"),
        (
            &format!("{permit}; forbid(principal, action, resource) when {{ principal.name in Team::\"staff\" }};"),
            "not_valid",
        ),
    ] {
        let answer = &answers(&[album(policies, alice)])[0];
        assert_eq!((&answer["ok"], answer["error"].as_str()), (&json!(false), Some(code)), "{policies}: {answer}");
    }
}

#[test]
fn an_error_while_deciding_is_a_denial_though_another_policy_permits() {
    let policies = "permit(principal, action, resource);
                    forbid(principal, action, resource) when { principal has age && principal.age * 9223372036854775807 > 3 };";
    let said = answers(&[album(policies, "User::\"alice\""), album(policies, "User::\"bob\"")]);
    assert_eq!(said[0]["allowed"], true);
    assert_eq!((&said[1]["allowed"], &said[1]["cause"]), (&json!(false), &json!("a policy could not be evaluated")));
}

#[test]
fn what_does_not_fit_the_schema_is_denied() {
    let permit = "permit(principal, action, resource);";
    let with = |name: &str, value: Value| {
        let mut line = album(permit, "User::\"alice\"");
        line[name] = value;
        line
    };
    let said = answers(&[
        with("principal", json!("alice")),
        with("principal", json!("Photo::\"a\"")),
        with("action", json!("Action::\"delete\"")),
        with("context", json!({})),
        with("context", json!({ "mfa": "true" })),
        with("entities", json!([{ "uid": { "type": "User", "id": "alice" }, "attrs": { "name": 1 }, "parents": [] }])),
    ]);
    for answer in said {
        assert_eq!((&answer["ok"], &answer["allowed"]), (&json!(true), &json!(false)), "{answer}");
    }
}

#[test]
fn hostile_lines_are_answered_and_end_nothing() {
    let alice = "User::\"alice\"";
    let policy =
        |condition: &str| album(&format!("permit(principal, action, resource) when {{ {condition} }};"), alice);
    let mut deep_context = album("permit(principal, action, resource);", alice);
    deep_context["context"] =
        serde_json::from_str(&format!("{{\"a\":{}{}}}", "[".repeat(100), "]".repeat(100))).unwrap();
    let mut schema = album("permit(principal, action, resource);", alice);
    schema["schema"] = json!(format!("entity User = {{ a: {}Long{} }};", "Set<".repeat(10_000), ">".repeat(10_000)));
    let lines = [
        policy(&format!("{}true{}", "(".repeat(10_000), ")".repeat(10_000))),
        policy(&format!("{}true", "!".repeat(10_000))),
        policy(&format!("{}true", "true||".repeat(9_000))),
        policy(&format!("{}true{}", "if true then ".repeat(2_000), " else true".repeat(2_000))),
        policy(&format!("principal{}", ".name".repeat(9_000))),
        policy(&"true && ".repeat(20_000)),
        deep_context,
        schema,
        json!({ "op": "cedar" }),
        json!({ "op": "nothing" }),
        json!([]),
        album("permit(principal, action, resource);", alice),
    ];
    let said = answers(&lines);
    assert!(said.iter().all(|answer| answer["ok"].is_boolean()), "{said:?}");
    assert_eq!(said.iter().filter(|answer| answer["allowed"] == true).count(), 3, "{said:?}");
}
