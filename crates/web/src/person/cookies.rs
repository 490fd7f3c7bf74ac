//! Our two cookies, read byte for byte.
//!
//! The reader is our own: those that there are trim names by Unicode's idea of white space, and then a cookie of a sibling
//! domain passes for one with the prefix `__Host-`.

use axum::response::Response;
use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use auth::secret::Secret;

use crate::problem::Problem;

/// Holds a session.
pub const SESSION: &str = "__Host-mandate";
/// Binds a sign-in to the browser that began it.
pub const SIGN_IN: &str = "__Host-mandate-sign-in";

/// 32 random bytes in base64url.
const LENGTH: usize = 43;

/// The value of the cookie of this name; nothing if there is none, or if it has not the form that ours have.
///
/// # Errors
/// [`Unreadable`].
pub(crate) fn read(headers: &HeaderMap, name: &str) -> Result<Option<Secret>, Problem> {
    cookie(headers, name).map_err(|why| {
        Problem::cookies(match why {
            Unreadable::Bytes => "The request's cookies cannot be read.",
            Unreadable::Twice => "The request has a cookie of ours twice.",
        })
    })
}

/// Why no cookie is read: somebody else wrote one of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// A `Cookie` header has anything but printable ASCII in it.
    Bytes,
    /// The name is there twice.
    Twice,
}

/// The value of the cookie of this name in the `Cookie` headers: 43 characters of base64url. Nothing if there is none, or if it
/// has not the form that ours have.
///
/// # Errors
/// [`Unreadable`].
pub fn cookie(headers: &HeaderMap, name: &str) -> Result<Option<Secret>, Unreadable> {
    let mut found = None;
    for header in headers.get_all(COOKIE) {
        let bytes = header.as_bytes();
        if !bytes.iter().all(|byte| (0x20..=0x7e).contains(byte)) {
            return Err(Unreadable::Bytes);
        }
        for pair in bytes.split(|byte| *byte == b';') {
            let pair = pair.strip_prefix(b" ").unwrap_or(pair);
            let Some(value) = pair.strip_prefix(name.as_bytes()).and_then(|rest| rest.strip_prefix(b"=")) else {
                continue;
            };
            if found.replace(value).is_some() {
                return Err(Unreadable::Twice);
            }
        }
    }
    let ours = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_".contains(byte);
    let value = found.filter(|value| value.len() == LENGTH && value.iter().all(ours));
    Ok(value.and_then(|value| std::str::from_utf8(value).ok()).map(|value| Secret::new(value.to_owned())))
}

/// Has the browser keep it for so many seconds.
pub(crate) fn set(response: &mut Response, name: &str, value: &Secret, seconds: u64) {
    put(response, &format!("{name}={}; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age={seconds}", value.expose()));
}

/// Has the browser forget it.
pub(crate) fn clear(response: &mut Response, name: &str) {
    put(response, &format!("{name}=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0"));
}

fn put(response: &mut Response, cookie: &str) {
    if let Ok(mut value) = HeaderValue::from_str(cookie) {
        value.set_sensitive(true);
        response.headers_mut().append(SET_COOKIE, value);
    }
}

#[cfg(test)]
mod tests {
    use http::header::COOKIE;
    use http::{HeaderMap, HeaderValue};

    use super::{SESSION, read};

    const VALUE: &str = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFG";

    fn of(headers: &[&[u8]]) -> Result<Option<String>, ()> {
        let mut map = HeaderMap::new();
        for header in headers {
            map.append(COOKIE, HeaderValue::from_bytes(header).unwrap());
        }
        read(&map, SESSION).map(|value| value.map(|value| value.expose().to_owned())).map_err(|_| ())
    }

    #[test]
    fn a_cookie_is_found_by_its_whole_name() {
        let own = format!("a=b; {SESSION}={VALUE}; c");
        assert_eq!(of(&[own.as_bytes()]), Ok(Some(VALUE.to_owned())));
        for other in
            ["__host-mandate", "__Host-mandate-sign-in", "X__Host-mandate", "__Host-mandate ", "  __Host-mandate"]
        {
            assert_eq!(of(&[format!("{other}={VALUE}").as_bytes()]), Ok(None), "{other}");
        }
        for value in
            ["", "short", &VALUE.replacen("0", "", 1), &format!("{VALUE}x"), &VALUE.replace('0', "="), "\"quoted\""]
        {
            assert_eq!(of(&[format!("{SESSION}={value}").as_bytes()]), Ok(None), "{value}");
        }
    }

    // S04
    #[test]
    fn a_name_that_is_there_twice_or_bytes_that_are_not_ascii_are_refused() {
        let own = format!("{SESSION}={VALUE}");
        assert_eq!(of(&[format!("{own}; {own}").as_bytes()]), Err(()));
        assert_eq!(of(&[own.as_bytes(), own.as_bytes()]), Err(()));
        for space in ["\u{a0}", "\u{2003}", "\u{feff}", "\u{85}"] {
            assert_eq!(of(&[format!("{space}{own}").as_bytes()]), Err(()));
            assert_eq!(of(&[format!("a=b; {space}{own}").as_bytes()]), Err(()));
        }
        assert_eq!(of(&[b"a=\xff"]), Err(()));
    }
}
