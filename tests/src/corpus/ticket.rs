//! Tickets that deviate from the good one in one point each.
#![expect(clippy::indexing_slicing, reason = "members of JSON made here: a missing one is null or is added")]

use auth::id::sha256_base64url;
use auth::secret::Secret;
use auth::subject::Subject;
use auth::ticket::{AUDIENCE, Minter, TYP};
use cli::laptop::Laptop;
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::{Guest, sample};

/// What the ticket is like.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Ticket {
    Good,
    /// Ended ten minutes ago.
    Expired,
    /// Begins in ten minutes.
    NotYet,
    /// Lives for an hour, as no minter makes one.
    TooLongLived,
    OtherAgent,
    OtherAlias,
    OtherSession,
    OtherOrganization,
    /// Names no organization, while the row has one.
    NoOrganization,
    /// Names the sample person bob, or alice if bob is chatting.
    OtherPerson,
    OtherAudience,
    /// A plain `JWT` with the same claims.
    OtherType,
    /// Its `kid` is not in the settings.
    UnknownKey,
    /// Its `kid` is known, but another key signed it.
    OtherSignature,
    /// `alg` is `none`, and there is no signature.
    Unsigned,
}

impl Ticket {
    pub(super) fn mint(self, laptop: &Laptop, guest: &Guest) -> Result<Secret, String> {
        let signed = guest.signed.as_ref().ok_or("a ticket needs a person")?;
        if matches!(self, Self::Good) {
            return Ok(laptop.ticket(signed));
        }
        let (now, agent) = (laptop.clock.now(), laptop.agent());
        let mut header = json!({"alg": "EdDSA", "typ": TYP, "kid": laptop.minter.public_jwk()["kid"]});
        let mut claims = json!({
            "iss": "web", "aud": AUDIENCE, "iat": now.seconds(), "exp": now.plus(300).seconds(),
            "sub": signed.subject.id(), "sub_iss": signed.subject.issuer(),
            "agent_id": agent.id, "agent_alias": agent.alias, "sid": signed.session.hash().as_str(),
            "org_id": signed.organization.as_ref().map(|organization| &organization.0),
        });
        let mut minter = &laptop.minter;
        let other = Minter::from_seed("web", "web-1", &[7; 32]).ok_or("a key of 32 bytes")?;
        match self {
            Self::Good => {}
            Self::Expired => {
                claims["iat"] = json!(now.minus(900).seconds());
                claims["exp"] = json!(now.minus(600).seconds());
            }
            Self::NotYet => {
                claims["iat"] = json!(now.plus(600).seconds());
                claims["exp"] = json!(now.plus(900).seconds());
            }
            Self::TooLongLived => claims["exp"] = json!(now.plus(3600).seconds()),
            Self::OtherAgent => claims["agent_id"] = json!("AGENT99999"),
            Self::OtherAlias => claims["agent_alias"] = json!("ALIAS99999"),
            Self::OtherSession => claims["sid"] = json!(sha256_base64url(b"another session")),
            Self::OtherOrganization => claims["org_id"] = json!("org_globex"),
            Self::NoOrganization => remove(&mut claims, "org_id"),
            Self::OtherPerson => claims["sub"] = json!(somebody_else(&signed.subject)?),
            Self::OtherAudience => claims["aud"] = json!("somebody-elses-tools"),
            Self::OtherType => header["typ"] = json!("JWT"),
            Self::UnknownKey => header["kid"] = json!("web-2"),
            Self::OtherSignature => minter = &other,
            Self::Unsigned => header["alg"] = json!("none"),
        }
        let token = minter.sign(&header, &claims);
        Ok(if matches!(self, Self::Unsigned) { unsigned(&token) } else { token })
    }
}

/// The subject of bob, or of alice if this is bob.
pub(super) fn somebody_else(subject: &Subject) -> Result<String, String> {
    let bob = sample("bob")?.sub();
    Ok(if subject.id() == bob { sample("alice")?.sub() } else { bob })
}

fn unsigned(token: &Secret) -> Secret {
    let signed = token.expose().rsplit_once('.').map_or("", |(signed, _)| signed);
    Secret::new(format!("{signed}."))
}

fn remove(claims: &mut Value, name: &str) {
    if let Some(members) = claims.as_object_mut() {
        members.remove(name);
    }
}
