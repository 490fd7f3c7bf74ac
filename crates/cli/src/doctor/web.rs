//! Plain reads over HTTP.

use auth::secret::Secret;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc2822;
use tokio::time::Instant;
use upstream_http::transport::Transport;
use url::Url;

use super::finding::{Finding, Told};

/// What came back, and the seconds since 1970 that its `Date` says (RFC 9110, section 6.6.1).
pub(crate) struct Read {
    pub(crate) told: Told,
    pub(crate) date: Option<u64>,
}

/// Reads JSON from `path` below the address in this setting. `name` is whom the words are about.
pub(crate) async fn read(
    transport: &Transport,
    name: &str,
    base: Result<Url, Finding>,
    path: &str,
    bearer: Option<&Secret>,
    until: Instant,
) -> Read {
    let url = base.and_then(|base| base.join(path).map_err(|_| Finding::unasked("no address", "look at the settings")));
    let url = match url {
        Ok(url) => url,
        Err(finding) => return Read { told: Told::Nothing(finding), date: None },
    };
    let mut call = transport.get(url).cap(1024 * 1024);
    if let Some(token) = bearer {
        call = call.bearer(token);
    }
    let reply = match call.send(until).await {
        Ok(reply) => reply,
        Err(error) => {
            let mend = "look at the address, and whether this machine reaches it";
            return Read { told: Told::unasked(format!("{name}: {error}"), mend), date: None };
        }
    };
    let date = reply.header("date").and_then(|text| OffsetDateTime::parse(text, &Rfc2822).ok());
    let date = date.and_then(|date| u64::try_from(date.unix_timestamp()).ok());
    let json = || serde_json::from_slice(reply.body()).ok().map(Told::Answer);
    let told = match reply.status() {
        200 => {
            json().unwrap_or_else(|| Told::unasked(format!("the answer of {name} is no JSON"), "look at the address"))
        }
        404 => Told::Absent,
        401 => Told::unasked(format!("{name} refuses the token"), "give a token that has not ended"),
        403 => Told::unasked(
            format!("{name} does not allow this to be read"),
            "give the token the scopes of docs/guides/commands.md",
        ),
        status => Told::unasked(format!("{name} answered with status {status}"), "try again"),
    };
    Read { told, date }
}
