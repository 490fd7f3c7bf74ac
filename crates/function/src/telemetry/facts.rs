//! Who a call was about, as far as that was learned.

use std::sync::{Arc, Mutex, PoisonError};

use auth::approval::ApprovalReference;
use auth::audit::{Activity, Asked, Reached, Source, UsedKeycards};
use auth::canonical::ArgumentsHash;
use auth::id::{Agent, Organization, SessionHash};

use crate::trace::Trace;

/// What was learned about one call so far. Clones share it, so it is known even when the call ends in a panic.
#[derive(Clone, Default)]
pub(crate) struct Facts(Arc<Mutex<Learned>>);

/// The facts themselves; what was not learned is `None`.
#[derive(Clone, Default)]
pub(crate) struct Learned {
    pub(crate) tool: Option<&'static str>,
    pub(crate) trace: Option<Trace>,
    pub(crate) session: Option<SessionHash>,
    /// A hash of the subject.
    pub(crate) subject: Option<String>,
    pub(crate) agent: Option<Agent>,
    pub(crate) approval: Option<ApprovalReference>,
    pub(crate) activity: Activity,
    pub(crate) source: Source,
    pub(crate) organization: Option<Organization>,
    pub(crate) asked: Option<Asked>,
    pub(crate) arguments: Option<ArgumentsHash>,
    pub(crate) keycards: Option<UsedKeycards>,
    /// Each service once, the last one last.
    pub(crate) reached: Vec<Reached>,
}

impl Facts {
    pub(crate) fn learn(&self, note: impl FnOnce(&mut Learned)) {
        note(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub(crate) fn learned(&self) -> Learned {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
