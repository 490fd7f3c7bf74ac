//! How a secret may look when it has got somewhere.

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// The secret raw, percent-encoded, in hex, escaped as in JSON twice, and the part of each base64 form that does not
/// depend on what stands before and after it.
pub(super) fn dresses(secret: &str) -> Vec<(String, String)> {
    let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
    let percent = utf8_percent_encode(secret, NON_ALPHANUMERIC).to_string();
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let mut all = vec![
        ("raw".to_owned(), secret.to_owned()),
        ("reversed".to_owned(), secret.chars().rev().collect()),
        ("hex".to_owned(), hex.to_uppercase()),
        ("percent-encoded in lower case".to_owned(), percent.to_lowercase()),
        ("percent-encoded".to_owned(), percent),
        ("form-encoded".to_owned(), form),
    ];
    all.push(("hex in lower case".to_owned(), hex));
    for (name, engine) in [("base64", STANDARD), ("base64url", URL_SAFE)] {
        for before in 0..3_usize {
            let mut bytes = vec![0; before];
            bytes.extend_from_slice(secret.as_bytes());
            let text = engine.encode(&bytes);
            // Characters that mix with what is before the secret, and the last ones, which mix with what follows.
            let start = [0, 2, 3][before];
            let whole = bytes.len() / 3 * 4;
            all.push((format!("{name} after {before} bytes"), text[start..whole].to_owned()));
        }
    }
    all.sort();
    all.dedup_by(|one, other| one.1 == other.1);
    all
}
