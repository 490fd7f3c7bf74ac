//! What is a policy and what is not.

use super::*;

fn refusal(text: &str, kind: Kind) -> Option<String> {
    Document::parse(text, kind).err().map(|why| why.to_string())
}

fn statement() -> Value {
    json!({ "Sid": "Row", "Effect": "Allow", "Action": "dynamodb:GetItem", "Resource": ROW })
}

fn with(member: &str, value: Value) -> String {
    let mut statement = statement();
    statement[member] = value;
    policy(&statement).to_string()
}

fn without(member: &str) -> String {
    let mut statement = statement();
    statement.as_object_mut().unwrap().remove(member);
    policy(&statement).to_string()
}

#[test]
fn one_statement_and_a_list_of_them_are_policies() {
    assert_eq!(refusal(&policy(&statement()).to_string(), Kind::Permissions), None);
    assert_eq!(refusal(&policy(&json!([statement()])).to_string(), Kind::Permissions), None);
    let whole = json!({ "Version": "2012-10-17", "Id": "x", "Statement": { "Effect": "Deny", "NotAction": ["a:b*"], "NotResource": "*" } });
    assert_eq!(refusal(&whole.to_string(), Kind::Permissions), None);
}

#[test]
fn whatever_is_not_understood_is_refused() {
    for text in [
        "",
        "{",
        "[]",
        r#"{"Statement":[]}"#,
        r#"{"Version":"2012-10-17","Statement":[]}"#,
        &json!({ "Version": "2008-10-17", "Statement": statement() }).to_string(),
        &json!({ "Statement": statement() }).to_string(),
        &json!({ "Version": "2012-10-17", "Statement": statement(), "Comment": "x" }).to_string(),
        &policy(&json!([statement(), statement()])).to_string(),
        &with("Comment", json!("x")),
        &with("Principal", json!({ "AWS": "123456789012" })),
        &with("NotAction", json!("s3:*")),
        &with("Sid", json!("two words")),
        &with("Effect", json!("allow")),
        &with("Action", json!("GetItem")),
        &with("Action", json!("*:GetItem")),
        &with("Action", json!([])),
        &with("Action", json!("dynamodb:${aws:userid}")),
        &with("Resource", json!("table/rows")),
        &with("Resource", json!("arn:aws:dynamodb:*")),
        &with("Resource", json!(["*", 1])),
        &with("Resource", json!("arn:aws:s3:::${aws:username}")),
        &with("Resource", json!("arn:aws:s3:::${aws:userid")),
        &with("Resource", json!("arn:aws:s3:::${aws:PrincipalTag/a, 'all'}")),
        &without("Effect"),
        &without("Action"),
        &without("Resource"),
    ] {
        assert!(refusal(text, Kind::Permissions).is_some(), "{text}");
    }
}

#[test]
fn a_condition_with_anything_unknown_is_refused() {
    for condition in [
        json!([]),
        json!({ "StringMatches": { "aws:userid": "x" } }),
        json!({ "stringequals": { "aws:userid": "x" } }),
        json!({ "IpAddress": { "aws:SourceIp": "10.0.0.0/8" } }),
        json!({ "BinaryEquals": { "x:y": "QQ==" } }),
        json!({ "ForSomeValues:StringEquals": { "aws:userid": "x" } }),
        json!({ "NullIfExists": { "aws:userid": "true" } }),
        json!({ "ForAllValues:Null": { "aws:userid": "true" } }),
        json!({ "Null": { "aws:userid": "maybe" } }),
        json!({ "Bool": { "aws:SecureTransport": 1 } }),
        json!({ "NumericLessThan": { "aws:EpochTime": "soon" } }),
        json!({ "NumericEquals": { "aws:EpochTime": "${aws:userid}" } }),
        json!({ "DateLessThan": { "aws:CurrentTime": "soon" } }),
        json!({ "ArnLike": { "aws:PrincipalArn": "role/x" } }),
        json!({ "StringEquals": { "userid": "x" } }),
        json!({ "StringEquals": { "aws:userid": [] } }),
        json!({ "StringEquals": { "aws:userid": null } }),
        json!({ "StringEquals": { "aws:userid": { "x": "y" } } }),
        json!({ "StringEquals": "aws:userid" }),
    ] {
        assert!(refusal(&with("Condition", condition.clone()), Kind::Permissions).is_some(), "{condition}");
    }
}

