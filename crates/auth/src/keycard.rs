//! The session policy of a keycard: temporary AWS credentials for one person, one tool, one minute.
//!
//! STS gives credentials for 900 seconds at least, so the minute is a condition in the policy itself. What a policy allows is
//! the tool role's rights cut down to this text (AWS STS, `AssumeRole`, parameter `Policy`: at most 2,048 characters). So the
//! minute is said once, as a denial of everything after it, and grants with the same conditions share a statement.

mod arn;
mod grant;
mod name;
mod policy;
#[cfg(test)]
mod tests;

pub use arn::{Account, KeyArn, RoleArn, SecretArn};
pub use grant::Grant;
pub use name::{SessionName, Tag};
pub use policy::{SessionPolicy, Unpolicied};

/// How long a keycard opens anything, in seconds.
pub const KEYCARD_SECONDS: u64 = 60;
/// The longest policy that STS takes, in characters.
pub const LONGEST_POLICY: usize = 2_048;
