//! The event that a request becomes: payload format 2.0.
//! <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads>

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::COOKIE;
use http::request::Parts;
use serde_json::{Map, Value, json};

use crate::clock;
use crate::lambda::{ACCOUNT, REGION, stamp};

/// Headers that are there twice are joined by commas; cookies stand in their own array; a body is base64 unless it is text.
pub(super) fn of(head: &Parts, body: &[u8]) -> Value {
    let mut headers = Map::new();
    for name in head.headers.keys().filter(|name| **name != COOKIE) {
        let values = head.headers.get_all(name).iter().map(|value| String::from_utf8_lossy(value.as_bytes()));
        headers.insert(name.as_str().to_owned(), Value::from(values.collect::<Vec<_>>().join(",")));
    }
    let cookies: Vec<String> = head
        .headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
            text.split("; ").map(str::to_owned).collect::<Vec<_>>()
        })
        .collect();
    let mut event = json!({
        "version": "2.0", "routeKey": "$default", "rawPath": head.uri.path(),
        "rawQueryString": head.uri.query().unwrap_or_default(), "headers": headers,
        "requestContext": {
            "accountId": "anonymous", "apiId": "urlid", "domainName": format!("urlid.lambda-url.{REGION}.on.aws"),
            "domainPrefix": "urlid", "requestId": stamp::uuid(), "routeKey": "$default", "stage": "$default",
            "time": stamp::iso(clock::now_ms()), "timeEpoch": clock::now_ms(), "ownerAccountId": ACCOUNT,
            "http": {
                "method": head.method.as_str(), "path": head.uri.path(), "protocol": "HTTP/1.1",
                "sourceIp": "127.0.0.1", "userAgent": "a browser",
            },
        },
        "isBase64Encoded": !body.is_empty(),
    });
    if let Value::Object(members) = &mut event {
        if !cookies.is_empty() {
            members.insert("cookies".to_owned(), json!(cookies));
        }
        if !body.is_empty() {
            members.insert("body".to_owned(), json!(STANDARD.encode(body)));
        }
    }
    event
}
