//! What sealed bytes are bound to.

use auth::encryption_context::EncryptionContext;
use auth::id::{AgentId, Login, Organization, SessionHash};
use auth::subject::Subject;
use auth::time::Timestamp;

/// Where something sealed is kept.
pub(crate) trait Place: Sync {
    /// What its data key is bound to at KMS.
    fn context(&self) -> EncryptionContext;

    /// What it itself is bound to, after this head, see [`joined`].
    fn associated_data(&self, head: &[u8]) -> Vec<u8>;
}

/// Where something of a session is kept and whose it is.
pub(crate) struct SessionPlace<'a> {
    pub(crate) table: &'a str,
    pub(crate) purpose: &'static str,
    pub(crate) owner: Owner<'a>,
}

/// Whose row it is, and what it says of them: none of it can be changed without the seal.
#[derive(Clone, Copy)]
pub(crate) struct Owner<'a> {
    pub(crate) hash: &'a SessionHash,
    pub(crate) subject: &'a Subject,
    pub(crate) organization: Option<&'a Organization>,
    pub(crate) email: Option<&'a Login>,
    pub(crate) connection: Option<&'a str>,
    pub(crate) agent: Option<&'a AgentId>,
    pub(crate) expires_at: Timestamp,
}

impl Place for SessionPlace<'_> {
    fn context(&self) -> EncryptionContext {
        EncryptionContext::of_session(self.table, self.owner.hash)
    }

    fn associated_data(&self, head: &[u8]) -> Vec<u8> {
        let Owner { hash, subject, organization, email, connection, agent, expires_at } = self.owner;
        let expires_at = expires_at.seconds().to_string();
        let there = [self.table, hash.as_str(), self.purpose, subject.issuer(), subject.id(), &expires_at].map(Some);
        let organization = organization.map(|organization| organization.0.as_str());
        let optional = [organization, email.map(Login::as_str), connection, agent.map(AgentId::as_str)];
        joined(head, there.into_iter().chain(optional))
    }
}

/// The head, then every part with whether it is there and its length before it, so that no two places have the same bytes.
/// No organization is not the same as an organization without a name. The third part is the purpose, for every kind of
/// place.
pub(crate) fn joined<'a>(head: &[u8], parts: impl Iterator<Item = Option<&'a str>>) -> Vec<u8> {
    let mut data = head.to_vec();
    for part in parts {
        data.push(u8::from(part.is_some()));
        let part = part.unwrap_or_default();
        data.extend_from_slice(&u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        data.extend_from_slice(part.as_bytes());
    }
    data
}
