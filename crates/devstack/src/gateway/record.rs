//! What a gateway has seen and done.

use std::sync::{Mutex, MutexGuard, PoisonError};

use serde::Serialize;
use serde_json::Value;

use super::policy::Authorization;

/// One message of a client that passed the authorizer and the session check.
#[derive(Clone, Debug, Serialize)]
pub struct Call {
    /// As in `tools/call`.
    pub method: String,
    /// For `tools/call`: the tool as the client named it.
    pub tool: Option<String>,
    /// The `sub` of the caller's token.
    pub subject: Option<String>,
}

/// Where an interceptor is called.
#[derive(Clone, Copy, Debug, Eq, PartialEq, Serialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Point {
    /// Before the policy engine and the target.
    Request,
    /// Before the answer leaves.
    Response,
}

/// One call of an interceptor; a second try is another.
#[derive(Clone, Debug, Serialize)]
pub struct Interception {
    /// Where.
    pub point: Point,
    /// What it was sent. May hold the caller's token.
    pub event: Value,
    /// What it answered. None if it failed, null if that was no JSON.
    pub output: Option<Value>,
}

/// One call of a target's function.
#[derive(Clone, Debug, Serialize)]
pub struct Invocation {
    /// The tool, with its target's name.
    pub tool: String,
    /// The arguments: all that the function is sent.
    pub event: Value,
    /// The client context, decoded.
    pub context: Value,
    /// What it answered. None if it failed or was not called for its client context's size.
    pub answer: Option<String>,
}

/// All of it, oldest first.
#[derive(Default, Serialize)]
pub(super) struct Seen {
    pub(super) calls: Vec<Call>,
    pub(super) interceptions: Vec<Interception>,
    pub(super) authorizations: Vec<Authorization>,
    pub(super) invocations: Vec<Invocation>,
}

#[derive(Default)]
pub(super) struct Records(Mutex<Seen>);

impl Records {
    pub(super) fn seen(&self) -> MutexGuard<'_, Seen> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
