//! Why a request is not done.
//!
//! The sentences are AWS's: [troubleshooting access denied](https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html).

use super::evaluate::Outcome;

/// Each service has its own shape for these.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Refusal {
    /// The request is not signed.
    Missing,
    /// The access key id or the token is not known.
    Unknown,
    /// The session is over.
    Expired,
    /// The caller may not.
    Denied { user: String, action: String, resource: String, because: Because },
}

/// Which policies stood in the way.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Because {
    IdentityDenies,
    SessionDenies,
    IdentitySilent,
    SessionSilent,
    /// A service asked, and the resource's own policy does not let it.
    ResourceSilent,
    /// A double does not know how to evaluate such a request, and so nobody may make it.
    NotEvaluated,
}

impl Because {
    /// None if the request is allowed. A role without a session policy counts as one that allows.
    pub(super) fn of(identity: Outcome, session: Outcome) -> Option<Self> {
        match (identity, session) {
            (Outcome::Denied, _) => Some(Self::IdentityDenies),
            (_, Outcome::Denied) => Some(Self::SessionDenies),
            (Outcome::Silent, _) => Some(Self::IdentitySilent),
            (_, Outcome::Silent) => Some(Self::SessionSilent),
            (Outcome::Allowed, Outcome::Allowed) => None,
        }
    }

    fn sentence(self, action: &str) -> String {
        match self {
            Self::IdentityDenies => "with an explicit deny in an identity-based policy".to_owned(),
            Self::SessionDenies => "with an explicit deny in a session policy".to_owned(),
            Self::IdentitySilent => format!("because no identity-based policy allows the {action} action"),
            Self::SessionSilent => format!("because no session policy allows the {action} action"),
            Self::ResourceSilent => format!("because no resource-based policy allows the {action} action"),
            Self::NotEvaluated => "because this double does not evaluate such requests".to_owned(),
        }
    }
}

impl Refusal {
    /// `User: ... is not authorized to perform: ...`, the action written as the service writes it. STS says no more.
    pub(crate) fn sentence(&self, write_action: impl Fn(&str) -> String) -> String {
        match self {
            Self::Missing => "Missing Authentication Token".to_owned(),
            Self::Unknown => "The security token included in the request is invalid.".to_owned(),
            Self::Expired => "The security token included in the request is expired".to_owned(),
            Self::Denied { user, action, resource, because } => {
                let action = write_action(action);
                let because = because.sentence(&action);
                format!("User: {user} is not authorized to perform: {action} on resource: {resource} {because}")
            }
        }
    }

    /// The error's name in the JSON protocols.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            Self::Missing => "MissingAuthenticationTokenException",
            Self::Unknown => "UnrecognizedClientException",
            Self::Expired => "ExpiredTokenException",
            Self::Denied { .. } => "AccessDeniedException",
        }
    }
}
