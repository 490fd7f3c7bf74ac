//! `return_to` on the first line, `Cookie` headers on the others.
#![no_main]

use http::header::COOKIE;
use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use web::Place;
use web::cookies::{SESSION, SIGN_IN, cookie};

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|byte| *byte == b'\n');
    let wanted = lines.next().unwrap_or_default();
    if let Ok(wanted) = std::str::from_utf8(wanted) {
        let path = Place::of(wanted).path();
        assert!(["/", "/activity", "/accounts"].contains(&path));
        assert!(path == wanted || path == "/");
    }
    let mut headers = HeaderMap::new();
    for value in lines.filter_map(|line| HeaderValue::from_bytes(line).ok()) {
        headers.append(COOKIE, value);
    }
    let all: Vec<&[u8]> = headers.get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    for name in [SESSION, SIGN_IN] {
        let Ok(Some(value)) = cookie(&headers, name) else { continue };
        assert_eq!(value.expose().len(), 43);
        assert!(value.expose().bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)));
        // It stands there once, as a whole pair, under exactly this name.
        let pair = format!("{name}={}", value.expose());
        let pairs = all.iter().flat_map(|header| header.split(|byte| *byte == b';'));
        let found = pairs.filter(|found| found.strip_prefix(b" ").unwrap_or(found) == pair.as_bytes()).count();
        assert_eq!(found, 1);
    }
});
