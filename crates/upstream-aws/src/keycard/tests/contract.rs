//! What a keycard relies on at STS, asked of the double and of moto's server.

use devstack::iam::{Credentials as Signing, Iam, Role, role_arn};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::{NOW, TABLE, row, session};
use crate::connection::{Aws, AwsSettings};
use crate::keycard::{Keycard, KeycardError, KeycardIssuer, Wanted};
use crate::testing::{EMULATOR, ample, aws_at};
use auth::approval::PersonKey;
use auth::keycard::{Grant, RoleArn, SessionPolicy};

async fn fetch(aws: &Aws, role: &str) -> Result<Keycard, KeycardError> {
    let (person, session) = (PersonKey::of(&row().subject), session());
    let grant = Grant::ReadSession { table: TABLE.to_owned(), session: session.clone() };
    let policy = SessionPolicy::of(&[grant], NOW).unwrap();
    let wanted = Wanted { person: &person, session: Some(&session), tool: "list_groups", policy: &policy };
    KeycardIssuer::new(aws, RoleArn::parse(role).unwrap()).fetch(wanted, issued_at(), ample()).await
}

/// Early enough that no credentials of today have ended.
fn issued_at() -> auth::time::Timestamp {
    auth::time::Timestamp::from_seconds(1)
}

async fn a_session_of_the_role_has_temporary_credentials(aws: &Aws, role: &str) {
    let (one, two) = (fetch(aws, role).await.ok().unwrap(), fetch(aws, role).await.ok().unwrap());
    for keycard in [&one, &two] {
        assert!(keycard.access_key_id().starts_with("ASIA"), "{}", keycard.access_key_id());
        assert!(keycard.opens(issued_at().plus(59)) && !keycard.opens(issued_at().plus(60)));
    }
    assert_ne!(one.access_key_id(), two.access_key_id(), "each keycard is another session");
    let opened = one.open(aws).sts.get_caller_identity().send().await.unwrap();
    let (_, name) = role.rsplit_once('/').unwrap();
    let (arn, session) = (opened.arn().unwrap(), one.name().as_str());
    assert!(arn.starts_with("arn:aws:sts::") && arn.ends_with(&format!(":assumed-role/{name}/{session}")), "{arn}");
}

fn policy(statement: &Value) -> Value {
    json!({"Version": "2012-10-17", "Statement": [statement]})
}

#[tokio::test]
async fn the_double_of_sts_gives_temporary_credentials() {
    let actions = json!(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]);
    let iam = Iam::new();
    let may = json!({"Effect": "Allow", "Action": actions, "Resource": role_arn("tool")});
    iam.add_role(&Role::new("worker").allowing(policy(&may))).unwrap();
    let trust = json!({"Effect": "Allow", "Principal": {"AWS": role_arn("worker")}, "Action": actions});
    let everything = json!({"Effect": "Allow", "Action": "*", "Resource": "*"});
    iam.add_role(&Role::new("tool").trusting(policy(&trust)).allowing(policy(&everything))).unwrap();
    let Signing { access_key_id, secret_access_key, session_token } =
        iam.function_credentials("worker", "okta-groups").unwrap();
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let sts = devstack::sts::start(listener, iam).await.unwrap();
    let caller =
        aws_credential_types::Credentials::new(access_key_id, secret_access_key, Some(session_token), None, "test");
    let settings = AwsSettings {
        region: Some("us-east-1".to_owned()),
        credentials: Some(caller),
        sts_url: Some(sts.double.url()),
        ..AwsSettings::default()
    };
    let aws = Aws::connect(settings).await.unwrap();
    a_session_of_the_role_has_temporary_credentials(&aws, &role_arn("tool")).await;
    // What moto does not do: a role that is not there is refused.
    assert_eq!(fetch(&aws, &role_arn("absent")).await.err(), Some(KeycardError::Misconfigured));
}

#[tokio::test]
#[ignore = "needs moto: make conformance"]
async fn moto_sts_gives_temporary_credentials() {
    let aws = aws_at(EMULATOR).await;
    a_session_of_the_role_has_temporary_credentials(&aws, &role_arn("tool")).await;
    assert!(fetch(&aws, &role_arn("absent")).await.is_ok(), "moto looks at no role, trust or session policy");
}
