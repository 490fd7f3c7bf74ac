//! What a function URL sends: payload format 2.0.
//! <https://docs.aws.amazon.com/lambda/latest/dg/urls-invocation.html#urls-payloads>

use std::collections::BTreeMap;
use std::net::IpAddr;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::COOKIE;
use http::{HeaderName, HeaderValue, Request};
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    version: String,
    raw_path: String,
    #[serde(default)]
    raw_query_string: String,
    #[serde(default)]
    cookies: Vec<String>,
    #[serde(default)]
    headers: BTreeMap<String, String>,
    request_context: Context,
    #[serde(default)]
    body: Option<String>,
    #[serde(default)]
    is_base64_encoded: bool,
}

#[derive(Deserialize)]
struct Context {
    http: Http,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Http {
    method: String,
    source_ip: String,
}

/// The request, and the address of whoever opened the connection to AWS. No header is believed to know it better.
pub(super) fn request(event: &str) -> Result<(Request<Body>, IpAddr), &'static str> {
    let event: Event = serde_json::from_str(event).map_err(|_| "event: not of a function URL")?;
    if event.version != "2.0" {
        return Err("event: another payload version");
    }
    let Http { method, source_ip } = event.request_context.http;
    let peer = source_ip.parse().map_err(|_| "event: `sourceIp` is no address")?;
    let body = match (event.body, event.is_base64_encoded) {
        (None, _) => Vec::new(),
        (Some(text), false) => text.into_bytes(),
        (Some(text), true) => STANDARD.decode(text).map_err(|_| "event: the body is no base64")?,
    };
    let uri = match event.raw_query_string.as_str() {
        "" => event.raw_path,
        query => format!("{}?{query}", event.raw_path),
    };
    let mut request = Request::builder()
        .method(method.as_str())
        .uri(uri)
        .body(Body::from(body))
        .map_err(|_| "event: method or path is none")?;
    for (name, value) in &event.headers {
        let (name, value) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_bytes(value.as_bytes()));
        let (name, value) =
            (name.map_err(|_| "event: a header is none")?, value.map_err(|_| "event: a header is none")?);
        if name != COOKIE || event.cookies.is_empty() {
            request.headers_mut().insert(name, value);
        }
    }
    if !event.cookies.is_empty() {
        let cookies =
            HeaderValue::from_bytes(event.cookies.join("; ").as_bytes()).map_err(|_| "event: a cookie is none")?;
        request.headers_mut().insert(COOKIE, cookies);
    }
    Ok((request, peer))
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;
    use serde_json::{Value, json};

    use super::request;

    fn event() -> Value {
        json!({
            "version": "2.0", "rawPath": "/activity", "rawQueryString": "before=1%23x", "cookies": ["a=1", "b=2"],
            "headers": {"accept": "text/html", "x-forwarded-for": "9.9.9.9", "cookie": "c=3"},
            "requestContext": {"http": {"method": "GET", "path": "/activity", "sourceIp": "192.0.2.7"}},
            "isBase64Encoded": false,
        })
    }

    #[test]
    fn an_event_becomes_the_request_that_the_browser_sent() {
        let (request, peer) = request(&event().to_string()).unwrap();
        assert_eq!(
            (request.method().as_str(), request.uri().to_string()),
            ("GET", "/activity?before=1%23x".to_owned())
        );
        assert_eq!(request.headers()[COOKIE], "a=1; b=2", "the header is not taken beside the array");
        assert_eq!(request.headers().get_all(COOKIE).iter().count(), 1);
        assert_eq!(peer.to_string(), "192.0.2.7");
    }

    #[test]
    fn what_is_no_such_event_is_no_request() {
        let bent = |pointer: &str, value: Value| {
            let mut event = event();
            *event.pointer_mut(pointer).unwrap() = value;
            event.to_string()
        };
        for text in [
            "null".to_owned(),
            "{}".to_owned(),
            bent("/version", json!("1.0")),
            bent("/rawPath", json!("no path")),
            bent("/requestContext/http/method", json!("")),
            bent("/requestContext/http/sourceIp", json!("nobody")),
            bent("/cookies", json!(["a\r\nb"])),
            bent("/cookies", json!([1])),
            bent("/headers", json!({"x": "a\nb"})),
            bent("/headers", json!({"a b": "x"})),
            bent("/isBase64Encoded", json!("yes")),
        ] {
            assert!(request(&text).is_err(), "{text}");
        }
        let mut event = event();
        event["body"] = json!("%%%");
        event["isBase64Encoded"] = json!(true);
        assert!(request(&event.to_string()).is_err());
    }
}
