//! Auth0: sign-in, the refresh grant, connected accounts, the Token Vault, and approvals by phone (CIBA).
//!
//! Sign-in and approvals are plain OpenID Connect (Core section 3.1, RFC 7636, RFC 9207, CIBA Core), so another provider is a
//! matter of settings: [`Provider`]. The vault and connected accounts are Auth0's own. The forms are those of Auth0's Authentication API and My Account
//! API pages. No text that Auth0 sends goes into an error: codes that are known become variants, all others one.

pub mod ciba;
pub mod connected_accounts;
mod failure;
pub mod login;
mod logout;
mod provider;
mod random_text;
pub mod refresh;
pub mod revoke;
#[cfg(test)]
mod scripted;
mod token_endpoint;
pub mod vault;

pub use logout::Logout;
pub use provider::{BindingMessage, LoginHint, Path, Provider};
pub use token_endpoint::TokenError;

use url::Url;

use crate::client_secret::ClientSecret;

/// Who we are at the identity provider, and where it is.
#[derive(Clone)]
pub struct Settings {
    /// The issuer byte for byte as in its tokens; Auth0's ends in a slash.
    pub issuer: String,
    /// Who we are there.
    pub client: Client,
    /// The registered address that a sign-in comes back to.
    pub redirect_uri: Url,
    /// Whether the provider puts `iss` on the callback (RFC 9207 section 2.3). If so, a callback without it is refused;
    /// a wrong one is refused either way.
    pub expects_iss: bool,
}

/// Our client at the identity provider: all that the vault needs to know.
#[derive(Clone)]
pub struct Client {
    /// Where the provider's endpoints are. Differs from the issuer behind a custom domain.
    pub base: Url,
    /// Our client id.
    pub id: String,
    /// Our client secret, sent in the form (`client_secret_post`).
    pub secret: ClientSecret,
    /// What is particular to the provider.
    pub provider: Provider,
}

impl Client {
    /// Where the provider publishes its keys.
    #[must_use]
    pub fn keys(&self) -> Url {
        self.provider.keys.below(&self.base)
    }

    /// `base` with `segments` added to its path, each as one segment.
    pub(super) fn endpoint(&self, segments: &[&str]) -> Url {
        below(&self.base, segments.iter().copied())
    }
}

fn below<'a>(base: &Url, segments: impl Iterator<Item = &'a str>) -> Url {
    let mut url = base.clone();
    url.set_query(None);
    url.set_fragment(None);
    // An http or https address always has a path; any other scheme is refused by the transport.
    if let Ok(mut path) = url.path_segments_mut() {
        path.pop_if_empty().extend(segments);
    }
    url
}
