//! The compact serialisation, cut without allocating (RFC 7515 section 7.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use super::refused::Rule;

/// Bytes of a whole token. Access tokens of the supported issuers are 1 to 3 KiB.
pub(super) const MAX_TOKEN_BYTES: usize = 8 * 1024;

pub(super) struct Segments<'a> {
    pub(super) signing_input: &'a str,
    pub(super) header: &'a str,
    pub(super) payload: &'a str,
    pub(super) signature: &'a str,
}

/// Cuts at exactly two dots. The size is looked at first, so no work grows with what was sent.
pub(super) fn cut(token: &str) -> Result<Segments<'_>, Rule> {
    if token.len() > MAX_TOKEN_BYTES {
        return Err(Rule::Size);
    }
    let (signing_input, signature) = token.rsplit_once('.').ok_or(Rule::Segments)?;
    let (header, payload) = signing_input.split_once('.').ok_or(Rule::Segments)?;
    let empty = header.is_empty() || payload.is_empty() || signature.is_empty();
    if empty || payload.contains('.') {
        return Err(Rule::Segments);
    }
    Ok(Segments { signing_input, header, payload, signature })
}

/// Base64url of one form only: this engine refuses padding, other characters and spare bits that are not zero, so that
/// two different texts never stand for the same bytes.
pub(super) fn decode(segment: &str) -> Result<Vec<u8>, Rule> {
    URL_SAFE_NO_PAD.decode(segment).map_err(|_| Rule::Base64)
}
