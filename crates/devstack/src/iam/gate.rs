//! What a double asks before it acts.

use std::sync::{Arc, Mutex, PoisonError};

use http::HeaderMap;

use super::caller::{Caller, Signer};
use super::context::Context;
use super::decision::Decision;
use super::evaluate::{Outcome, Request};
use super::refusal::{Because, Refusal};
use super::registry::Iam;
use crate::clock;

/// One question: may the caller do this?
#[derive(Debug)]
pub(crate) struct Ask {
    pub(crate) action: String,
    /// An ARN, or `*` for what has none.
    pub(crate) resource: String,
    /// What the request says itself.
    pub(crate) context: Context,
    /// False for what the double does not know how to evaluate: nobody may do it.
    pub(crate) understood: bool,
}

impl Ask {
    pub(crate) fn new(action: impl Into<String>, resource: impl Into<String>) -> Self {
        Self { action: action.into(), resource: resource.into(), context: Context::default(), understood: true }
    }

    pub(crate) fn about(self, context: Context) -> Self {
        Self { context, ..self }
    }

    pub(crate) fn beyond(self) -> Self {
        Self { understood: false, ..self }
    }
}

/// A double's switch: open until it is given an account.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gate(Arc<Mutex<Option<Iam>>>);

impl Gate {
    pub(crate) fn close(&self, iam: Iam) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(iam);
    }

    /// None while every request passes.
    pub(crate) fn iam(&self) -> Option<Iam> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Iam {
    /// Answers every question with the policies of whoever signed; the first refusal ends it.
    pub(crate) fn admit(&self, headers: &HeaderMap, asks: &[Ask]) -> Result<(), Refusal> {
        let caller = self.caller(headers)?;
        asks.iter().try_for_each(|ask| self.authorize(&caller, ask))
    }

    /// Whether the caller's own policies allow it.
    pub(crate) fn authorize(&self, caller: &Caller, ask: &Ask) -> Result<(), Refusal> {
        let because = self.because(caller, ask);
        self.note_that(caller, ask, because.is_none());
        let denied = |because| Refusal::Denied {
            user: caller.arn(),
            action: ask.action.clone(),
            resource: ask.resource.clone(),
            because,
        };
        because.map_or(Ok(()), |because| Err(denied(because)))
    }

    /// Whether both the caller's own policies and the trust policy of this role allow it.
    pub(crate) fn is_trusted(&self, caller: &Caller, ask: &Ask, role: &str) -> bool {
        let context = self.context(caller, ask);
        let request = Request {
            action: &ask.action,
            resource: &ask.resource,
            caller: Signer::Session(caller),
            context: &context,
        };
        let trusted = self.trust(role, &request) == Some(Outcome::Allowed) && self.because(caller, ask).is_none();
        self.note_that(caller, ask, trusted);
        trusted
    }

    /// Whether the resource's own policy lets this service of AWS do it for what it names as its source. Without such a
    /// policy nobody may.
    pub(crate) fn lets_service(&self, service: &str, ask: &Ask) -> Result<(), Refusal> {
        let request = Request {
            action: &ask.action,
            resource: &ask.resource,
            caller: Signer::Service(service),
            context: &ask.context,
        };
        let allowed = self.resource_policy(&request) == Some(Outcome::Allowed);
        let (action, resource) = (ask.action.clone(), ask.resource.clone());
        self.note(Decision { caller: service.to_owned(), action: action.clone(), resource: resource.clone(), allowed });
        let because = Because::ResourceSilent;
        if allowed { Ok(()) } else { Err(Refusal::Denied { user: service.to_owned(), action, resource, because }) }
    }

    /// Why not, if not.
    fn because(&self, caller: &Caller, ask: &Ask) -> Option<Because> {
        if !ask.understood {
            return Some(Because::NotEvaluated);
        }
        let context = self.context(caller, ask);
        let request = Request {
            action: &ask.action,
            resource: &ask.resource,
            caller: Signer::Session(caller),
            context: &context,
        };
        let (identity, session) = self.decide(&request);
        Because::of(identity, session)
    }

    fn note_that(&self, caller: &Caller, ask: &Ask, allowed: bool) {
        let (action, resource) = (ask.action.clone(), ask.resource.clone());
        self.note(Decision { caller: caller.arn(), action, resource, allowed });
    }

    /// What is known of caller, time and transport, and what the request says.
    fn context(&self, caller: &Caller, ask: &Ask) -> Context {
        let now = self.now();
        let mut context = caller
            .context()
            .with("aws:CurrentTime", clock::iso(now))
            .with("aws:EpochTime", now.to_string())
            .with("aws:SecureTransport", "false");
        context.extend(&ask.context);
        context
    }
}
