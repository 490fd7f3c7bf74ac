//! The bounds of what is sent.

use super::*;

fn tags(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    let each = |(number, (key, value)): (usize, &(&str, &str))| {
        let at = format!("Tags.member.{number}");
        [(format!("{at}.Key"), (*key).to_owned()), (format!("{at}.Value"), (*value).to_owned())]
    };
    (1..).zip(pairs).flat_map(each).collect()
}

async fn tagged(sts: &Sts, worker: &Credentials, pairs: &[(&str, &str)]) -> wire::Answer {
    let tags = tags(pairs);
    let fields: Vec<_> = tags.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assume(sts, worker, &fields).await
}

#[tokio::test]
async fn names_durations_and_policies_are_taken_within_their_bounds_only() {
    let (sts, worker) = service().await;
    let long = "x".repeat(65);
    let wide = format!("{}{}", policy(&json!({ "Effect": "Deny", "Action": "*", "Resource": "*" })), " ".repeat(2048));
    for (field, value) in [
        ("RoleSessionName", "a"),
        ("RoleSessionName", "two words"),
        ("RoleSessionName", "a/b"),
        ("RoleSessionName", &long),
        ("SourceIdentity", "a"),
        ("SourceIdentity", "auth0|alice"),
        ("SourceIdentity", "aws:alice"),
        ("SourceIdentity", &long),
        ("DurationSeconds", "60"),
        ("DurationSeconds", "899"),
        ("DurationSeconds", "3601"),
        ("DurationSeconds", "43201"),
        ("DurationSeconds", "soon"),
        ("Policy", ""),
        ("Policy", &wide),
        ("Policy", "{\"\u{20ac}\":1}"),
        ("Policy", "{\"\u{1}\":1}"),
    ] {
        let answer = assume(&sts, &worker, &[(field, value)]).await;
        assert_eq!(refusal(&answer), (400, "ValidationError"), "{field}={value}: {}", answer.text);
    }
    for (field, value) in [
        ("RoleSessionName", "aB_9+=,.@-"),
        ("SourceIdentity", "alice+x=y,z.@example-1.com_"),
        ("DurationSeconds", "900"),
        ("DurationSeconds", "3600"),
    ] {
        assert_eq!(assume(&sts, &worker, &[(field, value)]).await.status, 200, "{field}={value}");
    }
}

#[tokio::test]
async fn a_policy_may_have_2048_characters_and_no_more() {
    let (sts, worker) = service().await;
    let short = policy(&json!({ "Effect": "Deny", "Action": "*", "Resource": "*" })).to_string();
    let padded = |length: usize| format!("{short}{}", "\t".repeat(length - short.len()));
    assert_eq!(assume(&sts, &worker, &[("Policy", &padded(2048))]).await.status, 200);
    let answer = assume(&sts, &worker, &[("Policy", &padded(2049))]).await;
    assert!(text(&answer, "Message").ends_with("Member must have length less than or equal to 2048"));
}

#[tokio::test]
async fn a_policy_that_is_not_understood_is_malformed() {
    let (sts, worker) = service().await;
    let unknown = policy(&json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": { "Maybe": {} } }));
    for document in ["{", "{}", r#"{"Version":"2012-10-17"}"#] {
        assert_eq!(refusal(&assume(&sts, &worker, &[("Policy", document)]).await), (400, "MalformedPolicyDocument"));
    }
    let with_principal = policy(&json!({ "Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*" }));
    assert_eq!(assume(&sts, &worker, &[("Policy", &with_principal.to_string())]).await.status, 400);
    assert_eq!(refusal(&assume(&sts, &worker, &[("Policy", &unknown.to_string())]).await).1, "MalformedPolicyDocument");
    assert_eq!(sts.sessions(), []);
}

#[tokio::test]
async fn policy_and_tags_must_fit_into_the_room_there_is() {
    let (sts, worker) = service().await;
    let narrow = policy(&json!({ "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*" })).to_string();
    sts.pack_into(narrow.len());
    let answer = assume(&sts, &worker, &[("Policy", &narrow)]).await;
    assert_eq!((answer.status, text(&answer, "PackedPolicySize")), (200, "100"));
    let more = [("Policy", narrow.as_str()), ("Tags.member.1.Key", "a"), ("Tags.member.1.Value", "b")];
    let answer = assume(&sts, &worker, &more).await;
    assert_eq!(refusal(&answer), (400, "PackedPolicyTooLarge"));
    assert!(text(&answer, "Message").starts_with("Packed policy consumes 103% of allotted space"));
}

#[tokio::test]
async fn tags_are_of_known_characters_and_each_key_is_there_once() {
    let (sts, worker) = service().await;
    let (long_key, long_value) = ("k".repeat(129), "v".repeat(257));
    for pairs in [
        &[("", "x")][..],
        &[(&long_key, "x")],
        &[("x", &long_value)],
        &[("x", "a*")],
        &[("x", "a|b")],
        &[("x", "a,b")],
        &[("aws:x", "y")],
        &[("x", "1"), ("X", "2")],
    ] {
        assert_eq!(refusal(&tagged(&sts, &worker, pairs).await), (400, "ValidationError"), "{pairs:?}");
    }
    let keys: Vec<String> = (0..51).map(|number| format!("k{number}")).collect();
    let pairs: Vec<(&str, &str)> = keys.iter().map(|key| (key.as_str(), "")).collect();
    assert_eq!(tagged(&sts, &worker, &pairs).await.status, 400);
    assert_eq!(tagged(&sts, &worker, &pairs[..50]).await.status, 200);
    assert_eq!(tagged(&sts, &worker, &[("na\u{ef}f _.:/=+-@", "\u{e9} 9_.:/=+-@")]).await.status, 200);
}
