mod assume;
mod bounds;
mod protocol;

use serde_json::{Value, json};
use url::form_urlencoded;

use super::{Sts, start};
use crate::iam::tests::{policy, signed};
use crate::iam::{Credentials, Iam, Role, role_arn};
use crate::okta::wire;

/// May assume `tool`, tag its session and set its source identity.
fn worker() -> Role {
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    Role::new("worker").allowing(policy(&json!({ "Effect": "Allow", "Action": actions, "Resource": role_arn("tool") })))
}

/// Trusts `worker`, under a condition.
fn trusting(actions: &Value, condition: &Value) -> Value {
    let worker = json!({ "AWS": role_arn("worker") });
    json!({ "Effect": "Allow", "Principal": worker, "Action": actions, "Condition": condition })
}

/// An account in which `worker` may assume `tool`, with tags and a source identity.
async fn service() -> (Sts, Credentials) {
    let trust = policy(&trusting(&json!(["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]), &json!({})));
    trusted_by(trust).await
}

async fn trusted_by(trust: Value) -> (Sts, Credentials) {
    let iam = Iam::new();
    iam.add_role(&worker()).unwrap();
    let everything = policy(&json!({ "Effect": "Allow", "Action": "*", "Resource": "*" }));
    iam.add_role(&Role::new("tool").trusting(trust).allowing(everything)).unwrap();
    let credentials = iam.function_credentials("worker", "okta-groups").unwrap();
    (start(wire::listener().await, iam).await.unwrap(), credentials)
}

async fn call(sts: &Sts, credentials: Option<&Credentials>, fields: &[(&str, &str)]) -> wire::Answer {
    let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
    let signature = credentials.map(signed).unwrap_or_default();
    let mut headers = vec![("content-type", "application/x-www-form-urlencoded")];
    headers.extend(signature.iter().map(|(name, value)| (*name, value.as_str())));
    wire::send("POST", &format!("{}/", sts.double.url()), &headers, &body).await
}

/// `AssumeRole` of `tool`, with more fields.
async fn assume(sts: &Sts, credentials: &Credentials, more: &[(&str, &str)]) -> wire::Answer {
    let arn = role_arn("tool");
    let mut fields = vec![("Action", "AssumeRole"), ("Version", "2011-06-15"), ("RoleArn", arn.as_str())];
    if !more.iter().any(|(name, _)| *name == "RoleSessionName") {
        fields.push(("RoleSessionName", "call"));
    }
    fields.extend(more);
    call(sts, Some(credentials), &fields).await
}

/// The text of the first element of this name.
fn text<'a>(answer: &'a wire::Answer, element: &str) -> &'a str {
    let (_, rest) = answer.text.split_once(&format!("<{element}>")).unwrap_or_default();
    rest.split_once(&format!("</{element}>")).unwrap_or_default().0
}

fn issued(answer: &wire::Answer) -> Credentials {
    assert_eq!(answer.status, 200, "{}", answer.text);
    Credentials {
        access_key_id: text(answer, "AccessKeyId").to_owned(),
        secret_access_key: text(answer, "SecretAccessKey").to_owned(),
        session_token: text(answer, "SessionToken").to_owned(),
    }
}

fn refusal(answer: &wire::Answer) -> (u16, &str) {
    (answer.status, text(answer, "Code"))
}
