mod caching;
mod contract;
mod failing;
mod kms;
mod rotating;

use auth::id::{AgentId, Login, Organization, SessionHash};
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Owner, Seal, SealError, SessionPlace};
use crate::testing::ample;
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

#[tokio::test]
async fn what_was_sealed_opens_in_its_place_only() {
    let (seal, parts) = (seal(1), Parts::alices());
    let sealed = seal.seal(&parts.place(), b"plain", ample()).await.unwrap();
    assert_eq!(seal.open(&parts.place(), &sealed, ample()).await.unwrap().as_slice(), b"plain");

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
        assert!(seal.open(&elsewhere.place(), &sealed, ample()).await.is_err(), "{what}");
    }
}

#[tokio::test]
async fn no_organization_is_not_a_nameless_one() {
    let seal = seal(1);
    let (none, nameless) = (
        Parts { organization: None, ..Parts::alices() },
        Parts { organization: Some(Organization(String::new())), ..Parts::alices() },
    );
    let sealed = seal.seal(&none.place(), b"plain", ample()).await.unwrap();
    assert!(seal.open(&nameless.place(), &sealed, ample()).await.is_err());
}

#[tokio::test]
async fn another_key_does_not_open_it() {
    let parts = Parts::alices();
    let sealed = seal(1).seal(&parts.place(), b"plain", ample()).await.unwrap();
    assert!(seal(2).open(&parts.place(), &sealed, ample()).await.is_err());
}

#[tokio::test]
async fn no_bit_can_be_flipped_and_no_byte_left_out() {
    let (seal, parts) = (seal(1), Parts::alices());
    let sealed = seal.seal(&parts.place(), b"plain", ample()).await.unwrap();
    for bit in 0..sealed.len() * 8 {
        let mut bent = sealed.clone();
        bent[bit / 8] ^= 1 << (bit % 8);
        assert!(seal.open(&parts.place(), &bent, ample()).await.is_err(), "bit {bit}");
    }
    for length in 0..sealed.len() {
        assert!(seal.open(&parts.place(), &sealed[..length], ample()).await.is_err(), "{length} bytes");
    }
}

#[tokio::test]
async fn the_same_tokens_never_look_the_same_twice() {
    let (seal, parts) = (seal(1), Parts::alices());
    let (one, two) = (
        seal.seal(&parts.place(), b"plain", ample()).await.unwrap(),
        seal.seal(&parts.place(), b"plain", ample()).await.unwrap(),
    );
    assert_ne!(one[1..13], two[1..13]);
    assert_ne!(one[13..], two[13..]);
}

#[tokio::test]
async fn of_several_keys_the_first_seals_and_all_open_until_they_are_taken_away() {
    let lines = |bytes: &[u8]| {
        let lines: Vec<String> = bytes.iter().map(|byte| STANDARD.encode([*byte; 32])).collect();
        Seal::local(&Secret::new(lines.join("\n") + "\n")).unwrap()
    };
    let parts = Parts::alices();
    let old = lines(&[1]).seal(&parts.place(), b"plain", ample()).await.unwrap();
    let both = lines(&[2, 1]);
    assert_eq!(both.open(&parts.place(), &old, ample()).await.unwrap().as_slice(), b"plain");
    let new = both.seal(&parts.place(), b"plain", ample()).await.unwrap();
    assert_eq!(lines(&[1]).open(&parts.place(), &new, ample()).await.err(), Some(SealError::Unreadable));
    assert_eq!(lines(&[2]).open(&parts.place(), &new, ample()).await.unwrap().as_slice(), b"plain");
    assert_eq!(lines(&[2]).open(&parts.place(), &old, ample()).await.err(), Some(SealError::Unreadable));
}

#[test]
fn only_32_bytes_of_base64_are_a_key() {
    let key = |text: &str| Seal::local(&Secret::new(text.to_owned()));
    assert!(key("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\n").is_ok());
    let good = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    for text in
        ["", "\n", "AAAA", &format!("{good}\nAAAA"), "not base64", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gIQ=="]
    {
        assert!(key(text).is_err(), "{text}");
    }
}
