//! Condition operators.

use super::*;

fn holds(condition: Value, context: Context) -> bool {
    opens(&when(condition), context)
}

fn number(value: &str) -> Context {
    Context::default().with("x:number", value)
}

#[test]
fn a_missing_key_makes_an_operator_false_and_its_negation_true() {
    for (operator, value) in [
        ("StringEquals", "a"),
        ("StringLike", "*"),
        ("StringEqualsIgnoreCase", "a"),
        ("ArnLike", "*"),
        ("Bool", "true"),
        ("NumericLessThan", "1"),
        ("DateLessThan", "2100-01-01"),
    ] {
        let key = json!({ "x:missing": value });
        assert!(!holds(json!({ operator: key }), Context::default()), "{operator}");
        assert!(holds(json!({ format!("{operator}IfExists"): key }), Context::default()), "{operator}");
    }
    for (operator, value) in [
        ("StringNotEquals", "a"),
        ("StringNotLike", "*"),
        ("ArnNotLike", "*"),
        ("NumericNotEquals", "1"),
        ("DateNotEquals", "1"),
    ] {
        assert!(holds(json!({ operator: { "x:missing": value } }), Context::default()), "{operator}");
    }
}

#[test]
fn for_all_values_is_true_of_a_missing_key_and_for_any_value_is_not() {
    for operator in ["StringEquals", "StringNotEquals"] {
        let key = json!({ "dynamodb:LeadingKeys": "alice" });
        assert!(holds(json!({ format!("ForAllValues:{operator}"): key }), Context::default()), "{operator}");
        assert!(!holds(json!({ format!("ForAnyValue:{operator}"): key }), Context::default()), "{operator}");
        assert!(holds(json!({ format!("ForAnyValue:{operator}IfExists"): key }), Context::default()), "{operator}");
    }
    let guarded = json!({
        "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": "alice" },
        "Null": { "dynamodb:LeadingKeys": "false" },
    });
    assert!(!holds(guarded.clone(), Context::default()));
    assert!(holds(guarded, keys(&["alice"])));
}

#[test]
fn all_values_must_be_among_the_wanted_or_any_of_them() {
    let all = json!({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["alice", "bob"] } });
    let any = json!({ "ForAnyValue:StringEquals": { "dynamodb:LeadingKeys": ["alice", "bob"] } });
    for (found, of_all, of_any) in [
        (&["alice", "bob"][..], true, true),
        (&["bob", "bob"], true, true),
        (&["alice", "carol"], false, true),
        (&["carol", "dave"], false, false),
    ] {
        assert_eq!(holds(all.clone(), keys(found)), of_all, "{found:?}");
        assert_eq!(holds(any.clone(), keys(found)), of_any, "{found:?}");
    }
    let none = json!({ "ForAllValues:StringNotEquals": { "dynamodb:LeadingKeys": ["alice", "bob"] } });
    assert!(holds(none.clone(), keys(&["carol", "dave"])) && !holds(none, keys(&["carol", "bob"])));
}

#[test]
fn without_a_set_operator_several_values_open_nothing_and_escape_no_denial() {
    let condition = json!({ "StringEquals": { "dynamodb:LeadingKeys": ["alice", "bob"] } });
    assert!(holds(condition.clone(), keys(&["alice"])));
    assert!(!holds(condition.clone(), keys(&["alice", "bob"])));
    let denied = json!([
        { "Effect": "Allow", "Action": "*", "Resource": "*" },
        { "Effect": "Deny", "Action": "*", "Resource": "*", "Condition": condition },
    ]);
    assert!(opens(&denied, keys(&["carol"])) && !opens(&denied, keys(&["carol", "dave"])));
}

#[test]
fn texts_are_equal_or_alike_by_the_operator_that_compares_them() {
    for (operator, wanted, found, expected) in [
        ("StringEquals", "al*ce", "alice", false),
        ("StringEquals", "Alice", "alice", false),
        ("StringEqualsIgnoreCase", "Alice", "aLICE", true),
        ("StringLike", "al*ce", "alice", true),
        ("StringLike", "al?ce", "alice", true),
        ("StringLike", "al?ce", "alce", false),
        ("StringLike", "*", "", true),
        ("StringLike", "a${*}", "a*", true),
        ("StringLike", "a${*}", "ab", false),
        ("StringLike", "${$}{${?}", "${?", true),
        ("StringNotLike", "al*", "bob", true),
        ("ArnLike", "arn:aws:iam::*:role/x", "arn:aws:iam::123456789012:role/x", true),
        ("ArnEquals", "arn:aws:iam::*:role/*", "arn:aws:iam::123456789012:role/a:b", true),
        ("ArnLike", "arn:aws:iam::*:role/x", "arn:aws:iam", false),
        ("ArnLike", "arn:aws:*:*:*:x", "arn:aws:iam::123456789012:role/x", false),
        ("ArnNotEquals", "arn:aws:iam::1:role/x", "arn:aws:iam::2:role/x", true),
        ("Bool", "TRUE", "true", true),
        ("Bool", "true", "false", false),
    ] {
        let seen = holds(json!({ operator: { "X:Text": wanted } }), Context::default().with("x:text", found));
        assert_eq!(seen, expected, "{operator} {wanted} {found}");
    }
}

#[test]
fn numbers_and_dates_are_compared_as_such() {
    for (operator, wanted, found, expected) in [
        ("NumericLessThan", "10", "9", true),
        ("NumericLessThan", "10", "10", false),
        ("NumericLessThanEquals", "10", "10.0", true),
        ("NumericGreaterThan", "10", "9", false),
        ("NumericGreaterThanEquals", "10", "10", true),
        ("NumericEquals", "10", "many", false),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2025-12-31T23:59:59Z", true),
        ("DateLessThan", "2026-01-01T00:00:00Z", "2026-01-01T00:00:00Z", false),
        ("DateGreaterThan", "2026-01-01T00:00:00Z", "1767225601", true),
        ("DateEquals", "2026-01-01T01:00:00+01:00", "2026-01-01T00:00:00Z", true),
        ("DateLessThan", "2026-01-01T00:00:00Z", "whenever", false),
    ] {
        assert_eq!(
            holds(json!({ operator: { "x:number": wanted } }), number(found)),
            expected,
            "{operator} {wanted} {found}"
        );
    }
    assert!(holds(json!({ "NumericEquals": { "x:number": [1, 2] } }), number("2")));
}

#[test]
fn the_time_of_a_request_is_the_accounts_and_its_transport_is_not_secure() {
    let soon = crate::clock::iso(Iam::new().now() + 60);
    let until = policy(&when(json!({ "DateLessThan": { "aws:CurrentTime": soon } })));
    let (iam, caller) = session(&until, &[], None, None);
    let ask = Ask::new("dynamodb:GetItem", ROW);
    assert!(iam.authorize(&caller, &ask).is_ok());
    iam.advance(60);
    assert!(iam.authorize(&caller, &ask).is_err());
    assert!(holds(json!({ "Bool": { "aws:SecureTransport": false } }), Context::default()));
}
