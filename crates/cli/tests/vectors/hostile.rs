//! Lines that nobody means well by.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::run::{answers_to, examples};

const OPS: [&str; 9] =
    ["jws", "access_token", "id_token", "cookie", "return_to", "scopes", "keycard", "okta_path", "nothing"];
const NAMES: [&str; 12] =
    ["jws", "jwks", "token", "algorithms", "headers", "value", "granted", "grants", "base", "user", "now", "id"];

fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(Value::from),
        "[A-Za-z0-9_.-]{0,80}".prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((any::<String>(), inner), 0..4).prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Anything at all, members that are known with values that are not, and examples with one member put wrong.
fn line() -> impl Strategy<Value = Vec<u8>> {
    let made = (0..OPS.len(), vec((0..NAMES.len(), value()), 0..6)).prop_map(|(op, members)| {
        let mut line = json!({ "op": OPS[op] });
        for (name, value) in members {
            line[NAMES[name]] = value;
        }
        line.to_string().into_bytes()
    });
    let examples = examples();
    let bent = (0..examples.len(), any::<prop::sample::Index>(), value()).prop_map(move |(example, member, value)| {
        let mut line = examples[example].0.clone();
        let name = member.get(&line.as_object().unwrap().keys().cloned().collect::<Vec<_>>()).clone();
        line[name] = value;
        line.to_string().into_bytes()
    });
    let cut = (made, any::<prop::sample::Index>(), any::<u8>()).prop_map(|(mut line, place, byte)| {
        let place = place.index(line.len());
        line[place] = byte;
        line
    });
    let bytes = vec(any::<u8>(), 0..200);
    prop_oneof![bytes, cut, bent].prop_map(|line| line.into_iter().filter(|byte| *byte != b'\n').collect())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(8) })]

    #[test]
    fn whatever_the_lines_are_each_has_one_answer_of_the_one_shape(lines in vec(line(), 200..300)) {
        let mut input = lines.join(&b'\n');
        input.push(b'\n');
        let answers = answers_to(&input);
        prop_assert_eq!(answers.len(), lines.len());
        for answer in answers {
            let code = answer["error"].as_str();
            prop_assert!(answer["ok"].is_boolean() && (answer["ok"] == true) == code.is_none(), "{}", answer);
            prop_assert!(code != Some("internal"), "{}", answer);
        }
    }
}

#[test]
fn a_line_of_two_megabytes_is_passed_over_and_the_next_one_answered() {
    let mut input = vec![b'['; 2 * 1024 * 1024];
    input.extend_from_slice(b"\n{\"op\":\"return_to\",\"value\":\"/\"}");
    let answers = answers_to(&input);
    assert_eq!((answers.len(), &answers[0]["error"], &answers[1]["ok"]), (2, &json!("too_long"), &json!(true)));
}

#[test]
fn nesting_without_end_is_refused_by_rule_and_not_by_the_stack() {
    let deep = format!("{}{}", "[".repeat(30_000), "]".repeat(30_000));
    let line = format!("{{\"op\":\"jws\",\"jws\":\"a.b.c\",\"algorithms\":[],\"jwks\":{{\"keys\":{deep}}}}}\n");
    assert_eq!(answers_to(line.as_bytes())[0]["error"], "jwks_malformed");
}
