//! The client of another provider: GitHub's REST API, as the person of the mandate.

use auth::mandate::Mandate;
use auth::refusal::{Code, Refusal};
use auth::session::FederatedToken;
use http::HeaderName;
use serde::Deserialize;
use tokio::time::Instant;
use upstream_http::transport::Transport;
use url::Url;

pub(super) struct GitHub {
    pub(super) transport: Transport,
    pub(super) api: Url,
}

#[derive(Deserialize)]
struct Repository {
    full_name: String,
}

impl GitHub {
    /// The full names of the repositories that the mandate's person sees: the first hundred, by name (GitHub REST API, "List
    /// repositories for the authenticated user"). Nothing says whose, so nobody else's can be asked for.
    pub(super) async fn repositories<A>(
        &self,
        _mandate: &Mandate<A>,
        token: &FederatedToken,
        until: Instant,
    ) -> Result<Vec<String>, Refusal> {
        let url = self.api.join("user/repos?per_page=100&sort=full_name");
        let url = url.map_err(|_| Refusal::new(Code::Internal, "github: its address cannot carry a path"))?;
        let call = self.transport.get(url).bearer(&token.access_token);
        let call = call.header(HeaderName::from_static("x-github-api-version"), "2022-11-28");
        let reply =
            call.send(until).await.map_err(|error| Refusal::new(Code::Unavailable, format!("github: {error}")))?;
        match reply.status() {
            200 => {}
            401 => return Err(Refusal::auth_required("github: the token was refused")),
            403 | 429 if reply.header("x-ratelimit-remaining") == Some("0") => {
                return Err(Refusal::busy("github: busy", 60));
            }
            403 => return Err(Refusal::new(Code::AccessDenied, "github: not allowed")),
            _ => return Err(Refusal::new(Code::Unavailable, "github: unexpected status")),
        }
        let page: Option<Vec<Repository>> = reply.json_list();
        let page = page.ok_or_else(|| Refusal::new(Code::Unavailable, "github: the answer is not a list"))?;
        Ok(page.into_iter().map(|repository| repository.full_name).collect())
    }
}
