//! What a test in the same process may read and turn.

use std::sync::Arc;

use super::Runtime;
use super::policy::Authorization;
use super::record::{Call, Interception, Invocation, Seen};
use crate::double::Double;
use crate::fault::{Fault, Faults};
use crate::watch::Watch;

/// A running gateway. Dropping it stops it.
pub struct Gateway {
    /// The listener and its counters. Its request lines are mostly `POST /mcp`; a fault here knows no methods.
    pub double: Double,
    pub(super) methods: Watch,
    pub(super) faults: Faults,
    pub(super) runtime: Arc<Runtime>,
}

impl Gateway {
    /// Where clients speak MCP: `http://127.0.0.1:PORT/mcp`.
    #[must_use]
    pub fn mcp_url(&self) -> String {
        format!("{}/mcp", self.runtime.url)
    }

    /// The gateway's ARN.
    #[must_use]
    pub fn arn(&self) -> &str {
        &self.runtime.config.arn
    }

    /// Messages of clients that passed the authorizer and the session check, oldest first.
    #[must_use]
    pub fn calls(&self) -> Vec<Call> {
        self.runtime.records.seen().calls.clone()
    }

    /// Calls of interceptors, second tries included, oldest first.
    #[must_use]
    pub fn interceptions(&self) -> Vec<Interception> {
        self.runtime.records.seen().interceptions.clone()
    }

    /// What the policy engine was asked, oldest first.
    #[must_use]
    pub fn authorizations(&self) -> Vec<Authorization> {
        self.runtime.records.seen().authorizations.clone()
    }

    /// Calls of targets' functions, oldest first.
    #[must_use]
    pub fn invocations(&self) -> Vec<Invocation> {
        self.runtime.records.seen().invocations.clone()
    }

    /// Requests of this method since the start or the last [`Gateway::forget`], those refused by the authorizer included:
    /// `tools/list`, or `tools/call/okta___list_groups`. A prefix, so `tools/call` is all calls of tools.
    #[must_use]
    pub fn requests_by_method(&self, method: &str) -> u64 {
        self.methods.matching(&format!("POST /{method}"))
    }

    /// Forgets what was seen so far. Sessions stay.
    pub fn forget(&self) {
        *self.runtime.records.seen() = Seen::default();
        self.methods.clear();
        self.double.forget();
    }

    /// Ends every session.
    pub fn end_sessions(&self) {
        self.runtime.sessions.forget();
    }

    /// Adds a fault whose `on` is the start of `POST /METHOD` or `POST /tools/call/TOOL`, as in `POST /tools/list`. It is met
    /// before the authorizer.
    pub fn fault(&self, fault: Fault) {
        self.faults.add(fault);
    }

    /// Removes every fault.
    pub fn mend(&self) {
        self.faults.clear();
        self.double.mend();
    }
}
