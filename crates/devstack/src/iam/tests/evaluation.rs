//! Which statements apply, and what they come to together.

use super::*;
use crate::iam::Refusal;

fn allow(action: &str, resource: &str) -> Value {
    json!({ "Effect": "Allow", "Action": action, "Resource": resource })
}

fn why(iam: &Iam, caller: &Caller, action: &str) -> String {
    iam.authorize(caller, &Ask::new(action, ROW))
        .err()
        .map(|refusal| refusal.sentence(str::to_owned))
        .unwrap_or_default()
}

#[test]
fn an_action_is_matched_without_regard_to_case_and_a_resource_with() {
    for (action, resource, expected) in [
        ("dynamodb:getitem", ROW, true),
        ("dynamodb:Get*", "arn:aws:dynamodb:*:*:table/row?", true),
        ("*", "*", true),
        ("dynamodb:PutItem", ROW, false),
        ("dynamodb:GetItems", ROW, false),
        ("s3:*", "*", false),
        ("dynamodb:*", "arn:aws:dynamodb:us-east-1:123456789012:table/ROWS", false),
        ("dynamodb:*", "arn:aws:dynamodb:*:*:*:table/rows", false),
        ("dynamodb:*", "arn:aws:*:*:*:*", true),
    ] {
        assert_eq!(opens(&allow(action, resource), Context::default()), expected, "{action} {resource}");
    }
}

#[test]
fn not_action_and_not_resource_mean_everything_else() {
    let but =
        |actions: Value, resources: Value| json!({ "Effect": "Allow", "NotAction": actions, "NotResource": resources });
    assert!(opens(&but(json!("s3:*"), json!("arn:aws:s3:::x")), Context::default()));
    assert!(!opens(&but(json!(["s3:*", "dynamodb:Get*"]), json!("arn:aws:s3:::x")), Context::default()));
    assert!(!opens(&but(json!("s3:*"), json!(["arn:aws:s3:::x", ROW])), Context::default()));
}

#[test]
fn nothing_is_allowed_unless_a_statement_does_and_a_denial_wins() {
    let deny = json!({ "Effect": "Deny", "Action": "dynamodb:*", "Resource": "*" });
    assert!(!opens(&json!([deny]), Context::default()));
    assert!(!opens(&json!([allow("*", "*"), deny]), Context::default()));
    assert!(!opens(&json!([deny, allow("*", "*")]), Context::default()));
    let (iam, caller) = session(&policy(&json!([allow("*", "*"), deny])), &[], None, None);
    assert!(why(&iam, &caller, "dynamodb:GetItem").ends_with("with an explicit deny in an identity-based policy"));
}

#[test]
fn a_session_policy_only_takes_away() {
    let (role, narrow) = (policy(&allow("dynamodb:*", ROW)), policy(&allow("dynamodb:GetItem", "*")));
    let (iam, caller) = session(&role, &[], None, Some(&narrow));
    assert_eq!(why(&iam, &caller, "dynamodb:GetItem"), "");
    let user = "User: arn:aws:sts::123456789012:assumed-role/tool/call is not authorized to perform: dynamodb:Scan on resource: \
                arn:aws:dynamodb:us-east-1:123456789012:table/rows because no session policy allows the dynamodb:Scan action";
    assert_eq!(why(&iam, &caller, "dynamodb:Scan"), user);
    let (iam, caller) = session(&policy(&allow("dynamodb:GetItem", ROW)), &[], None, Some(&policy(&allow("*", "*"))));
    assert!(
        why(&iam, &caller, "kms:Decrypt").ends_with("because no identity-based policy allows the kms:Decrypt action")
    );
    let deny = policy(&json!([allow("*", "*"), { "Effect": "Deny", "Action": "dynamodb:GetItem", "Resource": "*" }]));
    let (iam, caller) = session(&role, &[], None, Some(&deny));
    assert!(why(&iam, &caller, "dynamodb:GetItem").ends_with("with an explicit deny in a session policy"));
}

#[test]
fn variables_stand_for_the_callers_tags_identity_and_id() {
    let by =
        |variable: &str| policy(&when(json!({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": variable } })));
    let read = |(iam, caller): (Iam, Caller), key: &str| {
        iam.authorize(&caller, &Ask::new("dynamodb:GetItem", ROW).about(keys(&[key]))).is_ok()
    };
    let tagged = || session(&by("s#${aws:PrincipalTag/Session}"), &[("session", "abc")], None, None);
    assert!(read(tagged(), "s#abc") && !read(tagged(), "s#abd") && !read(tagged(), "s#"));
    let acting = || session(&by("${aws:SourceIdentity}"), &[], Some("alice"), None);
    assert!(read(acting(), "alice") && !read(acting(), "bob"));
    let (iam, caller) = session(&by("${aws:userid}"), &[], None, None);
    let id = caller.user_id();
    assert!(id.starts_with("AROA") && id.ends_with(":call"));
    assert!(read((iam.clone(), caller.clone()), &id) && !read((iam, caller), "call"));
}

#[test]
fn what_a_variable_stands_for_has_no_wildcards() {
    let table =
        json!({ "Effect": "Allow", "Action": "*", "Resource": "arn:aws:dynamodb:*:*:table/${aws:PrincipalTag/table}" });
    let may = |table_tag: &str| {
        let (iam, caller) = session(&policy(&table), &[("table", table_tag)], None, None);
        iam.authorize(&caller, &Ask::new("dynamodb:GetItem", ROW)).is_ok()
    };
    assert!(may("rows") && !may("*") && !may("row?") && !may(""));
}

#[test]
fn a_statement_with_a_variable_that_stands_for_nothing_does_not_apply() {
    let negated = when(json!({ "StringNotEquals": { "x:key": "${aws:PrincipalTag/none}" } }));
    assert!(!opens(&negated, Context::default()));
    let any =
        when(json!({ "ForAllValues:StringEquals": { "dynamodb:LeadingKeys": ["alice", "${aws:SourceIdentity}"] } }));
    assert!(!opens(&any, keys(&["alice"])) && !opens(&any, Context::default()));
}

#[test]
fn what_a_double_cannot_evaluate_is_denied_to_everybody() {
    let (iam, caller) = session(&policy(&allow("*", "*")), &[], None, None);
    let refusal = iam.authorize(&caller, &Ask::new("dynamodb:PartiQLSelect", ROW).beyond()).unwrap_err();
    assert!(matches!(refusal, Refusal::Denied { .. }));
}
