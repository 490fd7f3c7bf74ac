//! What the pages post. Paths as in Auth0's Universal Login.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use axum::{Form, Router};
use serde::Deserialize;

use super::config::{Enrolment, User};
use super::page;
use super::tenant::Tenant;
use super::transaction::{self, Step, Transaction};

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/u/login", post(login))
        .route("/u/consent", post(consent))
        .route("/u/mfa-push-enrollment", post(enrolment))
}

/// Either `user`, the subject on the button that was pressed, or `email` and `password`.
#[derive(Deserialize)]
struct Login {
    transaction: String,
    user: Option<String>,
    email: Option<String>,
    password: Option<String>,
}

#[derive(Deserialize)]
struct Choice {
    transaction: String,
    action: String,
}

async fn login(State(tenant): State<Arc<Tenant>>, Form(form): Form<Login>) -> Response {
    let id = form.transaction.as_str();
    let Some(transaction) = at(&tenant, id, Step::Login) else {
        return page::error("This sign-in is over");
    };
    let offered = |user: &&User| transaction.connection.as_ref().is_none_or(|name| *name == user.connection);
    match tenant.users().iter().filter(offered).find(|user| is(user, &form)).map(|user| user.sub.clone()) {
        Some(sub) => transaction::signed_in(&tenant, id, transaction, &sub),
        None => page::login(&tenant, id, transaction.connection.as_deref(), true),
    }
}

async fn consent(State(tenant): State<Arc<Tenant>>, Form(form): Form<Choice>) -> Response {
    let id = form.transaction.as_str();
    match (at(&tenant, id, Step::Consent), form.action.as_str()) {
        (Some(transaction), "accept") => transaction::agreed(&tenant, id, transaction),
        (Some(transaction), "decline") => {
            transaction::decline(&tenant, id, &transaction, "User did not authorize the request")
        }
        (Some(_), _) => page::error("Unknown choice"),
        (None, _) => page::error("This sign-in is over"),
    }
}

async fn enrolment(State(tenant): State<Arc<Tenant>>, Form(form): Form<Choice>) -> Response {
    let id = form.transaction.as_str();
    match (at(&tenant, id, Step::Enrolment), form.action.as_str()) {
        (Some(transaction), "enrol") => {
            tenant.state().enrolled.insert(transaction.grant.sub.clone());
            transaction::finish(&tenant, id, transaction)
        }
        (Some(transaction), "skip") if tenant.enrolment == Enrolment::Offered => {
            transaction::finish(&tenant, id, transaction)
        }
        (Some(_), _) => page::error("Unknown choice"),
        (None, _) => page::error("This sign-in is over"),
    }
}

/// The transaction, if this page is the one that it waits for.
fn at(tenant: &Tenant, id: &str, step: Step) -> Option<Transaction> {
    tenant.state().transactions.get(id).filter(|transaction| transaction.step == step).cloned()
}

fn is(user: &User, form: &Login) -> bool {
    if let Some(sub) = &form.user {
        return user.sub == *sub;
    }
    let email = form.email.as_deref().is_some_and(|email| email.eq_ignore_ascii_case(&user.email));
    email && user.password.as_deref().is_none_or(|password| form.password.as_deref() == Some(password))
}
