use serde_json::{Value, json};

use super::{Everything, Named, Short, State, given};
use crate::arguments::parse;

fn taken(name: &str, value: Value) -> Everything {
    let shown = value.to_string();
    parse(&given(name, value)).unwrap_or_else(|refusal| panic!("{name} = {shown}: {}", refusal.cause()))
}

fn refused(name: &str, values: &[Value]) {
    for value in values {
        assert!(parse::<Everything>(&given(name, value.clone())).is_err(), "{name} = {value}");
    }
}

#[test]
fn a_whole_number_is_written_in_one_way() {
    for (value, number) in [
        (json!("20"), 20),
        (json!(20), 20),
        (json!("0"), 0),
        (json!("-5"), -5),
        (json!("9223372036854775807"), i64::MAX),
    ] {
        assert_eq!(taken("whole", value).whole, Some(number));
    }
    let texts = ["+1", " 1", "1 ", "1\n", "01", "-0", "1e3", "1.0", "1_000", "0x10", "one", "٣", "9223372036854775808"];
    refused("whole", &texts.map(|text| json!(text)));
    refused("whole", &[json!(1.0), json!(1e3), json!(true), json!([1]), json!({}), json!(u64::MAX)]);
}

#[test]
fn numbers_keep_to_their_limits() {
    assert_eq!(taken("limit", json!("1")).limit, Some(1));
    assert_eq!(taken("limit", json!("200")).limit, Some(200));
    refused("limit", &[json!("0"), json!("201"), json!(-1), json!(0), json!(201)]);
    refused("whole", &[json!("-6"), json!(-6)]);
    assert_eq!(taken("small", json!("255")).small, Some(255));
    refused("small", &[json!("256"), json!("-1")]);
    assert_eq!(taken("signed", json!("-2147483648")).signed, Some(i32::MIN));
    refused("signed", &[json!("2147483648"), json!("-2147483649")]);
    assert_eq!(taken("unsigned", json!("4294967295")).unsigned, Some(u32::MAX));
    refused("unsigned", &[json!("4294967296"), json!("-1")]);
    assert_eq!(taken("large", json!("9223372036854775807")).large, Some(u64::MAX / 2));
    refused("large", &[json!("9223372036854775808"), json!("-1")]);
    assert_eq!(taken("ratio", json!("0.5")).ratio, Some(0.5));
    assert_eq!(taken("ratio", json!("1.5")).ratio, Some(1.5));
    refused("ratio", &[json!("0.49"), json!("1.51"), json!(2)]);
}

#[test]
fn a_number_is_written_as_json_writes_it() {
    for (value, number) in [(json!("1"), 1.0), (json!("1.25"), 1.25), (json!("10e-1"), 1.0), (json!(1), 1.0)] {
        assert_eq!(taken("ratio", value).ratio, Some(number));
    }
    let texts = ["+1", ".5", "1.", " 1", "1 ", "NaN", "inf", "1,0", "01", "1e999", "-", "e"];
    refused("ratio", &texts.map(|text| json!(text)));
    refused("ratio", &[json!(true), json!([]), json!({})]);
}

#[test]
fn a_boolean_is_true_or_false_in_any_case() {
    for (value, flag) in [
        (json!("true"), true),
        (json!("False"), false),
        (json!("TRUE"), true),
        (json!(true), true),
        (json!(false), false),
    ] {
        assert_eq!(taken("flag", value).flag, Some(flag));
    }
    refused("flag", &[json!("yes"), json!("1"), json!(1), json!(0), json!(" true"), json!("t"), json!([true])]);
}

#[test]
fn a_text_stays_as_it_is_and_is_counted_in_characters() {
    assert_eq!(taken("text", json!("äöüß")).text.as_deref(), Some("äöüß"));
    assert_eq!(taken("text", json!(" a ")).text.as_deref(), Some(" a "));
    assert_eq!(taken("text", json!("true")).text.as_deref(), Some("true"));
    refused("text", &[json!("a"), json!("abcde"), json!(12), json!(true), json!(["ab"]), json!({})]);
}

#[test]
fn a_choice_is_one_of_its_texts_to_the_letter() {
    assert_eq!(taken("state", json!("active")).state, Some(State::Active));
    assert_eq!(taken("named", json!("two")).named, Some(Named::Two));
    refused("state", &[json!("Active"), json!("active "), json!("gone"), json!(0), json!(true)]);
    refused("named", &[json!("ONE"), json!("three")]);
}

#[test]
fn a_list_is_json_or_bedrocks_own_form() {
    let words = |value: Value| taken("words", value).words;
    assert_eq!(words(json!(r#"["a", "b, c"]"#)), ["a", "b, c"]);
    assert_eq!(words(json!("[a, b]")), ["a", "b"]);
    assert_eq!(words(json!("[a b,c]")), ["a b", "c"]);
    assert_eq!(words(json!("[1, 2.50, true]")), ["1", "2.50", "true"]);
    assert_eq!(words(json!("[O'Brien]")), ["O'Brien"]);
    assert_eq!(words(json!(["a", "b, c"])), ["a", "b, c"]);
    assert!(words(json!("[]")).is_empty());
    assert_eq!(taken("numbers", json!("[1, -2]")).numbers, Some(vec![1, -2]));
    assert_eq!(taken("numbers", json!(r#"["1", 2]"#)).numbers, Some(vec![1, 2]));
    assert_eq!(taken("states", json!("[active, inactive]")).states, Some(vec![State::Active, State::Inactive]));
    for text in ["a, b", "[a", "a]", "[a,,b]", "[a, ]", "[ ]x", r#"["a", b]"#, "[[a]]", "[{}]", r#"{"a": 1}"#, "a"] {
        refused("words", &[json!(text)]);
    }
    refused("words", &[json!("[a, b, c, d]"), json!(["a", "b", "c", "d"]), json!([1]), json!({"0": "a"}), json!(true)]);
    refused("numbers", &[json!("[1, x]"), json!("[1.5]"), json!(["+1"])]);
    refused("states", &[json!("[active, gone]")]);
}

#[test]
fn an_empty_text_for_an_argument_that_is_not_required_is_none() {
    for name in ["limit", "whole", "ratio", "flag", "text", "state", "named", "words", "numbers", "short"] {
        assert_eq!(taken(name, json!("")), Everything::default(), "{name}");
        assert_eq!(taken(name, Value::Null), Everything::default(), "{name}");
    }
}

#[test]
fn a_type_with_its_own_rule_is_asked_after_the_schema() {
    assert_eq!(taken("short", json!("quiet")).short, Some(Short("quiet".to_owned())));
    refused("short", &[json!("loud!"), json!(1)]);
}
