//! What OpenID Connect Core section 3.1.3.7 asks of an ID token beside signature, issuer, audience and time.

use aws_lc_rs::{constant_time, digest};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use super::algorithm::Algorithm;
use super::lifetime::numeric_date;
use super::policy::Policy;
use super::refused::Rule;
use crate::id::Organization;
use crate::secret::Secret;
use crate::time::Timestamp;

#[derive(Clone, Default)]
pub(super) struct IdTokenRules {
    pub(super) nonce: Option<String>,
    /// The outer option: whether the organization is looked at at all.
    pub(super) organization: Option<Option<Organization>>,
    pub(super) max_age_seconds: Option<u64>,
    access_token_hashes: Option<AccessTokenHashes>,
}

/// `at_hash` for either family of algorithms (section 3.1.3.6): the token's own `alg` says which.
#[derive(Clone)]
struct AccessTokenHashes {
    sha256: String,
    sha512: String,
}

impl IdTokenRules {
    pub(super) fn expect_access_token(&mut self, access_token: &Secret) {
        let left_half = |algorithm| {
            let hash = digest::digest(algorithm, access_token.expose().as_bytes());
            let (left, _) = hash.as_ref().split_at(hash.as_ref().len() / 2);
            URL_SAFE_NO_PAD.encode(left)
        };
        self.access_token_hashes =
            Some(AccessTokenHashes { sha256: left_half(&digest::SHA256), sha512: left_half(&digest::SHA512) });
    }

    pub(super) fn check(
        &self,
        claims: &Map<String, Value>,
        audiences: &[&str],
        algorithm: Algorithm,
        policy: &Policy,
        now: Timestamp,
    ) -> Result<(), Rule> {
        if claims.contains_key("events") {
            return Err(Rule::OtherKind);
        }
        authorized_party(claims, audiences, &policy.audience)?;
        if let Some(nonce) = &self.nonce {
            equal(claims.get("nonce"), nonce).ok_or(Rule::Nonce)?;
        }
        if let (Some(hashes), Some(at_hash)) = (&self.access_token_hashes, claims.get("at_hash")) {
            let expected = match algorithm {
                Algorithm::Rs256 | Algorithm::Es256 => &hashes.sha256,
                Algorithm::EdDsa => &hashes.sha512,
            };
            equal(Some(at_hash), expected).ok_or(Rule::AccessTokenHash)?;
        }
        if let Some(max_age_seconds) = self.max_age_seconds {
            let signed_in = numeric_date(claims.get("auth_time")).ok_or(Rule::AuthTime)?;
            let leeway = policy.leeway_seconds;
            if signed_in > now.plus(leeway) || now > signed_in.plus(max_age_seconds).plus(leeway) {
                return Err(Rule::AuthTime);
            }
        }
        if let Some(expected) = &self.organization {
            let expected = expected.as_ref().map(|organization| Value::from(organization.0.as_str()));
            if claims.get("org_id") != expected.as_ref() {
                return Err(Rule::Organization);
            }
        }
        Ok(())
    }
}

/// `azp` is our client id where it is there, and it is there as soon as any audience is not ours or there are two.
fn authorized_party(claims: &Map<String, Value>, audiences: &[&str], client_id: &str) -> Result<(), Rule> {
    match claims.get("azp") {
        Some(azp) if azp.as_str() == Some(client_id) => Ok(()),
        None if audiences.len() == 1 => Ok(()),
        Some(_) | None => Err(Rule::AuthorizedParty),
    }
}

/// Compared in constant time, so that an answer's delay says nothing about the expected text.
fn equal(value: Option<&Value>, expected: &str) -> Option<()> {
    let text = value?.as_str()?;
    constant_time::verify_slices_are_equal(text.as_bytes(), expected.as_bytes()).ok()
}
