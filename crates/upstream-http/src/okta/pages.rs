//! `Link` headers (RFC 8288) as Okta sends them: several lines, `rel="self"` and `rel="next"`.

use percent_encoding::percent_decode_str;
use url::Url;

use super::OktaError;
use crate::transport::Reply;

/// The next page's address, if there is one. The token goes along with it, so it must be the address that was asked
/// first, but for its query.
pub(super) fn next(reply: &Reply, first: &Url) -> Result<Option<Url>, OktaError> {
    // A target may hold commas but never a `<`, so that is where one link ends and the next begins.
    let links = reply.headers("link").flat_map(|line| line.split('<').skip(1));
    for link in links {
        let Some((target, parameters)) = link.split_once('>') else { continue };
        let is_next =
            parameters.split([';', ',']).any(|parameter| matches!(parameter.trim(), "rel=\"next\"" | "rel=next"));
        if is_next {
            return follow(target, first).map(Some);
        }
    }
    Ok(None)
}

pub(super) fn follow(target: &str, first: &Url) -> Result<Url, OktaError> {
    let elsewhere = OktaError::Unavailable("a page link leads elsewhere");
    let Ok(url) = Url::parse(target) else { return Err(elsewhere) };
    let same = url.origin() == first.origin()
        && segments(&url).eq(segments(first))
        && url.username().is_empty()
        && url.password().is_none();
    if same { Ok(url) } else { Err(elsewhere) }
}

/// Decoded one by one: the same path may be written with other escapes, but an escaped slash is not a slash.
fn segments(url: &Url) -> impl Iterator<Item = Vec<u8>> {
    url.path().split('/').map(|segment| percent_decode_str(segment).collect())
}
