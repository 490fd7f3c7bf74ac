use std::io::Cursor;

use serde::Deserialize;
use serde_json::{Value, json};

use crate::{Answer, LONGEST_LINE, Request, serve};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Echo {
    text: String,
}

fn echo(request: &Request) -> Answer {
    match request.op() {
        "echo" => match request.members::<Echo>() {
            Ok(members) => Answer::good().with("text", members.text),
            Err(answer) => answer,
        },
        "break" => panic!("on purpose"),
        _ => Answer::refused("unknown_op"),
    }
}

fn answers(input: impl AsRef<[u8]>) -> Vec<String> {
    let mut output = Vec::new();
    serve(Cursor::new(input), &mut output, echo).unwrap();
    String::from_utf8(output).unwrap().lines().map(str::to_owned).collect()
}

fn one(line: &str) -> Value {
    let answers = answers(line);
    assert_eq!(answers.len(), 1, "{answers:?}");
    serde_json::from_str(&answers[0]).unwrap()
}

#[test]
fn every_line_has_its_answer_in_its_place_and_its_id_as_it_was_written() {
    let input = "{\"op\":\"echo\",\"text\":\"a\",\"id\":1.50}\n\n{\"id\":[{\"a\":1}],\"op\":\"no\"}\n{\"op\":\"echo\",\"text\":\"b\"}";
    let answers = answers(input);
    assert_eq!(answers[0], r#"{"id":1.50,"ok":true,"text":"a"}"#);
    assert_eq!(answers[2], r#"{"id":[{"a":1}],"ok":false,"error":"unknown_op"}"#);
    assert_eq!(answers[3], r#"{"ok":true,"text":"b"}"#);
    assert!(answers[1].contains("not_json"), "{}", answers[1]);
    assert_eq!(answers.len(), 4);
}

#[test]
fn what_is_wrong_with_a_line_is_told_without_its_values() {
    for (line, code) in [
        ("{", "not_json"),
        ("[]", "not_json"),
        ("null", "not_json"),
        ("{} {}", "not_json"),
        ("{\"op\":\"echo\",\"op\":\"echo\"}", "not_json"),
        ("{}", "no_op"),
        ("{\"op\":7}", "no_op"),
        ("{\"op\":\"echo\"}", "malformed"),
        ("{\"op\":\"echo\",\"text\":\"x\",\"more\":\"secret\"}", "malformed"),
        ("{\"op\":\"echo\",\"text\":[\"secret\"]}", "malformed"),
        ("{\"op\":\"echo\",\"text\":\"secret\",\"text\":\"secret\"}", "not_json"),
    ] {
        let answer = one(line);
        assert_eq!((&answer["ok"], &answer["error"]), (&json!(false), &json!(code)), "{line}");
        assert!(!answer.to_string().contains("secret"), "{answer}");
    }
    assert_eq!(one("{\"op\":\"echo\"}")["message"], "missing field `text` at line 1 column 2");
}

#[test]
fn a_line_that_is_too_long_not_utf_8_or_makes_the_operation_panic_ends_nothing() {
    let mut input = vec![b'x'; LONGEST_LINE + 5];
    input.extend_from_slice(b"\n\xff\xfe\n{\"op\":\"break\",\"id\":7}\n{\"op\":\"echo\",\"text\":\"still here\"}\n");
    let answers = answers(input);
    let codes: Vec<Value> =
        answers.iter().map(|line| serde_json::from_str::<Value>(line).unwrap()["error"].clone()).collect();
    assert_eq!(codes, [json!("too_long"), json!("not_json"), json!("internal"), Value::Null]);
    assert!(answers[2].starts_with("{\"id\":7,") && answers[3].contains("still here"));
}

#[test]
fn a_line_of_exactly_the_longest_length_is_read_and_depth_costs_no_stack() {
    let (before, after) = ("{\"op\":\"echo\",\"text\":\"", "\"}");
    let text = "x".repeat(LONGEST_LINE - before.len() - after.len());
    assert_eq!(one(&format!("{before}{text}{after}"))["ok"], true);
    let deep = format!("{{\"op\":\"echo\",\"text\":{}", "[".repeat(LONGEST_LINE - 30));
    assert_eq!(one(&deep)["error"], "not_json");
    let closed = "[".repeat(100_000) + &"]".repeat(100_000);
    assert_eq!(one(&format!("{{\"op\":\"echo\",\"text\":{closed}}}"))["error"], "malformed");
    let id = format!("{{\"op\":\"echo\",\"text\":\"x\",\"id\":{closed}}}");
    assert!(answers(id)[0].starts_with("{\"id\":[[["));
}

#[test]
fn an_answer_of_another_program_reads_back() {
    let answer = Answer::read(r#"{"id":1,"ok":true,"allowed":false}"#).unwrap();
    assert_eq!(answer, Answer::good().with("allowed", false));
    for line in ["", "[]", "{}", r#"{"ok":1}"#] {
        assert_eq!(Answer::read(line), None, "{line}");
    }
}
