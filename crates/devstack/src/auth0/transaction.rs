//! A sign-in under way, from `/authorize` to the code.

use axum::response::Response;

use super::back::Back;
use super::code_grant::Code;
use super::config::Enrolment;
use super::grant::Grant;
use super::tenant::Tenant;
use super::{logout, page, rbac};
use crate::clock;

/// A checked authorization request and how far it came.
#[derive(Clone)]
pub(crate) struct Transaction {
    pub(crate) back: Back,
    /// The subject is empty until the login page has been passed.
    pub(crate) grant: Grant,
    pub(crate) challenge: String,
    /// Only users of this connection may sign in.
    pub(crate) connection: Option<String>,
    /// `prompt=consent`: ask even if the user agreed before.
    pub(crate) always_ask: bool,
    pub(crate) wants_auth_time: bool,
    pub(crate) step: Step,
}

/// The page that was shown last.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    Login,
    Consent,
    Enrolment,
}

/// After the login page: membership, what the user may give, then consent unless it was given before.
pub(crate) fn signed_in(tenant: &Tenant, id: &str, mut transaction: Transaction, sub: &str) -> Response {
    let grant = &mut transaction.grant;
    sub.clone_into(&mut grant.sub);
    grant.auth_time = transaction.wants_auth_time.then(clock::now);
    let member = |org: &String| tenant.user(sub).is_some_and(|user| user.orgs.contains(org));
    if !grant.org_id.as_ref().is_none_or(member) {
        return decline(tenant, id, &transaction, "User is not part of the organization");
    }
    transaction.grant = rbac::within(tenant, transaction.grant);
    if transaction.always_ask || !consented(tenant, &transaction.grant) {
        let body = page::consent(tenant, id, &transaction.grant);
        wait(tenant, id, transaction, Step::Consent);
        return body;
    }
    agreed(tenant, id, transaction)
}

/// After the consent page: enrolment unless the user has a device.
pub(crate) fn agreed(tenant: &Tenant, id: &str, transaction: Transaction) -> Response {
    let enrolled = {
        let mut state = tenant.state();
        let grant = &transaction.grant;
        for scope in &grant.scope {
            state.consents.insert((grant.sub.clone(), grant.client_id.clone(), scope.clone()));
        }
        state.enrolled.contains(&grant.sub)
    };
    if enrolled || tenant.enrolment == Enrolment::Off {
        return finish(tenant, id, transaction);
    }
    wait(tenant, id, transaction, Step::Enrolment);
    page::enrolment(id, tenant.enrolment == Enrolment::Offered)
}

/// Ends the transaction with a code.
pub(crate) fn finish(tenant: &Tenant, id: &str, mut transaction: Transaction) -> Response {
    let code = tenant.secret("");
    let sid = logout::remember(tenant, &mut transaction.grant);
    {
        let mut state = tenant.state();
        state.transactions.remove(id);
        let expires_at = clock::now().saturating_add(state.lifetimes.code);
        let redirect_uri = transaction.back.redirect_uri.clone();
        let stored = Code { grant: transaction.grant, redirect_uri, challenge: transaction.challenge, expires_at };
        state.codes.insert(code.clone(), stored);
    }
    logout::with_cookie(transaction.back.with(&[("code", &code), ("iss", &tenant.issuer)]), sid.as_deref())
}

/// Ends the transaction with `access_denied`.
pub(crate) fn decline(tenant: &Tenant, id: &str, transaction: &Transaction, description: &str) -> Response {
    tenant.state().transactions.remove(id);
    transaction.back.refuse(&tenant.issuer, "access_denied", description)
}

fn wait(tenant: &Tenant, id: &str, mut transaction: Transaction, step: Step) {
    transaction.step = step;
    tenant.state().transactions.insert(id.to_owned(), transaction);
}

fn consented(tenant: &Tenant, grant: &Grant) -> bool {
    let state = tenant.state();
    let given = |scope: &String| state.consents.contains(&(grant.sub.clone(), grant.client_id.clone(), scope.clone()));
    grant.scope.iter().all(given)
}
