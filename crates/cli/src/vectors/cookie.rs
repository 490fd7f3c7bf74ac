//! The web application's cookies.

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;
use vectors::{Answer, Request};
use web::cookies::{self, Unreadable};

use super::Operation;

pub(super) const OF_THE_SESSION: Operation = Operation {
    name: "cookie",
    told: "finds the session's cookie in the `Cookie` headers of a request, byte for byte. `value` is null if there is none of \
           our form. With\n`name`: sign_in, the cookie of a sign-in that has begun.",
    example: (
        r#"{"op":"cookie","headers":["theme=dark; __Host-mandate=0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"]}"#,
        r#"{"ok":true,"value":"0123456789abcdefghijklmnopqrstuvwxyzABCDEFG"}"#,
    ),
    answer: cookie,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    headers: Vec<String>,
    #[serde(default)]
    name: Name,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    #[default]
    Session,
    SignIn,
}

fn cookie(request: &Request) -> Result<Answer, Answer> {
    let members: Members = request.members()?;
    let mut headers = HeaderMap::new();
    for header in &members.headers {
        // The HTTP server refuses control characters before anybody reads a header.
        let value = HeaderValue::from_bytes(header.as_bytes()).map_err(|_| Answer::refused("not_a_header"))?;
        headers.try_append(COOKIE, value).map_err(|_| Answer::refused("too_many_headers"))?;
    }
    let name = match members.name {
        Name::Session => cookies::SESSION,
        Name::SignIn => cookies::SIGN_IN,
    };
    match cookies::cookie(&headers, name) {
        Ok(value) => Ok(Answer::good().with("value", value.map(|value| value.expose().to_owned()))),
        Err(Unreadable::Bytes) => Err(Answer::refused("not_ascii")),
        Err(Unreadable::Twice) => Err(Answer::refused("twice")),
    }
}
