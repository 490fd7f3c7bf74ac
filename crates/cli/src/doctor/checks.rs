//! The checks, in the order of their lines. Each is a function of the evidence and asks nobody.

mod account;
mod agent;
mod application;
mod functions;
mod gateway;
mod issuer;
mod openfga;
mod settings;
mod tables;

use super::evidence::Evidence;
use super::finding::Judged;

/// A line's name, and what decides it.
pub(crate) type Check = (&'static str, fn(&Evidence) -> Judged);

/// All of them.
pub(crate) const CHECKS: [Check; 52] = [
    ("settings.complete", settings::complete),
    ("settings.profile", settings::profile),
    ("settings.https", settings::https),
    ("settings.ticket-keys", settings::ticket_keys),
    ("auth0.discovery", issuer::discovery),
    ("auth0.issuer", issuer::issuer),
    ("auth0.keys", issuer::keys),
    ("auth0.clock", issuer::clock),
    ("auth0.client", issuer::client),
    ("auth0.application", application::kind),
    ("auth0.grants", application::grants),
    ("auth0.vault-grant", application::vault),
    ("auth0.ciba-grant", application::ciba),
    ("auth0.ciba-channel", application::channel),
    ("auth0.rotation", application::rotation),
    ("auth0.callbacks", application::callbacks),
    ("auth0.connection", application::connection),
    ("auth0.connected-accounts", application::connected_accounts),
    ("auth0.connection-scopes", application::connection_scopes),
    ("auth0.mfa-policy", application::mfa_policy),
    ("auth0.push-factor", application::push_factor),
    ("okta.org", issuer::okta),
    ("fga.client", openfga::client),
    ("fga.store", openfga::store),
    ("fga.model", openfga::model),
    ("fga.model-equal", openfga::equal),
    ("fga.rights", openfga::rights),
    ("sessions.table", tables::sessions),
    ("sessions.ttl", tables::sessions_ttl),
    ("sessions.encryption", tables::sessions_encryption),
    ("sessions.recovery", tables::sessions_recovery),
    ("sessions.protection", tables::sessions_protection),
    ("approvals.table", tables::approvals),
    ("approvals.ttl", tables::approvals_ttl),
    ("approvals.encryption", tables::approvals_encryption),
    ("approvals.recovery", tables::approvals_recovery),
    ("approvals.protection", tables::approvals_protection),
    ("seal.key", account::key),
    ("seal.context", account::context),
    ("queue.exists", account::queue),
    ("queue.dead-letters", account::dead_letters),
    ("agent.exists", agent::agent),
    ("agent.alias", agent::alias),
    ("gateway.exists", gateway::exists),
    ("gateway.authorizer", gateway::authorizer),
    ("gateway.interceptor", gateway::interceptor),
    ("gateway.policy-engine", gateway::policy_engine),
    ("functions.exist", functions::exist),
    ("functions.time-outs", functions::time_outs),
    ("functions.settings", functions::settings),
    ("functions.secrets", functions::secrets),
    ("functions.profile", functions::profile),
];
