use auth::id::Organization;
use auth::scope::Scopes;
use auth::time::Timestamp;
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope};
use url::Url;

use super::PendingLogin;
use crate::auth0::Settings;
use crate::auth0::random_text::random_text;

/// What a sign-in asks for.
#[derive(Clone, Debug, Default)]
pub struct Begin {
    /// Scopes; `openid` is added. `offline_access` is needed for the refresh token without which no sign-in succeeds.
    pub scopes: Scopes,
    /// The API that the access token is for (Auth0's own parameter).
    pub audience: Option<String>,
    /// The organization to sign in to; a sign-in to any other, or to none, is then refused.
    pub organization: Option<Organization>,
    /// The connection to go to without asking, as in `okta-oidc` (Auth0's own parameter).
    pub connection: Option<String>,
    /// `prompt`, as in `login` (OpenID Connect Core section 3.1.2.1).
    pub prompt: Option<String>,
    /// The longest time, in seconds, since the person last proved who they are.
    pub max_age_seconds: Option<u64>,
}

/// The address to send the browser to, and what must be kept, sealed, for the callback. `random` becomes the verifier,
/// the state and the nonce: 256 bits each, never used before.
#[must_use]
pub fn begin(settings: &Settings, ask: Begin, random: [[u8; 32]; 3], now: Timestamp) -> (Url, PendingLogin) {
    let [verifier, state, nonce] = random.map(random_text);
    let scopes = Scopes::parse(&format!("openid {}", ask.scopes.joined()));
    let client = BasicClient::new(ClientId::new(settings.client.id.clone()))
        .set_auth_uri(AuthUrl::from_url(settings.client.provider.authorize.below(&settings.client.base)))
        .set_redirect_uri(RedirectUrl::from_url(settings.redirect_uri.clone()));
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(verifier.expose().to_owned()));
    let max_age = ask.max_age_seconds.map(|seconds| seconds.to_string());
    let extras = [
        ("nonce", Some(nonce.expose())),
        ("audience", ask.audience.as_deref()),
        ("organization", ask.organization.as_ref().map(|organization| organization.0.as_str())),
        ("connection", ask.connection.as_deref()),
        ("prompt", ask.prompt.as_deref()),
        ("max_age", max_age.as_deref()),
    ];
    let request = client
        .authorize_url(|| CsrfToken::new(state.expose().to_owned()))
        .add_scope(Scope::new(scopes.joined()))
        .set_pkce_challenge(challenge);
    let request = extras
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
        .fold(request, |request, (name, value)| request.add_extra_param(name, value));
    let (url, _state) = request.url();
    let pending = PendingLogin {
        state,
        nonce,
        verifier,
        scopes,
        organization: ask.organization,
        max_age_seconds: ask.max_age_seconds,
        created_at: now,
    };
    (url, pending)
}
