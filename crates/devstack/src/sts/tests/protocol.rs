//! What goes over the wire.

use super::*;
use crate::fault::Fault;

const WHO: [(&str, &str); 2] = [("Action", "GetCallerIdentity"), ("Version", "2011-06-15")];

#[tokio::test]
async fn an_assumed_role_is_answered_with_credentials_that_say_who_they_are() {
    let (sts, worker) = service().await;
    let more =
        [("SourceIdentity", "alice@example.com"), ("Tags.member.1.Key", "session"), ("Tags.member.1.Value", "abc")];
    let answer = assume(&sts, &worker, &more).await;
    let session = issued(&answer);
    assert!(session.access_key_id.starts_with("ASIA") && !session.secret_access_key.is_empty());
    let arn = "arn:aws:sts::123456789012:assumed-role/tool/call";
    assert_eq!((text(&answer, "Arn"), text(&answer, "SourceIdentity")), (arn, "alice@example.com"));
    assert!(text(&answer, "AssumedRoleId").starts_with("AROA") && text(&answer, "AssumedRoleId").ends_with(":call"));
    assert_eq!(text(&answer, "Expiration"), crate::clock::iso(sts.sessions()[0].expires_at.unwrap()));
    assert_eq!((answer.header("content-type"), text(&answer, "PackedPolicySize")), ("text/xml", "1"));
    let who = call(&sts, Some(&session), &WHO).await;
    assert_eq!((text(&who, "Arn"), text(&who, "Account")), (arn, "123456789012"));
    assert_eq!(text(&who, "UserId"), text(&answer, "AssumedRoleId"));
}

#[tokio::test]
async fn every_issued_session_is_kept_with_what_was_sent_for_it() {
    let (sts, worker) = service().await;
    let narrow = policy(&json!({ "Effect": "Allow", "Action": "kms:Decrypt", "Resource": "*" })).to_string();
    let tags = [("Tags.member.1.Key", "session"), ("Tags.member.1.Value", "abc")];
    issued(&assume(&sts, &worker, &[("Policy", &narrow), ("DurationSeconds", "900"), tags[0], tags[1]]).await);
    issued(&assume(&sts, &worker, &[]).await);
    let sessions = sts.sessions();
    assert_eq!((sessions[0].policy.as_deref(), sessions[1].policy.as_deref()), (Some(narrow.as_str()), None));
    assert_eq!(sessions[0].tags.iter().collect::<Vec<_>>(), [(&"session".to_owned(), &"abc".to_owned())]);
    assert_eq!(sessions[0].issued_to, "arn:aws:sts::123456789012:assumed-role/worker/okta-groups");
    let seconds = |at: usize| sessions[at].expires_at.unwrap() - sessions[at].issued_at;
    assert_eq!((seconds(0), seconds(1)), (900, 3600));
}

#[tokio::test]
async fn a_caller_that_is_not_known_or_whose_time_is_over_is_told_so() {
    let (sts, worker) = service().await;
    assert_eq!(refusal(&call(&sts, None, &WHO).await), (403, "MissingAuthenticationToken"));
    let guessed = Credentials { session_token: "guessed".to_owned(), ..worker.clone() };
    assert_eq!(refusal(&call(&sts, Some(&guessed), &WHO).await), (403, "InvalidClientTokenId"));
    let session = issued(&assume(&sts, &worker, &[("DurationSeconds", "900")]).await);
    sts.iam().advance(899);
    assert_eq!(call(&sts, Some(&session), &WHO).await.status, 200);
    sts.iam().advance(1);
    assert_eq!(refusal(&call(&sts, Some(&session), &WHO).await), (403, "ExpiredToken"));
    assert_eq!(call(&sts, Some(&worker), &WHO).await.status, 200);
}

#[tokio::test]
async fn an_action_or_version_or_parameter_that_is_not_known_is_refused() {
    let (sts, worker) = service().await;
    let other = [("Action", "GetFederationToken"), ("Version", "2011-06-15")];
    assert_eq!(refusal(&call(&sts, Some(&worker), &other).await), (400, "InvalidAction"));
    let older = [("Action", "GetCallerIdentity"), ("Version", "2010-01-01")];
    assert_eq!(refusal(&call(&sts, Some(&worker), &older).await), (400, "InvalidAction"));
    for field in ["PolicyArns.member.1.arn", "SerialNumber", "Colour"] {
        assert_eq!(refusal(&assume(&sts, &worker, &[(field, "x")]).await), (400, "ValidationError"), "{field}");
    }
    assert_eq!(sts.sessions(), []);
}

#[tokio::test]
async fn calls_are_counted_and_faulted_by_action_and_controlled_from_outside() {
    let (sts, worker) = service().await;
    for (status, code) in [(400, "Throttling"), (403, "RegionDisabledException"), (500, "InternalFailure")] {
        let effect = super::super::refusing(status, code, "Rate exceeded");
        sts.fault(Fault { on: "POST /AssumeRole".into(), times: Some(1), skip: 0, effect });
        assert_eq!(call(&sts, Some(&worker), &WHO).await.status, 200);
        assert_eq!(refusal(&assume(&sts, &worker, &[]).await), (status, code));
    }
    issued(&assume(&sts, &worker, &[]).await);
    assert_eq!((sts.requests_by_operation("AssumeRole"), sts.requests_by_operation("GetCallerIdentity")), (4, 3));
    assert_eq!((sts.sessions().len(), sts.double.requests()), (1, 7));
    let url = sts.double.url();
    let before = sts.iam().now();
    assert_eq!(wire::post_json(&format!("{url}/_sts/advance"), None, &json!({ "seconds": 500 })).await.status, 204);
    assert!(sts.iam().now() >= before + 500);
    let seen = wire::get(&format!("{url}/_sts/sessions"), "").await;
    assert_eq!(seen.json()[0]["session_name"], "call");
    assert_eq!(wire::get(&format!("{url}/_sts/decisions"), "").await.json()[0]["action"], "sts:AssumeRole");
}
