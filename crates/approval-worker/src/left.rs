//! How the worker leaves an approval, and what the log says of it.

use auth::approval::Ending;
use auth::audit::Deed;
use auth::refusal::{Code, Refusal};

/// Where an approval is when the worker leaves it.
pub(crate) enum Left {
    /// Not over: it is looked at again, for this reason.
    Open(Refusal),
    /// It ended so, now.
    Ended {
        /// How.
        ending: Ending,
        /// Why it was not done, if that is known better than by how it ended.
        refusal: Option<Refusal>,
    },
    /// It was over when the message came, or never there.
    Over,
    /// Somebody else is at it, or ended it.
    Elsewhere,
    /// The same, when everything had been asked again: somebody else spent it, or ended it.
    Overtaken,
    /// It was acted on and came to this, but somebody has called it unknown meanwhile.
    Unrecorded(Ending),
}

/// What a line of the log says of it.
pub(crate) enum Line {
    /// All is as it should be.
    Well(&'static str),
    /// It is not, or not yet.
    Refused(Refusal),
}

impl Left {
    /// Whether something was decided, or went wrong: what waits, and what is no matter of this message, has no audit record.
    pub(crate) fn decides(&self) -> bool {
        match self {
            Self::Open(why) => why.code() != Code::ApprovalPending,
            Self::Ended { .. } | Self::Overtaken | Self::Unrecorded(_) => true,
            Self::Over | Self::Elsewhere => false,
        }
    }

    /// What became of the change, where the line's code does not say it.
    pub(crate) const fn deed(&self) -> Option<Deed> {
        match self {
            Self::Unrecorded(Ending::Done { .. }) => Some(Deed::Done),
            Self::Ended { ending: Ending::Unknown, .. } | Self::Unrecorded(Ending::Unknown) => Some(Deed::Unknown),
            Self::Open(_)
            | Self::Ended { .. }
            | Self::Over
            | Self::Elsewhere
            | Self::Overtaken
            | Self::Unrecorded(_) => None,
        }
    }

    /// What the log says of it.
    pub(crate) fn line(&self) -> Line {
        let refused = |code, cause: &str| Line::Refused(Refusal::new(code, cause));
        match self {
            Self::Open(why) => Line::Refused(why.clone()),
            Self::Over => Line::Well("worker: over before"),
            Self::Elsewhere => Line::Well("worker: somebody else is at it"),
            Self::Overtaken => refused(Code::Busy, "worker: somebody else spent or ended it meanwhile"),
            Self::Ended { ending, refusal } => match ending {
                Ending::Done { .. } => Line::Well("worker: done"),
                Ending::Denied => refused(Code::ApprovalDenied, "worker: declined"),
                Ending::Expired => refused(Code::ApprovalExpired, "worker: not answered in time"),
                Ending::Failed { code, .. } => {
                    refused(*code, refusal.as_ref().map_or("worker: not carried out", Refusal::cause))
                }
                Ending::Unknown => refused(Code::Unavailable, "worker: unknown whether it was done"),
            },
            Self::Unrecorded(Ending::Done { .. }) => {
                refused(Code::Internal, "worker: done, but written down as unknown")
            }
            Self::Unrecorded(_) => refused(Code::Internal, "worker: acted on, but written down as unknown"),
        }
    }
}
