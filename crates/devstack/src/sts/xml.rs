//! The Query protocol's answers.

use axum::body::Body;
use axum::response::Response;
use http::{HeaderValue, StatusCode};

use super::assume::Issued;
use crate::clock::iso;
use crate::lambda::stamp;

const NAMESPACE: &str = "https://sts.amazonaws.com/doc/2011-06-15/";

pub(super) fn answer(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert("content-type", HeaderValue::from_static("text/xml"));
    response
}

pub(super) fn error(code: &str, message: &str) -> String {
    let (code, message, id) = (escaped(code), escaped(message), stamp::uuid());
    let error = element("Error", &format!("<Type>Sender</Type><Code>{code}</Code><Message>{message}</Message>"));
    format!("<ErrorResponse xmlns=\"{NAMESPACE}\">{error}<RequestId>{id}</RequestId></ErrorResponse>")
}

pub(super) fn assumed(issued: &Issued) -> Response {
    let Issued { credentials, session, role_id, packed } = issued;
    let identity = session.source_identity.as_deref().map(|identity| element("SourceIdentity", &escaped(identity)));
    let user = element("Arn", &escaped(&session.arn()))
        + &element("AssumedRoleId", &escaped(&format!("{role_id}:{}", session.session_name)));
    let keys = element("AccessKeyId", &credentials.access_key_id)
        + &element("SecretAccessKey", &credentials.secret_access_key)
        + &element("SessionToken", &credentials.session_token)
        + &element("Expiration", &iso(session.expires_at.unwrap_or_default()));
    let result = element("AssumedRoleUser", &user) + &element("Credentials", &keys);
    let size = session.policy.is_some() || !session.tags.is_empty();
    let size = if size { element("PackedPolicySize", &packed.to_string()) } else { String::new() };
    result_of("AssumeRole", &(identity.unwrap_or_default() + &result + &size))
}

pub(super) fn identity(arn: &str, user_id: &str, account: &str) -> Response {
    let result = element("Arn", &escaped(arn)) + &element("UserId", &escaped(user_id)) + &element("Account", account);
    result_of("GetCallerIdentity", &result)
}

fn result_of(action: &str, result: &str) -> Response {
    let (result, id) = (element(&format!("{action}Result"), result), element("RequestId", &stamp::uuid()));
    let metadata = element("ResponseMetadata", &id);
    answer(StatusCode::OK, format!("<{action}Response xmlns=\"{NAMESPACE}\">{result}{metadata}</{action}Response>"))
}

fn element(name: &str, content: &str) -> String {
    format!("<{name}>{content}</{name}>")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
