//! Which headers and query parameters go on to a target.
//! <https://docs.aws.amazon.com/bedrock-agentcore/latest/devguide/gateway-headers.html>

use std::collections::BTreeMap;

use http::{HeaderMap, Uri};
use url::form_urlencoded;

use super::config::Target;
use super::jws::{self, Jws};

/// The longest value of a header, in bytes.
const LONGEST: usize = 4096;
/// The one kind of AWS's own headers that may be passed on.
const CUSTOM: &str = "x-amzn-bedrock-agentcore-runtime-custom-";

/// Headers that the REQUEST interceptor put in, with names in lower case. Those that break the rules are left out.
#[derive(Clone, Debug, Default)]
pub(super) struct Injected(BTreeMap<String, String>);

impl Injected {
    pub(super) fn of(headers: BTreeMap<String, String>) -> Self {
        let lower = headers.into_iter().map(|(name, value)| (name.to_ascii_lowercase(), value));
        Self(
            lower
                .filter(|(name, value)| (name == "authorization" || may_be_allowed(name)) && is_plain(value))
                .collect(),
        )
    }

    /// Whether evaluation of the policies breaks: they are handed an `Authorization` that is no JWT.
    pub(super) fn breaks_evaluation(&self) -> bool {
        let injected = self.0.get("authorization");
        injected.is_some_and(|value| jws::bearer(value).and_then(Jws::parse).is_none())
    }
}

/// Whether a target's list may hold this header. The longer list of AWS's restricted names is not looked at.
pub(super) fn may_be_allowed(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let own = name.starts_with("x-amzn-") && !name.starts_with(CUSTOM);
    !name.is_empty() && name.chars().all(known) && !own && name != "authorization"
}

fn is_plain(value: &str) -> bool {
    value.len() <= LONGEST && value.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

/// What the target's function may see of the headers, under the names of its list.
pub(super) fn headers(target: &Target, client: &HeaderMap, injected: &Injected) -> BTreeMap<String, String> {
    let of_client = |name: &str| client.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
    let allowed = target.allowed_request_headers.iter().filter_map(|name| {
        let value = injected.0.get(&name.to_ascii_lowercase()).cloned().or_else(|| of_client(name))?;
        is_plain(&value).then(|| (name.clone(), value))
    });
    let authorization = injected.0.get("authorization").map(|value| ("Authorization".to_owned(), value.clone()));
    allowed.chain(authorization).collect()
}

/// What the target's function may see of the query.
pub(super) fn query(target: &Target, uri: &Uri) -> BTreeMap<String, String> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let allowed = |name: &str| target.allowed_query_parameters.iter().any(|allowed| allowed == name);
    pairs.filter(|(name, _)| allowed(name)).map(|(name, value)| (name.into_owned(), value.into_owned())).collect()
}
