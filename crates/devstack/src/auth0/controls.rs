//! What a test turns, in this process. The same stands under `/_auth0/` for tests in another one.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Auth0;
use super::config::{Lifetimes, MfaPolicy, User};
use super::grant::{Grant, words};
use super::keys::SigningKey;
use super::tenant::Tenant;
use super::{provider, tokens, vault};
use crate::random;

/// How signing keys change.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// A new key signs; the old ones stay published.
    Add,
    /// A new key signs; the old ones are gone.
    Replace,
}

/// What [`Auth0::issue`] gives. The texts are live tokens.
#[derive(Serialize)]
pub struct Issued {
    /// A refresh token, whatever the scope says.
    pub refresh_token: String,
    /// An ID token without a nonce.
    pub id_token: String,
}

/// Why a control did nothing.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum ControlError {
    /// No user with this subject.
    NoUser,
    /// No application with this id.
    NoClient,
    /// No connection with this name.
    NoConnection,
    /// The account at the provider is connected to another user.
    Conflict,
    /// Okta gave no refresh token.
    Provider,
    /// No CIBA request with this id.
    NoRequest,
    /// The CIBA request was answered before, or has expired.
    Over,
    /// No key could be made, or it did not sign.
    Key,
}

impl fmt::Display for ControlError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::NoUser => "no user with this `sub`; add it to the configuration",
            Self::NoClient => "no client with this `client_id`; add it to the configuration",
            Self::NoConnection => "no such connection; there is only the configured one",
            Self::Conflict => "the account at the provider is connected to another user; disconnect it first",
            Self::Provider => "the provider gave no refresh token; is the double of Okta running?",
            Self::NoRequest => "no request with this `auth_req_id`; `pending` lists them",
            Self::Over => "the request was answered before or has expired; start another",
            Self::Key => "the signing key failed",
        })
    }
}

impl std::error::Error for ControlError {}

impl Auth0 {
    /// The issuer, with the trailing slash.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.tenant.issuer
    }

    /// Makes a new signing key.
    ///
    /// # Errors
    /// [`ControlError::Key`].
    pub async fn rotate(&self, rotation: Rotation) -> Result<(), ControlError> {
        self.tenant.rotate(rotation).await
    }

    /// The lifetimes as they are.
    #[must_use]
    pub fn lifetimes(&self) -> Lifetimes {
        self.tenant.state().lifetimes
    }

    /// Sets the lifetimes of what is made from now on.
    pub fn set_lifetimes(&self, lifetimes: Lifetimes) {
        self.tenant.state().lifetimes = lifetimes;
    }

    /// Sets the policy for a second factor.
    pub fn set_mfa_policy(&self, policy: MfaPolicy) {
        self.tenant.state().mfa_policy = policy;
    }

    /// Whether revoking a refresh token ends all of the same user, application and audience, as on older tenants.
    pub fn set_revocation_deletes_grant(&self, on: bool) {
        self.tenant.state().revocation_deletes_grant = on;
    }

    /// Registers one more callback URL, for every application.
    pub fn allow_callback(&self, url: &str) {
        self.tenant.state().callbacks.insert(url.to_owned());
    }

    /// Forgets what a user agreed to; without `sub`, what anybody did.
    pub fn forget_consent(&self, sub: Option<&str>) {
        self.tenant.forget_consent(sub);
    }

    /// Whether the user has a push device.
    #[must_use]
    pub fn enrolled(&self, sub: &str) -> bool {
        self.tenant.state().enrolled.contains(sub)
    }

    /// Gives the user a push device, or takes it away.
    pub fn set_enrolled(&self, sub: &str, enrolled: bool) {
        self.tenant.set_enrolled(sub, enrolled);
    }

    /// Takes an account out of the vault. Nothing is revoked at the provider, as at Auth0.
    pub fn disconnect(&self, sub: &str, connection: &str) {
        self.tenant.disconnect(sub, connection);
    }

    /// Fills the vault through the Okta double's own control, without a browser.
    ///
    /// # Errors
    /// When the user or the connection is unknown, the account is somebody else's, or Okta gives nothing.
    pub async fn connect(&self, sub: &str, connection: &str) -> Result<(), ControlError> {
        self.tenant.connect(sub, connection).await
    }

    /// Has the vault hold an account on another connection than Okta's, whose provider's access token, good for an hour, is
    /// `token`. It replaces the user's account there. The provider is never asked, so there is nothing to refresh.
    pub fn hold(&self, sub: &str, connection: &str, token: &str, scope: &str) {
        vault::hold(&self.tenant, sub, connection, (token, scope));
    }

    /// Forgets the provider's access token, so that the next exchange asks Okta.
    pub fn forget_provider_token(&self, sub: &str, connection: &str) {
        self.tenant.forget_provider_token(sub, connection);
    }

    /// Every code, ticket, token and `auth_req_id` that was handed out since the start, those that are spent included.
    #[must_use]
    pub fn secrets(&self) -> Vec<String> {
        self.tenant.state().handed_out.clone()
    }

    /// Whether a refresh token is good still.
    #[must_use]
    pub fn refreshes(&self, token: &str) -> bool {
        self.tenant.state().refresh_tokens.contains_key(token)
    }

    /// Gives an application another secret; the former one is refused from now on.
    pub fn rotate_secret(&self, client_id: &str, secret: &str) {
        self.tenant.state().rotated_secrets.insert(client_id.to_owned(), secret.to_owned());
    }

    /// Adds a user, or replaces the one of that subject.
    pub fn put_user(&self, user: User) {
        self.tenant.put_user(user);
    }

    /// Signs a user in without the pages.
    ///
    /// # Errors
    /// When the user or the application is unknown. Membership of `org_id` is not checked.
    pub fn issue(&self, client_id: &str, sub: &str, scope: &str, org_id: Option<&str>) -> Result<Issued, ControlError> {
        self.tenant.issue(client_id, sub, scope, org_id)
    }
}

