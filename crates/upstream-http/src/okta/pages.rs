//! `Link` headers (RFC 8288) as Okta sends them: several lines, `rel="self"` and `rel="next"`.

use percent_encoding::percent_decode_str;
use url::Url;

use super::OktaError;
use crate::transport::Reply;

/// The longest id of a user that is followed.
const LONGEST_ID: usize = 40;

/// The pages of one answer. The token goes along to each, so a link must lead to the address that was asked first, but
/// for its query and for how it names the user: Okta's links have the user's id where `me` or a login was asked.
pub(super) struct Pages {
    first: Url,
    id: Option<Vec<u8>>,
}

impl Pages {
    pub(super) fn of(first: Url) -> Self {
        Self { first, id: None }
    }

    /// The next page's address, if there is one.
    pub(super) fn next(&mut self, reply: &Reply) -> Result<Option<Url>, OktaError> {
        // A target may hold commas but never a `<`, so that is where one link ends and the next begins.
        let links = reply.headers("link").flat_map(|line| line.split('<').skip(1));
        for link in links {
            let Some((target, parameters)) = link.split_once('>') else { continue };
            let is_next =
                parameters.split([';', ',']).any(|parameter| matches!(parameter.trim(), "rel=\"next\"" | "rel=next"));
            if is_next {
                return self.follow(target).map(Some);
            }
        }
        Ok(None)
    }

    pub(super) fn follow(&mut self, target: &str) -> Result<Url, OktaError> {
        let elsewhere = OktaError::Unavailable("a page link leads elsewhere");
        let Ok(url) = Url::parse(target) else { return Err(elsewhere) };
        let same = url.origin() == self.first.origin()
            && url.username().is_empty()
            && url.password().is_none()
            && self.is_same_path(&url);
        if same { Ok(url) } else { Err(elsewhere) }
    }

    fn is_same_path(&mut self, url: &Url) -> bool {
        let (one, other) = (segments(url), segments(&self.first));
        if one == other {
            return true;
        }
        match (one.as_slice(), other.as_slice()) {
            ([base @ .., id, groups], [first_base @ .., _, first_groups]) => {
                let only_the_user_differs = base == first_base
                    && groups == first_groups
                    && base.last().is_some_and(|segment| segment == b"users")
                    && groups == b"groups";
                only_the_user_differs && is_user_id(id) && self.id.get_or_insert_with(|| id.clone()) == id
            }
            _ => false,
        }
    }
}

fn is_user_id(segment: &[u8]) -> bool {
    segment.starts_with(b"00u") && segment.len() <= LONGEST_ID && segment.iter().all(u8::is_ascii_alphanumeric)
}

/// Decoded one by one: the same path may be written with other escapes, but an escaped slash is not a slash.
fn segments(url: &Url) -> Vec<Vec<u8>> {
    url.path().split('/').map(|segment| percent_decode_str(segment).collect()).collect()
}
