use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::{SecretsManager, Value, start};
use crate::fault::{Effect, Fault};
use crate::iam::tests::{policy, signed};
use crate::iam::{Credentials, Iam, Role};
use crate::okta::wire;

async fn service() -> (SecretsManager, String) {
    let secrets = start(wire::listener().await).await.unwrap();
    let arn = secrets.create("auth0", "first");
    (secrets, arn)
}

async fn get_as(secrets: &SecretsManager, who: Option<&Credentials>, body: Json) -> (u16, Json) {
    let signature = who.map(signed).unwrap_or_default();
    let mut headers =
        vec![("content-type", "application/x-amz-json-1.1"), ("x-amz-target", "secretsmanager.GetSecretValue")];
    headers.extend(signature.iter().map(|(name, value)| (*name, value.as_str())));
    let answer = wire::send("POST", &format!("{}/", secrets.double.url()), &headers, &body.to_string()).await;
    (answer.status, answer.json())
}

async fn get(secrets: &SecretsManager, body: Json) -> (u16, Json) {
    get_as(secrets, None, body).await
}

#[tokio::test]
async fn the_current_version_is_given_unless_another_stage_or_id_is_asked_for() {
    let (secrets, arn) = service().await;
    let (_, first) = get(&secrets, json!({ "SecretId": arn })).await;
    assert_eq!(
        (&first["SecretString"], &first["ARN"], &first["Name"]),
        (&json!("first"), &json!(arn), &json!("auth0"))
    );
    assert!(secrets.put(&arn, Value::Text("second".to_owned())));
    assert!(secrets.put(&arn, Value::Binary(vec![1, 2, 3])));
    let (_, newest) = get(&secrets, json!({ "SecretId": arn })).await;
    assert_eq!((&newest["SecretBinary"], &newest["VersionStages"]), (&json!("AQID"), &json!(["AWSCURRENT"])));
    assert!(newest.get("SecretString").is_none());
    let (_, before) = get(&secrets, json!({ "SecretId": arn, "VersionStage": "AWSPREVIOUS" })).await;
    assert_eq!(before["SecretString"], "second");
    let (_, oldest) = get(&secrets, json!({ "SecretId": "auth0", "VersionId": first["VersionId"] })).await;
    assert_eq!((&oldest["SecretString"], &oldest["VersionStages"]), (&json!("first"), &json!([])));
    assert_eq!(secrets.reads(), 4);
}

#[tokio::test]
async fn a_secret_that_is_not_there_or_marked_for_deletion_is_not_given() {
    let (secrets, arn) = service().await;
    let kind = |(status, body): (u16, Json)| (status, body["__type"].as_str().unwrap().to_owned());
    let other = json!({ "SecretId": "arn:aws:secretsmanager:us-east-1:123456789012:secret:other-abcdef" });
    assert_eq!(kind(get(&secrets, other).await), (400, "ResourceNotFoundException".to_owned()));
    let stage = json!({ "SecretId": arn, "VersionStage": "AWSPENDING" });
    assert_eq!(kind(get(&secrets, stage).await), (400, "ResourceNotFoundException".to_owned()));
    let more = json!({ "SecretId": arn, "Stage": "AWSCURRENT" });
    assert_eq!(kind(get(&secrets, more).await), (400, "SerializationException".to_owned()));
    assert!(secrets.delete(&arn) && !secrets.delete("another"));
    assert_eq!(kind(get(&secrets, json!({ "SecretId": arn })).await), (400, "InvalidRequestException".to_owned()));
}

#[tokio::test]
async fn where_policies_are_enforced_a_role_reads_its_own_secret_and_no_other() {
    let (secrets, own) = service().await;
    let other = secrets.create("openfga", "other");
    let iam = Iam::new();
    let allowed = policy(&json!([{ "Effect": "Allow", "Action": "secretsmanager:GetSecretValue", "Resource": own }]));
    iam.add_role(&Role::new("tool").allowing(allowed)).unwrap();
    let keys = iam.function_credentials("tool", "f").unwrap();
    secrets.enforce(&iam);
    assert_eq!(get_as(&secrets, Some(&keys), json!({ "SecretId": own })).await.0, 200);
    let (status, refused) = get_as(&secrets, Some(&keys), json!({ "SecretId": other })).await;
    assert_eq!((status, refused["__type"].as_str()), (400, Some("AccessDeniedException")));
    assert!(refused.get("SecretString").is_none());
}

#[tokio::test]
async fn a_fault_hits_the_operation_that_it_names() {
    let (secrets, arn) = service().await;
    let effect = Effect::Answer { status: 500, headers: BTreeMap::new(), body: "{}".to_owned() };
    secrets.fault(Fault { on: "POST /GetSecretValue".to_owned(), times: Some(1), skip: 0, effect });
    assert_eq!(get(&secrets, json!({ "SecretId": arn })).await.0, 500);
    assert_eq!(get(&secrets, json!({ "SecretId": arn })).await.0, 200);
}
