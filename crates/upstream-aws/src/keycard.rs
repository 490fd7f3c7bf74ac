//! Keycards: `sts:AssumeRole` on the tools' role, cut down by a session policy to one person, one tool, one minute
//! (AWS STS API reference, `AssumeRole`).
//!
//! Whatever goes wrong, there is no keycard, and nothing falls back to the function's own role.

#[cfg(test)]
mod tests;

use auth::approval::PersonKey;
use auth::id::SessionHash;
use auth::keycard::{KEYCARD_SECONDS, RoleArn, SessionName, SessionPolicy};
use auth::refusal::{Code, Refusal};
use auth::time::Timestamp;
use aws_credential_types::Credentials;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use aws_sdk_sts::types::Tag;
use tokio::time::Instant;

use crate::connection::Aws;
use upstream_secrets::failure::{Failure, answer};

/// The shortest life that STS gives (`DurationSeconds`); the policy ends the keycard long before.
const SHORTEST_LIFE: i32 = 900;
/// In place of a session, for a keycard that opens none.
const NO_SESSION: &str = "none";

/// Asks STS for keycards of one role.
#[derive(Clone)]
pub struct KeycardIssuer {
    client: aws_sdk_sts::Client,
    role: RoleArn,
}

/// Whose keycard, for what.
#[derive(Clone, Copy)]
pub struct Wanted<'a> {
    /// Whose approvals it may open; also names the session at STS.
    pub person: &'a PersonKey,
    /// Whose row it may open, if any.
    pub session: Option<&'a SessionHash>,
    /// The tool.
    pub tool: &'a str,
    /// Exactly what it opens.
    pub policy: &'a SessionPolicy,
}

/// Temporary credentials. They are not shown; what may be known of them joins our records to CloudTrail's.
#[derive(Clone)]
pub struct Keycard {
    credentials: Credentials,
    name: SessionName,
    until: Timestamp,
}

/// Why there is no keycard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeycardError {
    /// STS's limit was reached, twice.
    #[error("keycard: throttled")]
    Busy,
    /// STS did not answer well or in time.
    #[error("keycard: no answer")]
    Unavailable,
    /// The role, its trust, the policy or our own rights are wrong.
    #[error("keycard: role, trust or policy are set up wrongly")]
    Misconfigured,
    /// The credentials are incomplete, or had ended when they came.
    #[error("keycard: the credentials are of no use")]
    Useless,
}

impl From<KeycardError> for Refusal {
    fn from(error: KeycardError) -> Self {
        let cause = error.to_string();
        match error {
            KeycardError::Busy => Self::busy(cause, 2),
            KeycardError::Unavailable | KeycardError::Useless => Self::new(Code::Unavailable, cause),
            KeycardError::Misconfigured => Self::new(Code::Internal, cause),
        }
    }
}

impl From<Failure> for KeycardError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Throttled => Self::Busy,
            Failure::Setup => Self::Misconfigured,
            Failure::Condition | Failure::Connection | Failure::Unknown => Self::Unavailable,
        }
    }
}

impl KeycardIssuer {
    /// `role` must trust the function's own role and demand the tags and the source identity.
    #[must_use]
    pub fn new(aws: &Aws, role: RoleArn) -> Self {
        Self { client: aws.sts.clone(), role }
    }

    /// A fresh keycard. Asked once more if STS was throttled or the connection failed: nothing is changed by asking.
    ///
    /// # Errors
    /// All of [`KeycardError`].
    pub async fn fetch(&self, wanted: Wanted<'_>, now: Timestamp, until: Instant) -> Result<Keycard, KeycardError> {
        let name = SessionName::of_key(wanted.person);
        let tags = [
            ("person", wanted.person.as_str()),
            ("session", wanted.session.map_or(NO_SESSION, SessionHash::as_str)),
            ("tool", wanted.tool),
        ];
        let mut request = self
            .client
            .assume_role()
            .role_arn(self.role.as_str())
            .role_session_name(name.as_str())
            .source_identity(name.as_str())
            .duration_seconds(SHORTEST_LIFE)
            .policy(wanted.policy.as_str());
        for (key, value) in tags {
            let tag = Tag::builder().key(key).value(value).build().map_err(|_| KeycardError::Misconfigured)?;
            request = request.tags(tag);
        }
        let reply = match answer(until, request.clone().send()).await {
            Err(Failure::Throttled | Failure::Connection) => answer(until, request.send()).await?,
            first => first?,
        };
        keycard(reply, name, now).ok_or(KeycardError::Useless)
    }
}

fn keycard(reply: AssumeRoleOutput, name: SessionName, now: Timestamp) -> Option<Keycard> {
    let given = reply.credentials?;
    let ends = u64::try_from(given.expiration.secs()).ok()?;
    let whole =
        ![&given.access_key_id, &given.secret_access_key, &given.session_token].iter().any(|part| part.is_empty());
    if !whole || ends <= now.seconds() {
        return None;
    }
    let expiry = std::time::UNIX_EPOCH.checked_add(std::time::Duration::from_secs(ends))?;
    let credentials = Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        Some(expiry),
        "keycard",
    );
    let until = now.plus(KEYCARD_SECONDS).min(Timestamp::from_seconds(ends));
    Some(Keycard { credentials, name, until })
}

impl Keycard {
    /// Whether it opens anything at `now`.
    #[must_use]
    pub fn opens(&self, now: Timestamp) -> bool {
        now < self.until
    }

    /// The name of the session at STS.
    #[must_use]
    pub fn name(&self) -> &SessionName {
        &self.name
    }

    /// The id of the access key, as CloudTrail has it. It is no secret.
    #[must_use]
    pub fn access_key_id(&self) -> &str {
        self.credentials.access_key_id()
    }

    /// AWS's services, called with this keycard and nothing else.
    #[must_use]
    pub fn open(&self, aws: &Aws) -> Aws {
        aws.as_who(&self.credentials)
    }
}
