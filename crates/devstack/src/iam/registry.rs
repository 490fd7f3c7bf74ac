//! The account: roles, sessions and the clock they expire by.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use http::HeaderMap;
use serde_json::Value;

use super::caller::{self, Caller, Signer};
use super::decision::Decision;
use super::document::{Document, Kind, Malformed};
use super::evaluate::{Outcome, Request, decide};
use super::refusal::Refusal;
use super::role::{Role, Stored};
use super::session::{self, Credentials, Grant, Session};
use crate::{clock, random};

/// A handle on one account, to be shared by the doubles that enforce its policies.
#[derive(Clone, Default)]
pub struct Iam(Arc<Mutex<World>>);

#[derive(Default)]
struct World {
    roles: BTreeMap<String, Stored>,
    /// By the resource's ARN.
    resources: BTreeMap<String, Document>,
    held: BTreeMap<String, Held>,
    /// Access key ids of what STS issued, oldest first.
    issued: Vec<String>,
    decisions: Vec<Decision>,
    /// Seconds on top of the real time.
    advanced: u64,
}

struct Held {
    session: Session,
    token: String,
    policy: Option<Document>,
}

impl fmt::Debug for Iam {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Iam").finish_non_exhaustive()
    }
}

impl Iam {
    /// An account without roles.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a role, or replaces the one of that name. Its sessions go on under the new policies, with a new `aws:userid`.
    ///
    /// # Errors
    /// When a policy of it is not understood in full.
    pub fn add_role(&self, role: &Role) -> Result<(), Malformed> {
        let stored = Stored::of(role)?;
        self.lock().roles.insert(role.name.clone(), stored);
        Ok(())
    }

    /// Gives a resource its own policy, or replaces it. Only functions ask theirs, when a service of AWS calls them.
    ///
    /// # Errors
    /// When the policy is not understood in full.
    pub fn add_resource_policy(&self, arn: impl Into<String>, policy: &Value) -> Result<(), Malformed> {
        let document = Document::parse(&policy.to_string(), Kind::Resource)?;
        self.lock().resources.insert(arn.into(), document);
        Ok(())
    }

    /// Credentials of a role as Lambda gives them to a function that has it: of a session named after the function, without
    /// tags, and without an end. None if there is no such role.
    #[must_use]
    pub fn function_credentials(&self, role: &str, function: &str) -> Option<Credentials> {
        let mut world = self.lock();
        world.roles.get(role)?;
        let grant = Grant {
            role: role.to_owned(),
            session_name: function.to_owned(),
            source_identity: None,
            tags: BTreeMap::new(),
            transitive: std::collections::BTreeSet::new(),
            policy: None,
            issued_to: String::new(),
            seconds: None,
        };
        Some(world.issue(grant).0)
    }

    /// Every session that STS issued, oldest first, those that are over included.
    #[must_use]
    pub fn sessions(&self) -> Vec<Session> {
        let world = self.lock();
        world.issued.iter().filter_map(|id| world.held.get(id)).map(|held| held.session.clone()).collect()
    }

    /// Every request that was evaluated, oldest first. What nobody signed, or with unknown or expired credentials, is not.
    #[must_use]
    pub fn decisions(&self) -> Vec<Decision> {
        self.lock().decisions.clone()
    }

    /// Forgets the decisions, not the sessions.
    pub fn forget(&self) {
        self.lock().decisions.clear();
    }

    /// Moves the account's clock forward, by seconds. The functions' clock is not touched.
    pub fn advance(&self, seconds: u64) {
        let mut world = self.lock();
        world.advanced = world.advanced.saturating_add(seconds);
    }

    /// The account's time, in seconds since 1970.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.lock().now()
    }

    fn lock(&self) -> MutexGuard<'_, World> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Who signed the request, by access key id and token.
    pub(crate) fn caller(&self, headers: &HeaderMap) -> Result<Caller, Refusal> {
        let (id, token) = caller::credentials(headers).ok_or(Refusal::Missing)?;
        let world = self.lock();
        let held = world.held.get(id).filter(|held| held.token == token).ok_or(Refusal::Unknown)?;
        let role = world.roles.get(&held.session.role).ok_or(Refusal::Unknown)?;
        if held.session.expires_at.is_some_and(|end| world.now() >= end) {
            return Err(Refusal::Expired);
        }
        Ok(Caller { session: held.session.clone(), role_id: role.id.clone(), policy: held.policy.clone() })
    }

    /// What the policies of the caller's role say, and what the session's policy says: allowed if there is none.
    pub(super) fn decide(&self, request: &Request<'_>) -> (Outcome, Outcome) {
        let world = self.lock();
        let Signer::Session(caller) = request.caller else { return (Outcome::Silent, Outcome::Silent) };
        let role = world.roles.get(&caller.session.role);
        let identity = decide(role.iter().flat_map(|role| &role.permissions), request);
        let session = caller.policy.as_ref().map_or(Outcome::Allowed, |policy| decide([policy], request));
        (identity, session)
    }

    /// What the resource's own policy says. None if it has none.
    pub(super) fn resource_policy(&self, request: &Request<'_>) -> Option<Outcome> {
        self.lock().resources.get(request.resource).map(|policy| decide([policy], request))
    }

    /// What a role's trust policy says. None if there is no such role.
    pub(super) fn trust(&self, role: &str, request: &Request<'_>) -> Option<Outcome> {
        self.lock().roles.get(role).map(|role| decide(&role.trust, request))
    }

    /// The role's unique id, `AROA…`.
    pub(crate) fn role_id(&self, role: &str) -> Option<String> {
        self.lock().roles.get(role).map(|role| role.id.clone())
    }

    pub(crate) fn issue(&self, grant: Grant) -> (Credentials, Session) {
        let mut world = self.lock();
        let (credentials, session) = world.issue(grant);
        world.issued.push(session.access_key_id.clone());
        (credentials, session)
    }

    pub(super) fn note(&self, decision: Decision) {
        self.lock().decisions.push(decision);
    }
}

impl World {
    fn now(&self) -> u64 {
        clock::now().saturating_add(self.advanced)
    }

    fn issue(&mut self, grant: Grant) -> (Credentials, Session) {
        let credentials = Credentials {
            access_key_id: session::id("ASIA"),
            secret_access_key: random::token(""),
            session_token: random::token("session-"),
        };
        let (text, policy) = grant.policy.unzip();
        let session = Session {
            access_key_id: credentials.access_key_id.clone(),
            role: grant.role,
            session_name: grant.session_name,
            source_identity: grant.source_identity,
            tags: grant.tags,
            transitive: grant.transitive,
            policy: text,
            issued_to: grant.issued_to,
            issued_at: self.now(),
            expires_at: grant.seconds.map(|seconds| self.now().saturating_add(seconds)),
        };
        let held = Held { session: session.clone(), token: credentials.session_token.clone(), policy };
        self.held.insert(credentials.access_key_id.clone(), held);
        (credentials, session)
    }
}
