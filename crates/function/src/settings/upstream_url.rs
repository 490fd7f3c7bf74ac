//! Which URLs may be called.

use url::{Host, Url};

pub(super) const TAKES: &str =
    "an https URL without user name, password and fragment; http for 127.0.0.0/8, ::1 and localhost only";

/// An absolute URL of a service that we call. Plain http is for doubles on this machine: anything else would send
/// tokens in the clear.
///
/// # Errors
/// What is wrong with it. The text is not repeated.
pub fn parse(text: &str) -> Result<Url, &'static str> {
    // The parser would drop white space and mend missing slashes, so that the text in a template and the place that is
    // called would differ.
    let plain = text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if !plain || !(text.starts_with("https://") || text.starts_with("http://")) {
        return Err("is not an https or http URL");
    }
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err("holds a user name or a password");
    }
    if url.fragment().is_some() {
        return Err("holds a fragment");
    }
    if url.scheme() == "http" && !is_loopback(&url) {
        return Err("is plain http to another machine");
    }
    Ok(url)
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(domain)) => domain == "localhost",
        None => false,
    }
}
