//! Who may assume a role, and what the session carries.

use super::*;

async fn denied(sts: &Sts, credentials: &Credentials, more: &[(&str, &str)]) -> String {
    let answer = assume(sts, credentials, more).await;
    assert_eq!(refusal(&answer), (403, "AccessDenied"), "{}", answer.text);
    text(&answer, "Message").to_owned()
}

const TAG: [(&str, &str); 2] = [("Tags.member.1.Key", "session"), ("Tags.member.1.Value", "abc")];
const ALICE: (&str, &str) = ("SourceIdentity", "alice");

#[tokio::test]
async fn tags_and_a_source_identity_take_permissions_of_their_own() {
    let (sts, worker) = trusted_by(policy(&trusting(&json!("sts:AssumeRole"), &json!({})))).await;
    let sentence = |action: &str| {
        format!(
            "User: arn:aws:sts::123456789012:assumed-role/worker/okta-groups is not authorized to perform: {action} on \
             resource: arn:aws:iam::123456789012:role/tool"
        )
    };
    assert_eq!(assume(&sts, &worker, &[]).await.status, 200);
    assert_eq!(denied(&sts, &worker, &TAG).await, sentence("sts:TagSession"));
    assert_eq!(denied(&sts, &worker, &[ALICE]).await, sentence("sts:SetSourceIdentity"));
    assert_eq!(sts.sessions().len(), 1);
}

#[tokio::test]
async fn both_the_caller_and_the_role_must_allow_it() {
    let (sts, _) = service().await;
    let iam = sts.iam();
    iam.add_role(
        &Role::new("stranger").allowing(policy(&json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }))),
    )
    .unwrap();
    let stranger = iam.function_credentials("stranger", "f").unwrap();
    denied(&sts, &stranger, &[]).await;
    assert!(!iam.decisions()[0].allowed);
    iam.add_role(&Role::new("worker")).unwrap();
    let trusted = iam.function_credentials("worker", "f").unwrap();
    denied(&sts, &trusted, &[]).await;
    let missing = [
        ("Action", "AssumeRole"),
        ("Version", "2011-06-15"),
        ("RoleArn", "arn:aws:iam::123456789012:role/none"),
        ("RoleSessionName", "call"),
    ];
    assert_eq!(refusal(&call(&sts, Some(&stranger), &missing).await), (403, "AccessDenied"));
}

#[tokio::test]
async fn a_trust_policy_can_demand_tags_a_source_identity_a_name_and_an_external_id() {
    let trust = policy(&json!([
        trusting(
            &json!("sts:AssumeRole"),
            &json!({
                "StringLike": { "aws:RequestTag/session": "?*", "sts:SourceIdentity": "?*" },
                "ForAllValues:StringEquals": { "aws:TagKeys": ["session"] },
                "StringEquals": { "sts:RoleSessionName": "call", "sts:ExternalId": "ours" },
            })
        ),
        trusting(&json!("sts:TagSession"), &json!({ "ForAllValues:StringEquals": { "aws:TagKeys": ["session"] } })),
        trusting(&json!("sts:SetSourceIdentity"), &json!({ "StringLike": { "sts:SourceIdentity": "a*" } })),
    ]));
    let (sts, worker) = trusted_by(trust).await;
    let ours = ("ExternalId", "ours");
    for fields in [
        &[][..],
        &[TAG[0], TAG[1], ours],
        &[ALICE, ours],
        &[TAG[0], TAG[1], ALICE],
        &[TAG[0], TAG[1], ("SourceIdentity", "bob"), ours],
        &[TAG[0], TAG[1], ALICE, ours, ("RoleSessionName", "other")],
        &[TAG[0], TAG[1], ALICE, ours, ("Tags.member.2.Key", "admin"), ("Tags.member.2.Value", "true")],
    ] {
        denied(&sts, &worker, fields).await;
    }
    issued(&assume(&sts, &worker, &[TAG[0], TAG[1], ALICE, ours]).await);
}

#[tokio::test]
async fn a_chained_session_keeps_its_source_identity_and_its_transitive_tags() {
    let trust = policy(&json!({
        "Effect": "Allow", "Principal": { "AWS": "123456789012" },
        "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
    }));
    let (sts, worker) = trusted_by(trust).await;
    let more = [
        TAG[0],
        TAG[1],
        ALICE,
        ("Tags.member.2.Key", "once"),
        ("Tags.member.2.Value", "x"),
        ("TransitiveTagKeys.member.1", "session"),
    ];
    let first = issued(&assume(&sts, &worker, &more).await);
    issued(&assume(&sts, &first, &[]).await);
    let chained = &sts.sessions()[1];
    assert_eq!(chained.source_identity.as_deref(), Some("alice"));
    assert_eq!(chained.tags.keys().collect::<Vec<_>>(), ["session"]);
    denied(&sts, &first, &[("SourceIdentity", "bob")]).await;
    assert_eq!(refusal(&assume(&sts, &first, &TAG).await), (400, "ValidationError"));
    let unsent = [("TransitiveTagKeys.member.1", "session")];
    assert_eq!(refusal(&assume(&sts, &worker, &unsent).await), (400, "ValidationError"));
}

#[tokio::test]
async fn a_session_policy_binds_the_assuming_of_further_roles_too() {
    let trust =
        policy(&json!({ "Effect": "Allow", "Principal": { "AWS": "123456789012" }, "Action": "sts:AssumeRole" }));
    let (sts, worker) = trusted_by(trust).await;
    let narrow = policy(&json!({ "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*" })).to_string();
    let session = issued(&assume(&sts, &worker, &[("Policy", &narrow)]).await);
    denied(&sts, &session, &[]).await;
    assert!(sts.iam().decisions().iter().any(|decision| decision.action == "sts:AssumeRole" && !decision.allowed));
}
