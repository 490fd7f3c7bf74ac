use serde_json::{Map, Value, json};

use super::{Answer, LONGEST_BODY, clean_text};

fn items(answer: &Answer) -> &Vec<Value> {
    answer.body()["groups"].as_array().unwrap()
}

#[test]
fn a_list_that_fits_is_whole() {
    let more = Map::from_iter([("user".to_owned(), json!("alice@example.com"))]);
    let answer = Answer::list("groups", vec!["Everyone".to_owned(), "VPN, staff".to_owned()], more, false).unwrap();
    assert_eq!(answer.body()["groups"], json!(["Everyone", "VPN, staff"]));
    assert_eq!(answer.body()["user"], "alice@example.com");
    assert_eq!(answer.body()["truncated"], false);
}

#[test]
fn a_list_that_the_caller_cut_says_so() {
    let answer = Answer::list("groups", vec!["Everyone".to_owned()], Map::new(), true).unwrap();
    assert_eq!(answer.body()["truncated"], true);
    assert_eq!(items(&answer).len(), 1);
}

#[test]
fn a_list_that_is_too_long_is_cut_from_the_end() {
    for name in ["plain", "\"quoted\"", "\\\\\\\\", "\n\u{1}", "жёлтый", ""] {
        let names: Vec<String> = (0..5_000).map(|number| format!("{name}{number}")).collect();
        let answer = Answer::list("groups", names.clone(), Map::new(), false).unwrap();
        assert_eq!(answer.body()["truncated"], true);
        let kept = items(&answer).len();
        assert_eq!(answer.body()["groups"], json!(names[..kept]));
        let length = answer.length();
        assert!(length <= LONGEST_BODY, "{name}: {length}");
        assert!(length > LONGEST_BODY * 7 / 10, "{name}: {length} wastes the room");
    }
}

#[test]
fn what_cannot_be_cut_is_refused_when_it_is_too_long() {
    let long = Map::from_iter([("text".to_owned(), json!("x".repeat(LONGEST_BODY)))]);
    assert_eq!(Answer::object(long.clone()).unwrap_err().code().name(), "internal");
    assert_eq!(Answer::list("groups", Vec::new(), long, false).unwrap_err().code().name(), "internal");
    let quotes = Map::from_iter([("text".to_owned(), json!("\"".repeat(LONGEST_BODY / 3)))]);
    assert!(Answer::object(quotes).is_err(), "a quote takes four bytes in the answer");
}

#[test]
fn printing_an_answer_shows_no_content() {
    let answer = Answer::object(Map::from_iter([("groups".to_owned(), json!(["canary"]))])).unwrap();
    assert_eq!(format!("{answer:?}"), r#"{"groups"}"#);
}

#[test]
fn names_are_cleaned_of_what_cannot_be_seen() {
    for (text, clean) in [
        ("Everyone", "Everyone"),
        ("  two\t\n lines\u{2028}here ", "two lines here"),
        ("nul\u{0}esc\u{1b}[31m", "nul esc [31m"),
        ("next\u{85}line", "next line"),
        ("a\u{202e}b\u{2066}c\u{200f}", "abc"),
        ("zero\u{200b}\u{200d}\u{feff}width", "zerowidth"),
        ("tag\u{e0041}\u{e0042}s\u{e0100}", "tags"),
        ("soft\u{ad}\u{fe0f}", "soft"),
        ("жёлтый 日本 é", "жёлтый 日本 é"),
        ("a, b", "a, b"),
        ("\u{200b} \n", ""),
    ] {
        assert_eq!(clean_text(text, 100), clean, "{text:?}");
    }
}

#[test]
fn long_names_are_cut_with_an_ellipsis() {
    assert_eq!(clean_text("abcdef", 6), "abcdef");
    assert_eq!(clean_text("abcdef", 5), "abcd…");
    assert_eq!(clean_text("ééé", 2), "é…");
    assert_eq!(clean_text("ab cd", 4), "ab…");
    assert_eq!(clean_text("abc", 1), "…");
    assert_eq!(clean_text("abc", 0), "");
}
