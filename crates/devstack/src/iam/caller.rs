//! Who a request comes from.

use http::HeaderMap;

use super::context::Context;
use super::document::Document;
use super::role::role_arn;
use super::session::Session;
use crate::lambda::ACCOUNT;

/// Who a request is from, as a policy's principals tell them apart.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Signer<'a> {
    /// A session of a role.
    Session(&'a Caller),
    /// A service of AWS, as in `bedrock.amazonaws.com`.
    Service(&'a str),
}

/// The session that a request was signed with.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    pub(crate) session: Session,
    /// The role's unique id.
    pub(super) role_id: String,
    /// Parsed from the session's.
    pub(super) policy: Option<Document>,
}

impl Caller {
    pub(crate) fn arn(&self) -> String {
        self.session.arn()
    }

    pub(crate) fn role_arn(&self) -> String {
        role_arn(&self.session.role)
    }

    /// `aws:userid`: the role's id and the session's name.
    pub(crate) fn user_id(&self) -> String {
        format!("{}:{}", self.role_id, self.session.session_name)
    }

    /// What is known of the caller, whatever it asks for.
    pub(super) fn context(&self) -> Context {
        let mut context = Context::default()
            .with("aws:PrincipalArn", self.role_arn())
            .with("aws:PrincipalAccount", ACCOUNT)
            .with("aws:PrincipalType", "AssumedRole")
            .with("aws:userid", self.user_id());
        for (key, value) in &self.session.tags {
            context.add(&format!("aws:PrincipalTag/{key}"), value);
        }
        if let Some(identity) = &self.session.source_identity {
            context.add("aws:SourceIdentity", identity);
        }
        context
    }
}

/// The access key id in the `Authorization` of Signature Version 4, and the session token.
pub(super) fn credentials(headers: &HeaderMap) -> Option<(&str, &str)> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let signed = text("authorization")?.strip_prefix("AWS4-HMAC-SHA256 ")?;
    let credential = signed.split(',').find_map(|part| part.trim().strip_prefix("Credential="))?;
    let (id, _scope) = credential.split_once('/')?;
    Some((id, text("x-amz-security-token").unwrap_or_default()))
}
