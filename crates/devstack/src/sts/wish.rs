//! What a caller of `AssumeRole` wants, within its bounds.

use super::form::Form;
use super::problem::Problem;
use super::rules;
use crate::iam::{Document, Kind};
use crate::lambda::ACCOUNT;

/// The session's length if none is asked for, in seconds.
const USUAL_SECONDS: u64 = 3600;

#[derive(Debug)]
pub(super) struct Wish {
    /// Name of the role.
    pub(super) role: String,
    pub(super) session_name: String,
    pub(super) seconds: u64,
    /// As it was sent, and as it was understood.
    pub(super) policy: Option<(String, Document)>,
    pub(super) source_identity: Option<String>,
    pub(super) tags: Vec<(String, String)>,
    pub(super) transitive: Vec<String>,
    pub(super) external_id: Option<String>,
}

impl Wish {
    pub(super) fn read(mut form: Form) -> Result<Self, Problem> {
        let arn = form.take("RoleArn").ok_or_else(|| Problem::missing("roleArn"))?;
        rules::length(&arn, "roleArn", 20, 2048)?;
        let session_name = form.take("RoleSessionName").ok_or_else(|| Problem::missing("roleSessionName"))?;
        rules::name(&session_name, "roleSessionName")?;
        let seconds = form.take("DurationSeconds").map(|text| rules::duration(&text)).transpose()?;
        let source_identity = form.take("SourceIdentity");
        if let Some(identity) = &source_identity {
            rules::name(identity, "sourceIdentity")?;
            if identity.to_lowercase().starts_with("aws:") {
                return Err(Problem::validation("a source identity does not begin with aws:"));
            }
        }
        let tags = form.take_pairs("Tags");
        rules::tags(&tags)?;
        let transitive = form.take_list("TransitiveTagKeys");
        let external_id = form.take("ExternalId");
        let policy = form.take("Policy");
        form.end()?;
        let policy = policy.map(|text| {
            rules::policy(&text)?;
            let document = Document::parse(&text, Kind::Permissions).map_err(|why| Problem::malformed(&why))?;
            Ok((text, document))
        });
        // A role of another account, or of a name that is none, is one that is not there.
        let role = arn.strip_prefix(&format!("arn:aws:iam::{ACCOUNT}:role/")).unwrap_or(&arn).to_owned();
        Ok(Self {
            role,
            session_name,
            seconds: seconds.unwrap_or(USUAL_SECONDS),
            policy: policy.transpose()?,
            source_identity,
            tags,
            transitive,
            external_id,
        })
    }
}
