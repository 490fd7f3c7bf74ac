use auth::id::{Login, Organization};
use auth::jwt::{self, Claims, KeySet, Policy, Refused, Rule, Unverified};
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;
use tokio::time::Instant;

use super::{LoginError, PendingLogin};
use crate::auth0::revoke::revoke;
use crate::auth0::token_endpoint::Grant;
use crate::auth0::{Client, Settings, TokenError};
use crate::transport::Transport;

/// Auth0's strategies whose user ids have the form `STRATEGY|CONNECTION|ID`.
const ENTERPRISE: [&str; 3] = ["oidc", "okta", "samlp"];

/// The tokens that the code gave, of nobody yet.
pub struct Exchanged {
    id_token: Secret,
    access_token: Secret,
    refresh_token: Secret,
    scopes: Scopes,
    expires_in: Option<u64>,
    policy: Policy,
}

/// Somebody who signed in.
pub struct SignedIn {
    /// Who.
    pub subject: Subject,
    /// The organization they signed in to. Auth0 names one only if the sign-in was to one.
    pub organization: Option<Organization>,
    /// Their e-mail address, if the ID token says `email_verified: true` and the address has a canonical form.
    pub email: Option<Login>,
    /// The enterprise connection they came by, as in `okta-oidc` for the subject `oidc|okta-oidc|00u1`. Auth0 has no
    /// claim for it, but the subject of an enterprise user has this form (strategies `oidc`, `okta` and `samlp`). Nothing
    /// for anybody else.
    pub connection: Option<String>,
    /// The provider's name of their session there (`sid`), by which a back-channel logout speaks of it.
    pub provider_session: Option<String>,
    /// What to call them: untrusted text for display.
    pub name: Option<String>,
    /// For the session: opens the vault.
    pub refresh_token: Secret,
    /// For the audience that was asked for.
    pub access_token: Secret,
    /// When the access token ends, if the answer said.
    pub access_token_expires_at: Option<Timestamp>,
    /// What was granted; what was asked for, if the answer did not say (RFC 6749 section 5.1).
    pub scopes: Scopes,
}

impl Exchanged {
    pub(super) fn of(grant: Grant, pending: PendingLogin, settings: &Settings) -> Result<Self, LoginError> {
        let missing = |what| LoginError::Exchange(TokenError::Misconfigured(what));
        let id_token = grant.id_token.ok_or_else(|| missing("no id token came with the code's answer"))?;
        let refresh_token = grant
            .refresh_token
            .filter(|token| !token.is_empty())
            .ok_or_else(|| missing("no refresh token came; ask for `offline_access` and let the client have one"))?;
        let mut policy = Policy::id_token(settings.issuer.as_str(), settings.client.id.as_str())
            .nonce(pending.nonce.expose().to_owned())
            .access_token_hash(&grant.access_token);
        if let Some(organization) = pending.organization {
            policy = policy.organization(Some(organization));
        }
        if let Some(seconds) = pending.max_age_seconds {
            policy = policy.max_age(seconds);
        }
        Ok(Self {
            id_token,
            access_token: grant.access_token,
            refresh_token,
            scopes: grant.scope.as_deref().map_or(pending.scopes, Scopes::parse),
            expires_in: grant.expires_in,
            policy,
        })
    }

    /// The `kid` in the ID token's header: which of the issuer's keys [`Exchanged::verify`] needs. Untrusted, as the token
    /// is until then; it serves to fetch the key set anew after a rotation.
    #[must_use]
    pub fn key_id(&self) -> Option<String> {
        Unverified::parse(self.id_token.expose()).ok()?.kid().map(str::to_owned)
    }

    /// Verifies the ID token: signature, issuer, audience, times, nonce, `at_hash` if there, `auth_time` and organization
    /// if asked for. Makes no request, so it can be called again with newer keys.
    ///
    /// # Errors
    /// [`LoginError::UnknownKey`] or [`LoginError::IdToken`].
    pub fn verify(&self, keys: &KeySet, now: Timestamp) -> Result<SignedIn, LoginError> {
        let claims = jwt::verify(self.id_token.expose(), keys, &self.policy, now).map_err(|refused| match refused {
            Refused::UnknownKey => LoginError::UnknownKey,
            Refused::Invalid(rule) => LoginError::IdToken(rule),
        })?;
        let subject =
            Subject::new(claims.issuer(), claims.subject()).map_err(|_| LoginError::IdToken(Rule::Subject))?;
        Ok(SignedIn {
            organization: claims.organization(),
            email: verified_email(&claims),
            connection: enterprise_connection(claims.subject()),
            provider_session: claims.text("sid").filter(|sid| !sid.is_empty()).map(str::to_owned),
            name: claims.text("name").map(str::to_owned),
            refresh_token: self.refresh_token.clone(),
            access_token: self.access_token.clone(),
            access_token_expires_at: self.expires_in.map(|seconds| now.plus(seconds)),
            scopes: self.scopes.clone(),
            subject,
        })
    }
}

impl Exchanged {
    /// Ends the refresh token where nobody is signed in by it: as [`revoke`].
    ///
    /// # Errors
    /// [`TokenError`]: the token lives until its own end, and nobody has it.
    pub async fn give_up(
        self,
        transport: &Transport,
        client: &Client,
        now: Timestamp,
        until: Instant,
    ) -> Result<(), TokenError> {
        revoke(transport, client, &self.refresh_token, now, until).await
    }
}

fn verified_email(claims: &Claims) -> Option<Login> {
    Login::parse(claims.email()?).ok()
}

fn enterprise_connection(subject: &str) -> Option<String> {
    let mut parts = subject.splitn(3, '|');
    let (strategy, connection, id) = (parts.next()?, parts.next()?, parts.next()?);
    let named = ENTERPRISE.contains(&strategy) && !connection.is_empty() && !id.is_empty();
    named.then(|| connection.to_owned())
}
