use auth::id::{AgentId, Login, Organization, SessionHash};
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;

use super::{Owner, Seal, SessionPlace};
use crate::testing::people::{another_reference, row};
use crate::testing::table::seal;

struct Parts {
    table: &'static str,
    purpose: &'static str,
    hash: SessionHash,
    subject: Subject,
    organization: Option<Organization>,
    email: Option<Login>,
    connection: Option<String>,
    agent: Option<AgentId>,
    expires_at: Timestamp,
}

impl Parts {
    fn alices() -> Self {
        let row = row();
        Self {
            table: "t",
            purpose: "p",
            hash: row.hash,
            subject: row.subject,
            organization: row.organization,
            email: row.email,
            connection: row.connection,
            agent: row.agent,
            expires_at: row.expires_at,
        }
    }

    fn place(&self) -> SessionPlace<'_> {
        let owner = Owner {
            hash: &self.hash,
            subject: &self.subject,
            organization: self.organization.as_ref(),
            email: self.email.as_ref(),
            connection: self.connection.as_deref(),
            agent: self.agent.as_ref(),
            expires_at: self.expires_at,
        };
        SessionPlace { table: self.table, purpose: self.purpose, owner }
    }
}

#[test]
fn what_was_sealed_opens_in_its_place_only() {
    let (seal, parts) = (seal(1), Parts::alices());
    let sealed = seal.seal(&parts.place(), b"plain").unwrap();
    assert_eq!(seal.open(&parts.place(), &sealed).unwrap().as_slice(), b"plain");

    let subject = |issuer, id| Subject::new(issuer, id).unwrap();
    for (what, elsewhere) in [
        ("table", Parts { table: "u", ..Parts::alices() }),
        ("purpose", Parts { purpose: "q", ..Parts::alices() }),
        ("row", Parts { hash: another_reference().hash(), ..Parts::alices() }),
        ("person", Parts { subject: subject("https://tenant.example/", "oidc|okta-oidc|00u2"), ..Parts::alices() }),
        ("issuer", Parts { subject: subject("https://other.example/", "oidc|okta-oidc|00u1"), ..Parts::alices() }),
        ("split", Parts { subject: subject("https://tenant.example/o", "idc|okta-oidc|00u1"), ..Parts::alices() }),
        ("organization", Parts { organization: Some(Organization("org_other".to_owned())), ..Parts::alices() }),
        ("no organization", Parts { organization: None, ..Parts::alices() }),
        ("e-mail", Parts { email: Login::parse("bob@example.com").ok(), ..Parts::alices() }),
        ("no e-mail", Parts { email: None, ..Parts::alices() }),
        ("connection", Parts { connection: Some("another".to_owned()), ..Parts::alices() }),
        ("agent", Parts { agent: AgentId::parse("AGENT99999"), ..Parts::alices() }),
        ("no agent", Parts { agent: None, ..Parts::alices() }),
        ("no connection", Parts { connection: None, ..Parts::alices() }),
        ("longer session", Parts { expires_at: Parts::alices().expires_at.plus(1), ..Parts::alices() }),
        ("nameless organization", Parts { organization: Some(Organization(String::new())), ..Parts::alices() }),
    ] {
        assert!(seal.open(&elsewhere.place(), &sealed).is_err(), "{what}");
    }
}

#[test]
fn no_organization_is_not_a_nameless_one() {
    let seal = seal(1);
    let (none, nameless) = (
        Parts { organization: None, ..Parts::alices() },
        Parts { organization: Some(Organization(String::new())), ..Parts::alices() },
    );
    let sealed = seal.seal(&none.place(), b"plain").unwrap();
    assert!(seal.open(&nameless.place(), &sealed).is_err());
}

#[test]
fn another_key_does_not_open_it() {
    let parts = Parts::alices();
    let sealed = seal(1).seal(&parts.place(), b"plain").unwrap();
    assert!(seal(2).open(&parts.place(), &sealed).is_err());
}

#[test]
fn no_bit_can_be_flipped_and_no_byte_left_out() {
    let (seal, parts) = (seal(1), Parts::alices());
    let sealed = seal.seal(&parts.place(), b"plain").unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut bent = sealed.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        assert!(seal.open(&parts.place(), &bent).is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(seal.open(&parts.place(), &sealed[..length]).is_err(), "{length} bytes");
    }
}

#[test]
fn the_same_tokens_never_look_the_same_twice() {
    let (seal, parts) = (seal(1), Parts::alices());
    let (one, two) = (seal.seal(&parts.place(), b"plain").unwrap(), seal.seal(&parts.place(), b"plain").unwrap());
    assert_ne!(one[1..13], two[1..13]);
    assert_ne!(one[13..], two[13..]);
}

#[test]
fn only_32_bytes_of_base64_are_a_key() {
    let key = |text: &str| Seal::local(&Secret::new(text.to_owned()));
    assert!(key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n").is_ok());
    for text in ["", "AAAA", "not base64", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIQ=="] {
        assert!(key(text).is_err(), "{text}");
    }
}
