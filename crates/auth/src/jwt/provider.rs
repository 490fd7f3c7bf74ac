//! Where the four supported identity providers put what an access token says.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::access_token::{scope_claim, words_of};
use super::parties::non_empty;
use super::refused::Rule;
use crate::scope::Scopes;

/// Whose access tokens an issuer's are, and so which claims mean what.
///
/// | | scopes | client | beside them | told as an access token by |
/// |---|---|---|---|---|
/// | Auth0 | `scope`, a string | `azp`, or `client_id` | `permissions` | `typ` `JWT` or `at+jwt` |
/// | Okta | `scp`, an array | `cid` | `groups` | no `typ`, `JWT` or `at+jwt` |
/// | Entra ID | `scp`, a string | `azp`, or `appid` | `groups`, `roles` | `typ` `JWT` or `at+jwt`, and `scp` being there |
/// | Cognito | `scope`, a string | `client_id` | `cognito:groups` | `token_use` `access` |
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Provider {
    /// Auth0, both of its token profiles.
    Auth0,
    /// An Okta custom authorization server.
    Okta,
    /// Microsoft Entra ID, tokens of version 1.0 and 2.0.
    EntraId,
    /// An Amazon Cognito user pool. Its access tokens have no `aud` unless a resource was asked for: then `client_id` is
    /// compared with the audience.
    Cognito,
}

impl Provider {
    /// The provider of this name in a setting: `auth0`, `okta`, `entra-id` or `cognito`.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        match name {
            "auth0" => Some(Self::Auth0),
            "okta" => Some(Self::Okta),
            "entra-id" => Some(Self::EntraId),
            "cognito" => Some(Self::Cognito),
            _ => None,
        }
    }

    /// Okta and Cognito write no `typ` at all; the others write `JWT`.
    pub(super) fn leaves_typ_out(self) -> bool {
        matches!(self, Self::Okta | Self::Cognito)
    }

    pub(super) fn client(self, claims: &Map<String, Value>) -> Option<&str> {
        let names: &[&str] = match self {
            Self::Auth0 => &["azp", "client_id"],
            Self::Okta => &["cid", "client_id"],
            Self::EntraId => &["azp", "appid", "client_id"],
            Self::Cognito => &["client_id"],
        };
        names.iter().find_map(|name| non_empty(claims, name))
    }

    /// What tells this provider's access tokens of a person from its other tokens, where `typ` does not.
    pub(super) fn check(self, claims: &Map<String, Value>) -> Result<(), Rule> {
        match self {
            Self::Cognito if claims.get("token_use").and_then(Value::as_str) != Some("access") => Err(Rule::OtherKind),
            // A token that an application got for itself has `roles` and no `scp`; `idtyp` says so where it is asked for.
            Self::EntraId if claims.get("idtyp").is_some_and(|kind| kind != "user") => Err(Rule::NotAPerson),
            Self::EntraId if !claims.contains_key("scp") => Err(Rule::NotAPerson),
            Self::Auth0 | Self::Okta | Self::EntraId | Self::Cognito => Ok(()),
        }
    }

    /// Whether `client_id` stands for the audience.
    pub(super) fn audience_is_the_client(self, claims: &Map<String, Value>) -> bool {
        self == Self::Cognito && !claims.contains_key("aud")
    }

    pub(super) fn scopes(self, claims: &Map<String, Value>) -> Scopes {
        match self {
            Self::Auth0 | Self::Cognito => scope_claim(claims, "scope"),
            Self::EntraId => scope_claim(claims, "scp"),
            Self::Okta => words_of(claims, "scp"),
        }
    }

    pub(super) fn groups(self, claims: &Map<String, Value>) -> BTreeSet<String> {
        match self {
            Self::Auth0 => BTreeSet::new(),
            Self::Okta | Self::EntraId => texts(claims, "groups"),
            Self::Cognito => texts(claims, "cognito:groups"),
        }
    }

    pub(super) fn roles(self, claims: &Map<String, Value>) -> BTreeSet<String> {
        match self {
            Self::Auth0 => texts(claims, "permissions"),
            Self::EntraId => texts(claims, "roles"),
            Self::Okta | Self::Cognito => BTreeSet::new(),
        }
    }
}

/// An array of strings; anything else names nothing.
fn texts(claims: &Map<String, Value>, name: &str) -> BTreeSet<String> {
    let texts = claims.get(name).and_then(Value::as_array);
    let texts = texts.and_then(|texts| texts.iter().map(|text| text.as_str().map(str::to_owned)).collect());
    texts.unwrap_or_default()
}
