//! Pages, and the `Link` headers that join them.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::LINK;
use http::{HeaderMap, HeaderValue};
use serde::Deserialize;

use super::problem::Problem;

/// The query of a list call.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Paging {
    after: Option<String>,
    limit: Option<String>,
}

/// One page: the items, and the cursor of the next page if there is one.
pub(super) struct Page<'a, T> {
    pub(super) items: Vec<&'a T>,
    pub(super) limit: usize,
    pub(super) next: Option<String>,
}

/// Cuts one page out of `items`, which are in the order of `id`. `limit` is at most `most`.
pub(super) fn cut<'a, T>(
    items: Vec<&'a T>,
    id: impl Fn(&T) -> &str,
    paging: &Paging,
    most: usize,
    empty_last: bool,
) -> Result<Page<'a, T>, Problem> {
    let limit = match &paging.limit {
        None => most,
        Some(text) => match text.parse::<usize>() {
            Ok(limit) if limit > 0 => limit.min(most),
            Ok(_) | Err(_) => return Err(Problem::Paging),
        },
    };
    let after = match &paging.after {
        None => String::new(),
        Some(cursor) => open(cursor).ok_or(Problem::Paging)?,
    };
    let mut rest = items.into_iter().filter(|item| id(item) > after.as_str());
    let items: Vec<&T> = rest.by_ref().take(limit).collect();
    let more = rest.next().is_some() || (empty_last && items.len() == limit);
    let next = items.last().filter(|_| more).map(|last| seal(id(last)));
    Ok(Page { items, limit, next })
}

/// One header line for each relation. Okta sends them so, and a client must read them all.
pub(super) fn links(headers: &mut HeaderMap, address: &str, paging: &Paging, limit: usize, next: Option<&str>) {
    let own = paging.after.as_deref().map_or_else(String::new, |after| format!("after={after}&"));
    let mut lines = vec![format!("<{address}?{own}limit={limit}>; rel=\"self\"")];
    if let Some(next) = next {
        lines.push(format!("<{address}?after={next}&limit={limit}>; rel=\"next\""));
    }
    for line in lines {
        if let Ok(value) = HeaderValue::from_str(&line) {
            headers.append(LINK, value);
        }
    }
}

fn seal(id: &str) -> String {
    URL_SAFE_NO_PAD.encode(format!("after:{id}"))
}

fn open(cursor: &str) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    String::from_utf8(bytes).ok()?.strip_prefix("after:").map(str::to_owned)
}
