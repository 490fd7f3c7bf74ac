mod contract;

use auth::approval::PersonKey;
use auth::id::{SessionHash, SessionReference};
use auth::keycard::{Grant, RoleArn, SessionPolicy};
use auth::refusal::{Code, Refusal};
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

use super::{Keycard, KeycardError, KeycardIssuer, Wanted};
use crate::testing::people::{NOW, row};
use crate::testing::wire::{Answer, Wire};
use crate::testing::{ample, aws_at, brief};

const TABLE: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/bedrock-sessions";

fn session() -> SessionHash {
    SessionReference::parse("session-1").unwrap().hash()
}

/// STS's answer, with credentials until `ends`.
fn granted(key: &str, ends: &str) -> String {
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult><Credentials>\
         <AccessKeyId>{key}</AccessKeyId><SecretAccessKey>secret-of-the-card</SecretAccessKey>\
         <SessionToken>token-of-the-card</SessionToken><Expiration>{ends}</Expiration></Credentials>\
         <PackedPolicySize>6</PackedPolicySize></AssumeRoleResult></AssumeRoleResponse>"
    )
}

fn refused(code: &str) -> String {
    format!(
        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><Error><Type>Sender</Type><Code>{code}</Code>\
         <Message>text of the service</Message></Error><RequestId>r</RequestId></ErrorResponse>"
    )
}

async fn fetch(wire: &Wire, until: Instant) -> Result<Keycard, KeycardError> {
    let aws = aws_at(&wire.url).await;
    let role = RoleArn::parse("arn:aws:iam::123456789012:role/mandate-tools").unwrap();
    let (person, session) = (PersonKey::of(&row().subject), session());
    let grant = Grant::ReadSession { table: TABLE.to_owned(), session: session.clone() };
    let policy = SessionPolicy::of(&[grant], NOW).unwrap();
    let wanted = Wanted { person: &person, session: Some(&session), tool: "list_groups", policy: &policy };
    KeycardIssuer::new(&aws, role).fetch(wanted, NOW, until).await
}

// A05
#[tokio::test]
async fn the_request_names_role_policy_tags_source_identity_and_the_shortest_life() {
    let wire = Wire::always(200, "", &granted("ASIASAMPLE", "2999-01-01T00:00:00Z")).await;
    let keycard = fetch(&wire, ample()).await.ok().unwrap();
    let seen = wire.seen();
    assert_eq!(seen.len(), 1);
    let form: Vec<(String, String)> = url::form_urlencoded::parse(seen[0].body.as_bytes()).into_owned().collect();
    let field = |name: &str| form.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()).unwrap();
    assert_eq!(field("Action"), "AssumeRole");
    assert_eq!(field("RoleArn"), "arn:aws:iam::123456789012:role/mandate-tools");
    assert_eq!(field("DurationSeconds"), "900");
    assert_eq!(field("RoleSessionName"), keycard.name().as_str());
    assert_eq!(field("SourceIdentity"), keycard.name().as_str());
    assert!(field("Policy").contains(TABLE) && field("Policy").contains(session().as_str()));
    let tags: Vec<(&str, &str)> = (1..=3)
        .map(|number| (field(&format!("Tags.member.{number}.Key")), field(&format!("Tags.member.{number}.Value"))))
        .collect();
    let person = PersonKey::of(&row().subject);
    assert_eq!(tags, [("person", person.as_str()), ("session", session().as_str()), ("tool", "list_groups")]);
}

// A06
#[tokio::test]
async fn a_keycard_is_good_for_a_minute_however_long_its_credentials_live() {
    let wire = Wire::always(200, "", &granted("ASIASAMPLE", "2999-01-01T00:00:00Z")).await;
    let keycard = fetch(&wire, ample()).await.ok().unwrap();
    assert!(keycard.opens(NOW.plus(59)) && !keycard.opens(NOW.plus(60)));
    assert_eq!(keycard.access_key_id(), "ASIASAMPLE");
}

#[tokio::test]
async fn credentials_that_are_incomplete_or_ended_before_they_came_are_no_keycard() {
    for body in [
        granted("ASIASAMPLE", "2001-01-01T00:00:00Z"),
        granted("", "2999-01-01T00:00:00Z"),
        granted("ASIASAMPLE", "2999-01-01T00:00:00Z").replace("token-of-the-card", ""),
        "<AssumeRoleResponse><AssumeRoleResult></AssumeRoleResult></AssumeRoleResponse>".to_owned(),
    ] {
        let wire = Wire::always(200, "", &body).await;
        let error = fetch(&wire, ample()).await.err().unwrap();
        assert!(matches!(error, KeycardError::Useless | KeycardError::Unavailable), "{body}");
    }
}

#[tokio::test]
async fn each_refusal_has_its_kind_and_only_a_limit_is_asked_again() {
    for (status, code, error, asked) in [
        (403, "AccessDenied", KeycardError::Misconfigured, 1),
        (400, "MalformedPolicyDocument", KeycardError::Misconfigured, 1),
        (400, "PackedPolicyTooLarge", KeycardError::Misconfigured, 1),
        (403, "RegionDisabledException", KeycardError::Misconfigured, 1),
        (403, "InvalidClientTokenId", KeycardError::Misconfigured, 1),
        (400, "Throttling", KeycardError::Busy, 2),
        (429, "", KeycardError::Busy, 2),
        (500, "InternalFailure", KeycardError::Unavailable, 1),
        (503, "", KeycardError::Unavailable, 1),
    ] {
        let wire = Wire::always(status, "", &refused(code)).await;
        assert_eq!(fetch(&wire, ample()).await.err(), Some(error), "{status} {code}");
        assert_eq!(wire.seen().len(), asked, "{status} {code}");
    }
}

#[tokio::test]
async fn a_limit_that_passes_and_a_connection_that_breaks_cost_one_more_request() {
    let wire = Wire::start(|before, _| match before {
        0 => Answer::Reply { status: 400, headers: "", body: refused("Throttling") },
        _ => Answer::Reply { status: 200, headers: "", body: granted("ASIASAMPLE", "2999-01-01T00:00:00Z") },
    });
    let wire = wire.await;
    assert!(fetch(&wire, ample()).await.is_ok());
    assert_eq!(wire.seen().len(), 2);
}

#[tokio::test]
async fn nobody_is_waited_for_beyond_the_time() {
    let wire = Wire::start(|_, _| Answer::Hang).await;
    assert_eq!(fetch(&wire, brief()).await.err(), Some(KeycardError::Unavailable));
}

#[tokio::test]
async fn what_is_called_with_a_keycard_is_signed_with_its_key_and_nothing_else() {
    let sts = Wire::always(200, "", &granted("ASIASAMPLE", "2999-01-01T00:00:00Z")).await;
    let keycard = fetch(&sts, ample()).await.ok().unwrap();
    let table = Wire::always(200, "", "{}").await;
    let opened = keycard.open(&aws_at(&table.url).await);
    let _answer = opened.dynamodb.get_item().table_name("t").key("k", AttributeValue::S("v".to_owned())).send().await;
    let seen = table.seen();
    assert!(seen[0].head.contains("credential=asiasample/"), "{}", seen[0].head);
    assert!(seen[0].head.contains("x-amz-security-token: token-of-the-card"));
}

#[test]
fn each_problem_is_refused_in_its_own_way() {
    for (error, code) in [
        (KeycardError::Busy, Code::Busy),
        (KeycardError::Unavailable, Code::Unavailable),
        (KeycardError::Useless, Code::Unavailable),
        (KeycardError::Misconfigured, Code::Internal),
    ] {
        assert_eq!(Refusal::from(error).code(), code);
    }
}