impl Tenant {
    pub(crate) async fn rotate(&self, rotation: Rotation) -> Result<(), ControlError> {
        let key = Arc::new(SigningKey::generate().await.map_err(|_| ControlError::Key)?);
        let mut state = self.state();
        match rotation {
            Rotation::Add => state.keys.insert(0, key),
            Rotation::Replace => state.keys = vec![key],
        }
        Ok(())
    }

    pub(crate) fn forget_consent(&self, sub: Option<&str>) {
        self.state().consents.retain(|(user, _, _)| sub.is_some_and(|sub| sub != user));
    }

    pub(crate) fn set_enrolled(&self, sub: &str, enrolled: bool) {
        let mut state = self.state();
        if enrolled {
            state.enrolled.insert(sub.to_owned());
        } else {
            state.enrolled.remove(sub);
        }
    }

    pub(crate) fn disconnect(&self, sub: &str, connection: &str) {
        self.state().vault.retain(|held| held.sub != sub || held.connection != connection);
    }

    pub(crate) async fn connect(&self, sub: &str, connection: &str) -> Result<(), ControlError> {
        let user = self.user(sub).ok_or(ControlError::NoUser)?;
        if connection != self.upstream.connection {
            return Err(ControlError::NoConnection);
        }
        let scopes = self.upstream.scopes.clone();
        let token = provider::shortcut(self, &user.email, &scopes.join(" ")).await;
        let token = token.map_err(|_| ControlError::Provider)?;
        vault::connect(self, sub, connection, &user.email, scopes, token).map_err(|_| ControlError::Conflict)?;
        Ok(())
    }

    pub(crate) fn forget_provider_token(&self, sub: &str, connection: &str) {
        if let Some(account) = vault::find(&mut self.state(), sub, connection, None) {
            account.cached = None;
        }
    }

    pub(crate) fn issue(
        &self,
        client_id: &str,
        sub: &str,
        scope: &str,
        org_id: Option<&str>,
    ) -> Result<Issued, ControlError> {
        self.user(sub).ok_or(ControlError::NoUser)?;
        self.client(client_id).ok_or(ControlError::NoClient)?;
        let grant = Grant {
            sub: sub.to_owned(),
            client_id: client_id.to_owned(),
            scope: words(scope),
            audience: None,
            org_id: org_id.map(str::to_owned),
            nonce: None,
            sid: Some(random::token("")),
            auth_time: None,
        };
        let id_token = tokens::id_token(self, &grant).map_err(|_| ControlError::Key)?;
        Ok(Issued { refresh_token: tokens::refresh_token(self, &grant), id_token })
    }
}
