//! What Auth0 asks of the provider behind the connection: Okta's OAuth endpoints.

use bytes::Bytes;
use http::Response;
use serde::Deserialize;
use serde_json::{Value, json};

use super::tenant::Tenant;

/// Okta's answer to a token request.
#[derive(Clone, Deserialize)]
pub(crate) struct ProviderTokens {
    pub(crate) access_token: String,
    /// Given for a code; given for a refresh token only where Okta rotates.
    pub(crate) refresh_token: Option<String>,
    /// Seconds.
    pub(crate) expires_in: u64,
    pub(crate) scope: Option<String>,
}

/// Why there are no tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum ProviderFailure {
    /// 4xx: the code, the refresh token or the client is not good.
    Refused,
    /// 5xx, no answer, or not one that can be read.
    Down,
}

/// Redeems a code at Okta.
pub(crate) async fn redeem(tenant: &Tenant, code: &str) -> Result<ProviderTokens, ProviderFailure> {
    let callback = tenant.at("login/callback");
    ask(tenant, &[("grant_type", "authorization_code"), ("code", code), ("redirect_uri", &callback)]).await
}

/// Redeems a refresh token at Okta, for fewer scopes if `scope` is given.
pub(crate) async fn refresh(
    tenant: &Tenant,
    refresh_token: &str,
    scope: Option<&str>,
) -> Result<ProviderTokens, ProviderFailure> {
    let mut fields = vec![("grant_type", "refresh_token"), ("refresh_token", refresh_token)];
    fields.extend(scope.map(|scope| ("scope", scope)));
    ask(tenant, &fields).await
}

/// A refresh token from the Okta double's own control, without a browser.
pub(crate) async fn shortcut(tenant: &Tenant, login: &str, scope: &str) -> Result<String, ProviderFailure> {
    #[derive(Deserialize)]
    struct Shortcut {
        refresh_token: String,
    }
    let upstream = &tenant.upstream;
    let body: Value = json!({"login": login, "client_id": upstream.client_id, "scope": scope});
    let answer = tenant.outbound.post_json(&format!("{}/_okta/grant", upstream.okta), &body).await;
    read::<Shortcut>(&answer.map_err(|_| ProviderFailure::Down)?).map(|shortcut| shortcut.refresh_token)
}

async fn ask(tenant: &Tenant, fields: &[(&str, &str)]) -> Result<ProviderTokens, ProviderFailure> {
    let upstream = &tenant.upstream;
    let mut form = vec![("client_id", upstream.client_id.as_str()), ("client_secret", upstream.client_secret.as_str())];
    form.extend_from_slice(fields);
    let answer = tenant.outbound.post_form(&format!("{}/oauth2/v1/token", upstream.okta), &form).await;
    read(&answer.map_err(|_| ProviderFailure::Down)?)
}

fn read<T: serde::de::DeserializeOwned>(answer: &Response<Bytes>) -> Result<T, ProviderFailure> {
    if answer.status().is_client_error() {
        return Err(ProviderFailure::Refused);
    }
    if !answer.status().is_success() {
        return Err(ProviderFailure::Down);
    }
    serde_json::from_slice(answer.body()).map_err(|_| ProviderFailure::Down)
}
