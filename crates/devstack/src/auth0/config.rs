//! Who and what the tenant knows.

use serde::{Deserialize, Serialize};

/// The tenant.
#[derive(Clone)]
pub struct Config {
    /// Sample users.
    pub users: Vec<User>,
    /// Applications.
    pub clients: Vec<Client>,
    /// APIs for which an `audience` may be asked, beside the My Account API (`{issuer}me/`), which is always there.
    pub apis: Vec<Api>,
    /// The OpenID Connect connection to Okta.
    pub upstream: Upstream,
    /// How long things live.
    pub lifetimes: Lifetimes,
    /// What the post-login action says about push enrolment.
    pub enrolment: Enrolment,
    /// The tenant's policy for a second factor.
    pub mfa_policy: MfaPolicy,
}

/// A person.
#[derive(Clone)]
pub struct User {
    /// `sub` of the tokens, as in `auth0|alice`.
    pub sub: String,
    /// E-mail address, also the login name.
    pub email: String,
    /// The claim of that name.
    pub email_verified: bool,
    /// Name for display.
    pub name: String,
    /// Password; absent: any is accepted.
    pub password: Option<String>,
    /// Ids of the organizations of which the user is a member.
    pub orgs: Vec<String>,
    /// Name of the connection through which the user signs in.
    pub connection: String,
    /// Scopes of APIs that the user was given, directly or by roles.
    pub permissions: Vec<Permission>,
}

/// A scope of an API that a user was given.
#[derive(Clone)]
pub struct Permission {
    /// The API's identifier.
    pub api: String,
    /// The scope.
    pub scope: String,
}

/// An application: first party, confidential, OIDC conformant.
#[derive(Clone)]
pub struct Client {
    /// `client_id`.
    pub client_id: String,
    /// `client_secret`.
    pub client_secret: String,
    /// Allowed callback URLs, compared byte by byte; also those of connected accounts.
    pub redirect_uris: Vec<String>,
    /// Grants that are switched on.
    pub grants: Vec<GrantType>,
}

/// A grant type that can be switched on for an application.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum GrantType {
    /// `authorization_code`.
    AuthorizationCode,
    /// `refresh_token`; offline access, and My Account tokens by `audience`, hang on it.
    RefreshToken,
    /// Token Vault:
    /// `urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token`.
    TokenVault,
    /// `urn:openid:params:grant-type:ciba`.
    Ciba,
    /// `client_credentials`, for the Management API only.
    ClientCredentials,
}

/// An API whose access tokens the tenant issues.
#[derive(Clone)]
pub struct Api {
    /// The `audience`.
    pub identifier: String,
    /// Scopes it has; others are dropped from a request.
    pub scopes: Vec<String>,
    /// How its access tokens look.
    pub dialect: Dialect,
    /// Whether a user's permissions bound the scopes of a token.
    pub rbac: Rbac,
}

/// Role-Based Access Control of an API.
/// <https://auth0.com/docs/get-started/apis/enable-role-based-access-control-for-apis>
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Rbac {
    /// An application is given every scope of the API that it asks for.
    Off,
    /// It is given those that the user has as permissions.
    On,
    /// The same, and the token's `permissions` are all that the user has, whatever was asked for: the setting "Add Permissions
    /// in the Access Token", in the dialects that end in `_authz`.
    InToken,
}

/// Auth0's two forms of access tokens.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// `typ` is `JWT`, the client is `azp`, there is no `jti`: the default of a new API.
    AccessToken,
    /// `typ` is `at+jwt`, the client is `client_id`, with `jti` (RFC 9068).
    Rfc9068,
}

/// The connection to Okta.
#[derive(Clone)]
pub struct Upstream {
    /// Name of the connection, as in `okta-oidc`.
    pub connection: String,
    /// Okta's base URL, without a trailing slash.
    pub okta: String,
    /// The connection's client at Okta.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
    /// Scopes that are asked when the application names none.
    pub scopes: Vec<String>,
}

/// How long things live, in seconds. A change holds for what is made afterwards.
#[derive(Clone, Copy, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Lifetimes {
    /// Authorization codes.
    pub code: u64,
    /// ID tokens.
    pub id_token: u64,
    /// Access tokens, those for the My Account API included.
    pub access_token: u64,
    /// How long a provider's access token is kept, instead of the provider's `expires_in`. 0: never kept.
    pub federated: Option<u64>,
    /// Connect tickets and their `auth_session`.
    pub connect_ticket: u64,
    /// How long the application waits between two polls of a CIBA request. 0: polls are never too fast.
    pub ciba_interval: u64,
    /// How long a CIBA request lives, instead of its `requested_expiry`; also what its answer says.
    pub ciba_expiry: Option<u64>,
}

impl Default for Lifetimes {
    /// Auth0's defaults for a new tenant: 10 hours for ID tokens, 24 for access tokens, 300 s for connect tickets, 5 s
    /// between polls.
    fn default() -> Self {
        Self {
            code: 60,
            id_token: 36_000,
            access_token: 86_400,
            federated: None,
            connect_ticket: 300,
            ciba_interval: 5,
            ciba_expiry: None,
        }
    }
}

/// What the post-login action says about push enrolment of a user who has none.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Enrolment {
    /// The page is not shown.
    Off,
    /// The page is shown and can be skipped; it comes again at the next sign-in.
    Offered,
    /// The page is shown and cannot be skipped.
    Required,
}

/// The tenant's policy for a second factor, as far as it matters here.
#[derive(Clone, Copy, Debug, Deserialize, Eq, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum MfaPolicy {
    /// Token Vault exchanges fail.
    Always,
    /// Actions decide.
    Never,
}
