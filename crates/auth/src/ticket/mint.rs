//! Making tickets: what the web app and the program `mandate` do for a person who has signed in.

use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value, json};

use super::gateway::{GatewayStatement, LONGEST_GATEWAY_SECONDS, Reach, target_of};
use super::{AUDIENCE, LONGEST_SECONDS, TYP};
use crate::id::{Agent, Organization, SessionHash};
use crate::secret::Secret;
use crate::subject::Subject;
use crate::time::Timestamp;

/// What a ticket says.
pub struct Statement<'a> {
    /// The person.
    pub subject: &'a Subject,
    /// The organization they are signed in to, if any.
    pub organization: Option<&'a Organization>,
    /// The agent they are chatting with.
    pub agent: &'a Agent,
    /// The session.
    pub session: &'a SessionHash,
}

/// Signs tickets in one name with one key.
pub struct Minter {
    name: String,
    kid: String,
    key: Ed25519KeyPair,
}

impl Minter {
    /// `seed` is the private key of RFC 8032: 32 random bytes.
    ///
    /// Returns nothing if the seed is not of that length.
    #[must_use]
    pub fn from_seed(name: &str, kid: &str, seed: &[u8]) -> Option<Self> {
        let key = Ed25519KeyPair::from_seed_unchecked(seed).ok()?;
        Some(Self { name: name.to_owned(), kid: kid.to_owned(), key })
    }

    /// The public key as a JWK (RFC 8037), for the setting that the tools verify with.
    #[must_use]
    pub fn public_jwk(&self) -> Value {
        let x = URL_SAFE_NO_PAD.encode(self.key.public_key());
        json!({"kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": self.kid, "x": x})
    }

    /// A ticket that says `statement` from `now` on, for `seconds`, cut to [`LONGEST_SECONDS`].
    #[must_use]
    pub fn mint(&self, statement: &Statement<'_>, now: Timestamp, seconds: u64) -> Secret {
        let expires = now.plus(seconds.min(LONGEST_SECONDS));
        let Statement { subject, organization, agent, session } = statement;
        let mut claims = self.claims((subject, *organization), (&agent.id, &agent.alias), (now, expires));
        claims.insert("sid".to_owned(), json!(session.as_str()));
        self.sign(&self.header(), &Value::Object(claims))
    }

    /// A ticket for one call of a gateway target, from `now` on for [`LONGEST_GATEWAY_SECONDS`], or nothing
    /// if the tool's name has no target.
    #[must_use]
    pub fn mint_for_gateway(&self, statement: &GatewayStatement<'_>, now: Timestamp) -> Option<Secret> {
        let expires = now.plus(LONGEST_GATEWAY_SECONDS);
        let GatewayStatement { subject, organization, session, gateway, tool, arguments, reach } = statement;
        let mut claims = self.claims((subject, *organization), (gateway, target_of(tool)?), (now, expires));
        claims.insert("tool".to_owned(), json!(tool));
        claims.insert("args".to_owned(), json!(arguments.as_str()));
        if let Some(session) = session {
            claims.insert("sid".to_owned(), json!(session.as_str()));
        }
        claims.extend(reach.map(Reach::claims).into_iter().flatten());
        Some(self.sign(&self.header(), &Value::Object(claims)))
    }

    fn header(&self) -> Value {
        json!({"alg": "EdDSA", "typ": TYP, "kid": self.kid})
    }

    fn claims(
        &self,
        (subject, organization): (&Subject, Option<&Organization>),
        (agent, alias): (&str, &str),
        (now, expires): (Timestamp, Timestamp),
    ) -> Map<String, Value> {
        let mut claims = Map::from_iter([
            ("iss".to_owned(), json!(self.name)),
            ("aud".to_owned(), json!(AUDIENCE)),
            ("iat".to_owned(), json!(now.seconds())),
            ("exp".to_owned(), json!(expires.seconds())),
            ("sub".to_owned(), json!(subject.id())),
            ("sub_iss".to_owned(), json!(subject.issuer())),
            ("agent_id".to_owned(), json!(agent)),
            ("agent_alias".to_owned(), json!(alias)),
        ]);
        if let Some(organization) = organization {
            claims.insert("org_id".to_owned(), json!(organization.0));
        }
        claims
    }

    /// Signs any header and claims: for tests of what a verifier must refuse.
    #[must_use]
    pub fn sign(&self, header: &Value, claims: &Value) -> Secret {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", encode(header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(self.key.sign(message.as_bytes()));
        Secret::new(format!("{message}.{signature}"))
    }
}
