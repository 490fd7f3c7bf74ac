//! Whether a change comes from a page of ours.

use http::header::ORIGIN;
use http::{HeaderMap, HeaderValue};

/// The browser says that the request comes from our own origin: by `Origin` (RFC 6454 section 7), by `Sec-Fetch-Site`, or by
/// both. Neither may say otherwise, each may be there once, and one of them must be. With our forms browsers send `Origin: null`,
/// for our pages ask that they send no referrer (Fetch, "append a request `Origin` header"): that says nothing, so the other must.
pub(crate) fn same_origin(headers: &HeaderMap, own: &str) -> bool {
    let (Ok(origin), Ok(site)) = (at_most_once(headers, ORIGIN.as_str()), at_most_once(headers, "sec-fetch-site"))
    else {
        return false;
    };
    let by_origin = origin.filter(|origin| *origin != b"null").map(|origin| origin == own.as_bytes());
    let by_site = site.map(|site| site == b"same-origin");
    by_origin != Some(false) && by_site != Some(false) && (by_origin, by_site) != (None, None)
}

/// The browser says that another site, or one beside ours, led it here: by a link, a window or a redirect. Who types an address,
/// and a browser that says nothing, are not led.
pub(crate) fn led_here(headers: &HeaderMap) -> bool {
    match at_most_once(headers, "sec-fetch-site") {
        Ok(site) => site.is_some_and(|site| site != b"same-origin" && site != b"none"),
        Err(Twice) => true,
    }
}

struct Twice;

fn at_most_once<'a>(headers: &'a HeaderMap, name: &str) -> Result<Option<&'a [u8]>, Twice> {
    let mut values = headers.get_all(name).iter().map(HeaderValue::as_bytes);
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        (_, Some(_)) => Err(Twice),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderName, HeaderValue};

    use super::{led_here, same_origin};

    const OWN: &str = "https://chat.example";

    fn of(pairs: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.append(HeaderName::from_static(name), HeaderValue::from_str(value).unwrap());
        }
        headers
    }

    fn says(pairs: &[(&'static str, &str)]) -> bool {
        same_origin(&of(pairs), OWN)
    }

    #[test]
    fn another_site_and_one_beside_ours_lead_here_and_nobody_else_does() {
        for site in ["cross-site", "same-site", "", "Same-Origin"] {
            assert!(led_here(&of(&[("sec-fetch-site", site)])), "{site}");
        }
        for pairs in [&[][..], &[("sec-fetch-site", "same-origin")], &[("sec-fetch-site", "none")]] {
            assert!(!led_here(&of(pairs)), "{pairs:?}");
        }
        assert!(led_here(&of(&[("sec-fetch-site", "none"), ("sec-fetch-site", "none")])));
    }

    // S06
    #[test]
    fn only_what_says_that_it_is_ours_is_ours() {
        assert!(says(&[("origin", OWN)]));
        assert!(says(&[("sec-fetch-site", "same-origin")]));
        assert!(says(&[("origin", OWN), ("sec-fetch-site", "same-origin")]));
        assert!(!says(&[]));
        assert!(says(&[("origin", "null"), ("sec-fetch-site", "same-origin")]), "a form of a page without referrer");
        assert!(!says(&[("origin", "null")]) && !says(&[("origin", "null"), ("sec-fetch-site", "cross-site")]));
        for origin in ["https://chat.example.evil.test", "https://chat.example/", "http://chat.example", ""] {
            assert!(!says(&[("origin", origin)]), "{origin}");
            assert!(!says(&[("origin", origin), ("sec-fetch-site", "same-origin")]), "{origin}");
        }
        for site in ["cross-site", "same-site", "none", "Same-Origin"] {
            assert!(!says(&[("origin", OWN), ("sec-fetch-site", site)]), "{site}");
        }
        assert!(!says(&[("origin", OWN), ("origin", "https://evil.test")]));
    }
}
