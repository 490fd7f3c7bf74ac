use std::collections::BTreeSet;

use super::claims::Claims;
use super::provider::Provider;
use crate::id::Organization;
use crate::refusal::Refusal;
use crate::scope::Scopes;
use crate::subject::Subject;
use crate::time::Timestamp;

/// Who sent a request, as a verified access token of one of the [`super::Issuers`] says it, in one form whatever the
/// provider. Only [`super::Issuer::verify`] makes one.
///
/// ```compile_fail
/// fn forge(caller: auth::jwt::Caller) -> auth::jwt::Caller {
///     auth::jwt::Caller { signs_in_here: true, ..caller }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Caller {
    subject: Subject,
    client: String,
    groups: BTreeSet<String>,
    roles: BTreeSet<String>,
    organization: Option<Organization>,
    signs_in_here: bool,
    claims: Claims,
}

impl Caller {
    pub(super) fn of(claims: Claims, provider: Provider, signs_in_here: bool) -> Result<Self, Refusal> {
        let json = claims.json();
        let client = provider.client(json).unwrap_or_default().to_owned();
        let organization = if provider == Provider::Auth0 { claims.organization() } else { None };
        let (groups, roles) = (provider.groups(json), provider.roles(json));
        let subject = Subject::new(claims.issuer(), claims.subject())?;
        Ok(Self { subject, client, groups, roles, organization, signs_in_here, claims })
    }

    /// Issuer and subject.
    #[must_use]
    pub fn subject(&self) -> &Subject {
        &self.subject
    }

    /// Auth0's `org_id`; the other providers have one organization an issuer and say none.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        self.organization.as_ref()
    }

    /// The application that the person uses.
    #[must_use]
    pub fn client(&self) -> &str {
        &self.client
    }

    /// The scopes that the token carries. Auth0's `permissions` are not among them: they say what the person has, not what
    /// they gave this application.
    #[must_use]
    pub fn scopes(&self) -> &Scopes {
        self.claims.scopes()
    }

    /// Group names (Okta, Cognito) or object ids (Entra ID), if the token has them as an array of strings.
    #[must_use]
    pub fn groups(&self) -> &BTreeSet<String> {
        &self.groups
    }

    /// App roles (Entra ID) or permissions (Auth0), if the token has them as an array of strings.
    #[must_use]
    pub fn roles(&self) -> &BTreeSet<String> {
        &self.roles
    }

    /// The first second at which the token is no longer good, without leeway.
    #[must_use]
    pub fn expires_at(&self) -> Timestamp {
        self.claims.expires_at()
    }

    /// Whether the issuer is the one that people sign in with, so that a session row can be theirs.
    #[must_use]
    pub fn signs_in_here(&self) -> bool {
        self.signs_in_here
    }

    /// All that the token says.
    #[must_use]
    pub fn claims(&self) -> &Claims {
        &self.claims
    }
}
