use auth::refusal::{Code, Refusal};

/// Why nobody was asked, or why that is not known: one variant for each remedy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum StartError {
    /// `invalid_request`: what Auth0 answers for a person without a device for push messages.
    #[error("ciba: the person has no device that can be asked")]
    NoDevice,
    /// People are named by their verified address, and this one has none. Nothing was sent.
    #[error("ciba: the session has no verified address to ask by")]
    NoAddress,
    /// `unknown_user_id`: the tenant no longer has this person.
    #[error("ciba: the tenant does not know the person")]
    UnknownPerson,
    /// 429: the tenant's limit, or that of five pushes a minute for one person.
    #[error("ciba: busy")]
    Busy {
        /// Seconds until the limit is reset, 1 to 120.
        seconds: u64,
    },
    /// Client, grant, message or tenant are set up wrongly.
    #[error("ciba: misconfigured: {0}")]
    Misconfigured(&'static str),
    /// The approval is not about the person, session and organization of the mandate. Nothing was sent.
    #[error("ciba: the approval is not about the mandate's person")]
    AnotherPerson,
    /// Nothing was sent.
    #[error("ciba: not sent: {0}")]
    NotSent(&'static str),
    /// It was sent, and what became of it is not known: the push may be on the phone, but no poll can follow.
    #[error("ciba: perhaps sent: {0}")]
    Unknown(&'static str),
}

impl From<StartError> for Refusal {
    fn from(error: StartError) -> Self {
        let cause = error.to_string();
        match error {
            // One sentence for all: whether an account exists is nobody's business.
            StartError::NoDevice | StartError::NoAddress | StartError::UnknownPerson => Self::new(Code::AccessDenied, cause).saying(
                "This needs your approval, but no phone of yours can be asked, so nothing was done. Please enrol a device \
                 for push notifications, then ask again.",
            ),
            StartError::Busy { seconds } => Self::busy(cause, seconds),
            StartError::Misconfigured(_) | StartError::AnotherPerson => Self::new(Code::Internal, cause),
            StartError::NotSent(_) => Self::new(Code::Unavailable, cause),
            StartError::Unknown(_) => Self::new(Code::Unavailable, cause).saying(
                "Whether the request reached your phone is not known, and nothing was done. If it did, please decline it \
                 there.",
            ),
        }
    }
}
