//! The tenant: what it was configured with, and what has happened since.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::ciba::Book;
use super::code_grant::Code;
use super::config::{Api, Client, Config, Enrolment, Lifetimes, MfaPolicy, Upstream, User};
use super::grant::Grant;
use super::keys::SigningKey;
use super::logout::Session;
use super::my_account::Connecting;
use super::tokens::Access;
use super::transaction::Transaction;
use super::vault::Account;
use crate::outbound::Outbound;
use crate::random;

pub(crate) struct Tenant {
    /// With a trailing slash.
    pub(crate) issuer: String,
    users: Mutex<Vec<User>>,
    clients: Vec<Client>,
    apis: Vec<Api>,
    pub(crate) upstream: Upstream,
    pub(crate) enrolment: Enrolment,
    pub(crate) outbound: Outbound,
    state: Mutex<State>,
}

/// What changes.
pub(crate) struct State {
    /// The first signs; all are published.
    pub(crate) keys: Vec<Arc<SigningKey>>,
    pub(crate) lifetimes: Lifetimes,
    pub(crate) mfa_policy: MfaPolicy,
    /// By the id that the pages carry.
    pub(crate) transactions: HashMap<String, Transaction>,
    pub(crate) codes: HashMap<String, Code>,
    pub(crate) refresh_tokens: HashMap<String, Grant>,
    /// The tenant's setting "Refresh Token Revocation Deletes Grant".
    pub(crate) revocation_deletes_grant: bool,
    pub(crate) access_tokens: HashMap<String, Access>,
    /// Tokens of the Management API.
    pub(crate) management_tokens: HashSet<String>,
    /// Subject, client and one scope each.
    pub(crate) consents: HashSet<(String, String, String)>,
    /// Subjects with a push device.
    pub(crate) enrolled: HashSet<String>,
    /// By `auth_session`.
    pub(crate) connecting: HashMap<String, Connecting>,
    /// Connected accounts.
    pub(crate) vault: Vec<Account>,
    /// CIBA requests.
    pub(crate) ciba: Book,
    /// Callback URLs that were registered since the start, for every application.
    pub(crate) callbacks: HashSet<String>,
    /// Addresses that a logout may come back to, registered since the start.
    pub(crate) logout_urls: HashSet<String>,
    /// Where applications hear of logouts: one address for each, by `client_id`.
    pub(crate) back_channel: HashMap<String, String>,
    /// Sessions of browsers at the tenant, by `sid`.
    pub(crate) sessions: HashMap<String, Session>,
    /// Subjects whose next sign-ins are of the session that they have.
    pub(crate) one_session: HashSet<String>,
    /// By client id, where they are not those of the configuration any more.
    pub(crate) rotated_secrets: HashMap<String, String>,
    /// Every code and token since the start, spent ones included.
    pub(crate) handed_out: Vec<String>,
}

impl Tenant {
    pub(crate) fn new(issuer: String, config: Config, key: Arc<SigningKey>) -> Self {
        let state = State {
            keys: vec![key],
            lifetimes: config.lifetimes,
            mfa_policy: config.mfa_policy,
            transactions: HashMap::new(),
            codes: HashMap::new(),
            refresh_tokens: HashMap::new(),
            revocation_deletes_grant: false,
            access_tokens: HashMap::new(),
            management_tokens: HashSet::new(),
            consents: HashSet::new(),
            enrolled: HashSet::new(),
            connecting: HashMap::new(),
            vault: Vec::new(),
            ciba: Book::new(),
            callbacks: HashSet::new(),
            logout_urls: HashSet::new(),
            back_channel: HashMap::new(),
            sessions: HashMap::new(),
            one_session: HashSet::new(),
            rotated_secrets: HashMap::new(),
            handed_out: Vec::new(),
        };
        Self {
            issuer,
            users: Mutex::new(config.users),
            clients: config.clients,
            apis: config.apis,
            upstream: config.upstream,
            enrolment: config.enrolment,
            outbound: Outbound::new(),
            state: Mutex::new(state),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn users(&self) -> Vec<User> {
        self.users.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(crate) fn user(&self, sub: &str) -> Option<User> {
        self.users().into_iter().find(|user| user.sub == sub)
    }

    pub(crate) fn put_user(&self, user: User) {
        let mut users = self.users.lock().unwrap_or_else(PoisonError::into_inner);
        users.retain(|known| known.sub != user.sub);
        users.push(user);
    }

    pub(crate) fn client(&self, client_id: &str) -> Option<&Client> {
        self.clients.iter().find(|client| client.client_id == client_id)
    }

    pub(crate) fn client_ids(&self) -> Vec<&str> {
        self.clients.iter().map(|client| client.client_id.as_str()).collect()
    }

    /// Whether this is the application's secret.
    pub(crate) fn is_secret(&self, client: &Client, secret: &str) -> bool {
        self.state().rotated_secrets.get(&client.client_id).unwrap_or(&client.client_secret) == secret
    }

    /// Whether the application may be sent back to this address.
    pub(crate) fn is_callback(&self, client: &Client, url: &String) -> bool {
        client.redirect_uris.contains(url) || self.state().callbacks.contains(url)
    }

    pub(crate) fn api(&self, audience: &str) -> Option<&Api> {
        self.apis.iter().find(|api| api.identifier == audience)
    }

    /// A new secret, remembered for those who search for it where it must not be.
    pub(crate) fn secret(&self, prefix: &str) -> String {
        self.hand_out(random::token(prefix))
    }

    /// Remembers a secret that was made elsewhere.
    pub(crate) fn hand_out(&self, secret: String) -> String {
        self.state().handed_out.push(secret.clone());
        secret
    }

    /// The audience of the My Account API.
    pub(crate) fn my_account(&self) -> String {
        self.at("me/")
    }

    /// An address of this tenant; `path` has no leading slash.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.issuer)
    }
}
