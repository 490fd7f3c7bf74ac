mod conditions;
mod documents;
mod evaluation;
mod identifiers;
mod registry;

use http::HeaderMap;
use serde_json::{Value, json};

use super::{Ask, Caller, Context, Credentials, Document, Grant, Iam, Kind, Role};

const ROW: &str = "arn:aws:dynamodb:us-east-1:123456789012:table/rows";

/// The headers of a signed request.
pub(crate) fn signed(credentials: &Credentials) -> Vec<(&'static str, String)> {
    let signature = format!(
        "AWS4-HMAC-SHA256 Credential={}/20260101/us-east-1/any/aws4_request, SignedHeaders=host;x-amz-date, Signature=00",
        credentials.access_key_id
    );
    vec![
        ("authorization", signature),
        ("x-amz-date", "20260101T000000Z".to_owned()),
        ("x-amz-security-token", credentials.session_token.clone()),
    ]
}

pub(crate) fn policy(statements: &Value) -> Value {
    json!({ "Version": "2012-10-17", "Statement": statements })
}

fn headers(credentials: &Credentials) -> HeaderMap {
    signed(credentials).into_iter().map(|(name, value)| (name.parse().unwrap(), value.parse().unwrap())).collect()
}

/// A session of a role with this permissions policy: tags, source identity and session policy as given.
fn session(
    permissions: &Value,
    tags: &[(&str, &str)],
    identity: Option<&str>,
    policy: Option<&Value>,
) -> (Iam, Caller) {
    let iam = Iam::new();
    iam.add_role(&Role::new("tool").allowing(permissions.clone())).unwrap();
    let policy = policy.map(|policy| {
        let text = policy.to_string();
        let document = Document::parse(&text, Kind::Permissions).unwrap();
        (text, document)
    });
    let (credentials, _) = iam.issue(Grant {
        role: "tool".into(),
        session_name: "call".into(),
        source_identity: identity.map(str::to_owned),
        tags: tags.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())).collect(),
        transitive: Default::default(),
        policy,
        issued_to: String::new(),
        seconds: Some(3600),
    });
    let caller = iam.caller(&headers(&credentials)).unwrap();
    (iam, caller)
}

/// Whether an untagged session of a role with one statement may read `ROW` in this context.
fn opens(statement: &Value, context: Context) -> bool {
    let (iam, caller) = session(&policy(statement), &[], None, None);
    iam.authorize(&caller, &Ask::new("dynamodb:GetItem", ROW).about(context)).is_ok()
}

/// A statement that allows everything under a condition.
fn when(condition: Value) -> Value {
    json!({ "Effect": "Allow", "Action": "*", "Resource": "*", "Condition": condition })
}

fn keys(values: &[&str]) -> Context {
    values.iter().fold(Context::default(), |context, value| context.with("dynamodb:LeadingKeys", *value))
}
