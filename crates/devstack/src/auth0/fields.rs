//! The body of a request to the token endpoint, and the application that sent it.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::HeaderMap;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::config::{Client, GrantType};
use super::oauth_error::OauthError;
use super::tenant::Tenant;

const NO_CLIENT: OauthError = OauthError::unauthorized("invalid_client", "Client authentication failed");

/// Named text values, from a form or from JSON: Auth0 takes both.
pub(crate) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// # Errors
    /// `invalid_request` for a body that is neither, a value that is no text, or a name given twice.
    pub(crate) fn read(headers: &HeaderMap, body: &[u8]) -> Result<Self, OauthError> {
        if kind(headers).starts_with("application/json") {
            let fields = serde_json::from_slice(body)
                .map_err(|_| OauthError::bad("invalid_request", "The body must be a JSON object of strings"))?;
            return Ok(Self(fields));
        }
        Self::parse(body)
    }

    /// As [`Fields::read`], for an endpoint that takes a form only.
    ///
    /// # Errors
    /// `invalid_request`.
    pub(crate) fn form(headers: &HeaderMap, body: &[u8]) -> Result<Self, OauthError> {
        if !kind(headers).starts_with("application/x-www-form-urlencoded") {
            return Err(OauthError::bad("invalid_request", "The body must be a form"));
        }
        Self::parse(body)
    }

    fn parse(body: &[u8]) -> Result<Self, OauthError> {
        let mut fields = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(body) {
            if fields.insert(name.into_owned(), value.into_owned()).is_some() {
                return Err(OauthError::bad("invalid_request", "A parameter is given twice"));
            }
        }
        Ok(Self(fields))
    }

    /// An empty value counts as none (RFC 6749, section 3.1).
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// # Errors
    /// `invalid_request`.
    pub(crate) fn need(&self, name: &str) -> Result<&str, OauthError> {
        self.get(name).ok_or(OauthError::bad("invalid_request", "A required parameter is missing"))
    }

    /// The application, by `client_secret_post` or HTTP Basic (RFC 6749, section 2.3.1).
    ///
    /// # Errors
    /// 401 `invalid_client`.
    pub(crate) fn client<'t>(&self, tenant: &'t Tenant, headers: &HeaderMap) -> Result<&'t Client, OauthError> {
        let (id, secret) = match headers.get(AUTHORIZATION) {
            Some(value) => basic(value.to_str().unwrap_or_default()).ok_or(NO_CLIENT)?,
            None => (
                self.get("client_id").ok_or(NO_CLIENT)?.to_owned(),
                self.get("client_secret").ok_or(NO_CLIENT)?.to_owned(),
            ),
        };
        tenant.client(&id).filter(|client| tenant.is_secret(client, &secret)).ok_or(NO_CLIENT)
    }
}

/// Refuses an application for which the grant is not switched on.
pub(crate) fn allowed(client: &Client, grant: GrantType) -> Result<(), OauthError> {
    if client.grants.contains(&grant) {
        return Ok(());
    }
    Err(OauthError::forbidden("unauthorized_client", "Grant type not allowed for the client."))
}

fn kind(headers: &HeaderMap) -> &str {
    headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

fn basic(header: &str) -> Option<(String, String)> {
    let text = String::from_utf8(STANDARD.decode(header.strip_prefix("Basic ")?).ok()?).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| percent_decode_str(part).decode_utf8().ok().map(std::borrow::Cow::into_owned);
    Some((decode(id)?, decode(secret)?))
}
