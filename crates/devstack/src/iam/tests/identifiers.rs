//! Identifiers as values of a policy.

use proptest::prelude::*;

use super::*;

/// What a writer of policies does with a text that must stand for itself: only `$` means something where texts are equal.
fn literal(identifier: &str) -> String {
    identifier.replace('$', "${$}")
}

fn session_policy(identifier: &str) -> Value {
    policy(&json!({
        "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": ROW,
        "Condition": {
            "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": [literal(identifier)] },
            "Null": { "dynamodb:LeadingKeys": "false" },
        },
    }))
}

/// Texts with what means something to JSON, to wildcards, to variables and to ARNs.
fn identifier() -> impl Strategy<Value = String> {
    prop_oneof![
        "[A-Za-z0-9_-]{43}",
        "[ -~]{1,24}",
        "[a*?$\\{\\}\"\\\\:/|]{1,12}",
        "\\PC{1,12}",
        Just("${aws:userid}".to_owned()),
        Just("\"},\"Effect\":\"Allow".to_owned()),
    ]
}

/// The identifier with something put before it, in it or after it, or taken away.
fn neighbours(identifier: &str) -> Vec<String> {
    let mut near = vec![
        String::new(),
        format!("{identifier}*"),
        format!("{identifier} "),
        format!(" {identifier}"),
        format!("{identifier}{identifier}"),
        identifier.to_uppercase(),
        identifier.to_lowercase(),
        identifier.replace('*', "x"),
        identifier.replace('?', "x"),
        literal(identifier),
        identifier.chars().skip(1).collect(),
    ];
    near.retain(|other| other != identifier);
    near
}

proptest! {
    #[test]
    fn an_identifier_as_a_json_string_opens_itself_and_nothing_else(one in identifier(), other in identifier()) {
        let everything = policy(&json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
        let (iam, caller) = session(&everything, &[], None, Some(&session_policy(&one)));
        let reads = |keys: Context| iam.authorize(&caller, &Ask::new("dynamodb:GetItem", ROW).about(keys)).is_ok();
        prop_assert!(reads(keys(&[&one])));
        prop_assert_eq!(reads(keys(&[&other])), one == other);
        for near in neighbours(&one) {
            prop_assert!(!reads(keys(&[&near])), "{near:?}");
            prop_assert!(!reads(keys(&[&one, &near])), "{near:?}");
        }
        prop_assert!(!reads(Context::default()));
    }

    #[test]
    fn an_identifier_that_is_not_made_literal_never_opens_another(one in identifier(), other in identifier()) {
        let text = policy(&when(json!({ "StringEquals": { "dynamodb:LeadingKeys": one } })));
        prop_assume!(Document::parse(&text.to_string(), Kind::Permissions).is_ok() && !one.contains("${"));
        prop_assert_eq!(opens(&text["Statement"], keys(&[&other])), one == other);
    }
}
