//! What the browser does in between: to the provider with a ticket, and back with its code.

use std::sync::Arc;

use axum::extract::{Query, State};
use axum::response::Response;
use serde::Deserialize;
use url::Url;

use super::connect::{Connecting, Step};
use crate::auth0::back::found;
use crate::auth0::page;
use crate::auth0::provider;
use crate::auth0::tenant::{State as Changing, Tenant};
use crate::{clock, random};

#[derive(Deserialize)]
pub(super) struct Leave {
    ticket: String,
}

/// `GET {connect_uri}?ticket=…`: uses the ticket up and goes to Okta's authorize endpoint.
pub(super) async fn leave(State(tenant): State<Arc<Tenant>>, Query(query): Query<Leave>) -> Response {
    let upstream = &tenant.upstream;
    let Ok(mut url) = Url::parse(&format!("{}/oauth2/v1/authorize", upstream.okta)) else {
        return page::error("The connection has no usable address");
    };
    let provider_state = random::token("");
    let left = {
        let mut state = tenant.state();
        let known = waiting(&mut state, |step| matches!(step, Step::Ticket(ticket) if *ticket == query.ticket));
        known.map(|(_, connecting)| {
            connecting.step = Step::AtProvider(provider_state.clone());
            connecting.clone()
        })
    };
    let Some(connecting) = left else {
        return page::error("The ticket is unknown, used, or expired");
    };
    url.query_pairs_mut()
        .append_pair("client_id", &upstream.client_id)
        .append_pair("response_type", "code")
        .append_pair("redirect_uri", &tenant.at("login/callback"))
        .append_pair("scope", &connecting.scopes.join(" "))
        .append_pair("state", &provider_state)
        .append_pair("login_hint", &connecting.login);
    found(url.as_str())
}

#[derive(Deserialize)]
pub(super) struct Arrive {
    state: String,
    code: Option<String>,
}

/// `GET /login/callback`: redeems Okta's code and goes back to the application with a `connect_code`.
pub(super) async fn arrive(State(tenant): State<Arc<Tenant>>, Query(query): Query<Arrive>) -> Response {
    let expected = |step: &Step| matches!(step, Step::AtProvider(state) if *state == query.state);
    let arrived = {
        let mut state = tenant.state();
        let session = waiting(&mut state, expected).map(|(session, _)| session);
        session.and_then(|session| state.connecting.remove_entry(&session))
    };
    let Some((session, mut connecting)) = arrived else {
        return page::error("Nothing waits for this callback");
    };
    let back = connecting.back.clone();
    let Some(code) = query.code else {
        return back.refuse(&tenant.issuer, "access_denied", "The provider did not authorize the request");
    };
    match provider::redeem(&tenant, &code).await {
        Ok(tokens) if tokens.refresh_token.is_some() => {
            let connect_code = tenant.secret("");
            connecting.step = Step::Returned(connect_code.clone(), tokens);
            tenant.state().connecting.insert(session, connecting);
            back.with(&[("connect_code", &connect_code)])
        }
        Ok(_) => back.refuse(&tenant.issuer, "invalid_request", "The provider gave no offline access"),
        Err(_) => back.refuse(&tenant.issuer, "access_denied", "The provider refused its own code"),
    }
}

/// The one that is at this step and not over, with its `auth_session`.
fn waiting(state: &mut Changing, at: impl Fn(&Step) -> bool) -> Option<(String, &mut Connecting)> {
    let now = clock::now();
    let mut all = state.connecting.iter_mut();
    let (session, connecting) = all.find(|(_, connecting)| now < connecting.expires_at && at(&connecting.step))?;
    Some((session.clone(), connecting))
}
