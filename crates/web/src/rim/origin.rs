//! Whether a change comes from a page of ours.

use http::HeaderMap;
use http::header::ORIGIN;

/// The browser says that the request comes from our own origin: by `Origin` (RFC 6454 section 7), by `Sec-Fetch-Site`, or by
/// both. Neither may say otherwise, each may be there once, and one of them must be.
pub(crate) fn same_origin(headers: &HeaderMap, own: &str) -> bool {
    let says = |name: &str, expected: &str| {
        let mut values = headers.get_all(name).iter();
        match (values.next(), values.next()) {
            (None, _) => None,
            (Some(value), None) => Some(value.as_bytes() == expected.as_bytes()),
            (Some(_), Some(_)) => Some(false),
        }
    };
    match (says(ORIGIN.as_str(), own), says("sec-fetch-site", "same-origin")) {
        (None, None) => false,
        (origin, site) => origin != Some(false) && site != Some(false),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::same_origin;

    const OWN: &str = "https://chat.example";

    fn says(pairs: &[(&'static str, &str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        same_origin(&headers, OWN)
    }

    // S06
    #[test]
    fn only_what_says_that_it_is_ours_is_ours() {
        assert!(says(&[("origin", OWN)]));
        assert!(says(&[("sec-fetch-site", "same-origin")]));
        assert!(says(&[("origin", OWN), ("sec-fetch-site", "same-origin")]));
        assert!(!says(&[]));
        for origin in ["null", "https://chat.example.evil.test", "https://chat.example/", "http://chat.example", ""] {
            assert!(!says(&[("origin", origin)]), "{origin}");
            assert!(!says(&[("origin", origin), ("sec-fetch-site", "same-origin")]), "{origin}");
        }
        for site in ["cross-site", "same-site", "none", "Same-Origin"] {
            assert!(!says(&[("origin", OWN), ("sec-fetch-site", site)]), "{site}");
        }
        assert!(!says(&[("origin", OWN), ("origin", "https://evil.test")]));
    }
}
