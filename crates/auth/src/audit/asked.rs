//! The check of a call, without the names that were in it.

use crate::decision::{Check, Decision};
use crate::id::sha256_base64url;

/// A check that was put to the authorizer, and what came back. The relation and the object's type are words of the model;
/// the ids of user and object may be a person's, so hashes stand for them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    pub(super) relation: String,
    pub(super) object_type: String,
    pub(super) user: String,
    pub(super) object: String,
    pub(super) answer: Option<Answer>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Answer {
    pub(super) allowed: bool,
    pub(super) model: String,
}

impl Asked {
    /// The question; nobody has answered it yet.
    #[must_use]
    pub fn of(check: &Check) -> Self {
        let (kind, id) = check.object().split_once(':').unwrap_or((check.object(), ""));
        Self {
            relation: check.relation().to_owned(),
            object_type: kind.to_owned(),
            user: sha256_base64url(check.user().as_bytes()),
            object: sha256_base64url(id.as_bytes()),
            answer: None,
        }
    }

    /// The question of this decision, and its answer.
    #[must_use]
    pub fn answered(decision: &Decision) -> Self {
        let check = decision.check();
        let answer = Answer { allowed: decision.allows(check), model: decision.model_id().to_owned() };
        Self { answer: Some(answer), ..Self::of(check) }
    }
}
