//! Why nothing was done: a closed public code for the agent, and a private cause for the log.

use crate::approval::Notice;

/// What the agent is told. Closed: a new outcome does not compile until somebody decides its sentence and its status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Code {
    /// There is no valid sign-in behind this call.
    AuthRequired,
    /// The provider's account is not connected, or its consent was withdrawn.
    ReconnectRequired,
    /// The person may not do this.
    AccessDenied,
    /// An approval was asked for and is not given yet.
    ApprovalPending,
    /// The person said no.
    ApprovalDenied,
    /// Nobody answered in time.
    ApprovalExpired,
    /// A limit was reached; trying again after some seconds may work.
    Busy,
    /// A service did not answer well.
    Unavailable,
    /// The arguments are not what the tool takes.
    InvalidInput,
    /// Something is set up wrongly, or broke, on our side.
    Internal,
}

impl Code {
    /// Every code, in the order of the documentation.
    pub const ALL: [Self; 10] = [
        Self::AuthRequired,
        Self::ReconnectRequired,
        Self::AccessDenied,
        Self::ApprovalPending,
        Self::ApprovalDenied,
        Self::ApprovalExpired,
        Self::Busy,
        Self::Unavailable,
        Self::InvalidInput,
        Self::Internal,
    ];

    /// The code on the wire, as in `access_denied`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::AuthRequired => "auth_required",
            Self::ReconnectRequired => "reconnect_required",
            Self::AccessDenied => "access_denied",
            Self::ApprovalPending => "approval_pending",
            Self::ApprovalDenied => "approval_denied",
            Self::ApprovalExpired => "approval_expired",
            Self::Busy => "busy",
            Self::Unavailable => "unavailable",
            Self::InvalidInput => "invalid_input",
            Self::Internal => "internal",
        }
    }

    /// One sentence for a person, which the agent may relay.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::AuthRequired => "Access denied: your sign-in is missing or no longer valid. Please sign in again.",
            Self::ReconnectRequired => {
                "Your Okta account is not connected, or its consent has ended. Please connect it again."
            }
            Self::AccessDenied => "Access denied: you are not allowed to do this.",
            Self::ApprovalPending => "This needs your approval. Please answer the request on your phone.",
            Self::ApprovalDenied => "The request was declined, so nothing was done.",
            Self::ApprovalExpired => "No answer had reached us in time, so nothing was done.",
            Self::Busy => "A service is busy right now. Please try again shortly.",
            Self::Unavailable => "A service could not be reached, so nothing was done. Please try again later.",
            Self::InvalidInput => "The request could not be understood.",
            Self::Internal => "Something went wrong on our side, so nothing was done.",
        }
    }
}

/// Why nothing was done. The cause is for the log: it names the step and the rule, and never holds a secret or a text
/// that an upstream sent.
#[derive(Clone, Debug)]
pub struct Refusal {
    code: Code,
    cause: String,
    words: Option<String>,
    retry_after_seconds: Option<u64>,
    approval: Option<Box<Notice>>,
}

impl Refusal {
    /// A refusal with its code's own sentence.
    #[must_use]
    pub fn new(code: Code, cause: impl Into<String>) -> Self {
        Self { code, cause: cause.into(), words: None, retry_after_seconds: None, approval: None }
    }

    /// There is no valid sign-in behind this call.
    #[must_use]
    pub fn auth_required(cause: impl Into<String>) -> Self {
        Self::new(Code::AuthRequired, cause)
    }

    /// The arguments are wrong; `words` names the argument and what it takes.
    #[must_use]
    pub fn invalid_input(words: impl Into<String>) -> Self {
        let words = words.into();
        Self { words: Some(words.clone()), ..Self::new(Code::InvalidInput, words) }
    }

    /// A limit was reached; `seconds` is cut to between 1 and 120.
    #[must_use]
    pub fn busy(cause: impl Into<String>, seconds: u64) -> Self {
        Self { retry_after_seconds: Some(seconds.clamp(1, 120)), ..Self::new(Code::Busy, cause) }
    }

    /// Nothing was done yet: it waits for the person's answer on their phone.
    #[must_use]
    pub fn approval_pending(cause: impl Into<String>, approval: Notice) -> Self {
        Self { approval: Some(Box::new(approval)), ..Self::new(Code::ApprovalPending, cause) }
    }

    /// The same refusal with a sentence of its own, for outcomes that have a remedy a person can act on.
    #[must_use]
    pub fn saying(self, words: impl Into<String>) -> Self {
        Self { words: Some(words.into()), ..self }
    }

    /// The public code.
    #[must_use]
    pub fn code(&self) -> Code {
        self.code
    }

    /// The private cause, for the log only.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// What a person is told.
    #[must_use]
    pub fn sentence(&self) -> &str {
        self.words.as_deref().unwrap_or_else(|| self.code.sentence())
    }

    /// After how many seconds trying again may work: 1 to 120, with `busy` only.
    #[must_use]
    pub fn retry_after_seconds(&self) -> Option<u64> {
        self.retry_after_seconds
    }

    /// What it waits for, with `approval_pending` only.
    #[must_use]
    pub fn approval(&self) -> Option<&Notice> {
        self.approval.as_deref()
    }
}