#[test]
fn a_member_that_is_there_twice_is_refused_and_not_overwritten() {
    let twice =
        r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Effect":"Deny","Action":"*","Resource":"*"}}"#;
    assert!(refusal(twice, Kind::Permissions).unwrap().contains("twice"));
    let condition = r#"{"StringEquals":{"aws:userid":"a"},"StringEquals":{"aws:userid":"b"}}"#;
    let text = format!(
        r#"{{"Version":"2012-10-17","Statement":{{"Effect":"Allow","Action":"*","Resource":"*","Condition":{condition}}}}}"#
    );
    assert!(refusal(&text, Kind::Permissions).unwrap().contains("twice"));
}

#[test]
fn a_trust_policy_names_principals_of_the_account_and_no_resources() {
    let trust =
        |principal: Value| policy(&json!({ "Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole" }));
    for known in [
        json!({ "AWS": "arn:aws:iam::123456789012:role/worker" }),
        json!({ "AWS": ["arn:aws:sts::123456789012:assumed-role/worker/x", "123456789012"] }),
        json!({ "Service": "lambda.amazonaws.com" }),
    ] {
        assert_eq!(refusal(&trust(known.clone()).to_string(), Kind::Trust), None, "{known}");
    }
    for unknown in [
        json!("*"),
        json!({}),
        json!({ "AWS": "*" }),
        json!({ "AWS": "arn:aws:iam::123456789012:role/*" }),
        json!({ "AWS": "arn:aws:iam::210987654321:role/worker" }),
        json!({ "Federated": "accounts.google.com" }),
    ] {
        assert!(refusal(&trust(unknown.clone()).to_string(), Kind::Trust).is_some(), "{unknown}");
    }
    let mut with_resource = trust(json!({ "AWS": "123456789012" }));
    with_resource["Statement"]["Resource"] = json!("*");
    assert!(refusal(&with_resource.to_string(), Kind::Trust).is_some());
    assert!(refusal(&policy(&statement()).to_string(), Kind::Trust).is_some());
}

#[test]
fn a_resources_own_policy_lets_the_named_service_in_for_its_source_only_and_without_one_nobody_is_let_in() {
    const FUNCTION: &str = "arn:aws:lambda:us-east-1:123456789012:function:tool";
    let iam = Iam::new();
    let source = |arn: &str| Context::default().with("aws:SourceArn", arn);
    let lets = |iam: &Iam, service: &str, arn: &str| {
        iam.lets_service(service, &Ask::new("lambda:InvokeFunction", FUNCTION).about(source(arn))).is_ok()
    };
    assert!(!lets(&iam, "bedrock.amazonaws.com", "arn:aws:bedrock:us-east-1:123456789012:agent/A"));
    let statement = |service: &str| {
        json!({ "Effect": "Allow", "Principal": { "Service": service }, "Action": "lambda:InvokeFunction",
                "Resource": FUNCTION,
                "Condition": { "ArnLike": { "aws:SourceArn": "arn:aws:bedrock:us-east-1:123456789012:agent/A" } } })
    };
    iam.add_resource_policy(FUNCTION, &policy(&statement("bedrock.amazonaws.com"))).unwrap();
    assert!(lets(&iam, "bedrock.amazonaws.com", "arn:aws:bedrock:us-east-1:123456789012:agent/A"));
    assert!(!lets(&iam, "bedrock.amazonaws.com", "arn:aws:bedrock:us-east-1:123456789012:agent/B"));
    assert!(!lets(&iam, "lambda.amazonaws.com", "arn:aws:bedrock:us-east-1:123456789012:agent/A"));
    for service in ["*", "*.amazonaws.com", "bedrock", ""] {
        assert!(iam.add_resource_policy(FUNCTION, &policy(&statement(service))).is_err(), "{service}");
    }
}
