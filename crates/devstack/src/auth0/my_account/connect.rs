//! `POST /me/v1/connected-accounts/connect`: begins to connect an account.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use http::{HeaderMap, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{CREATE, Problem, authorized};
use crate::auth0::back::Back;
use crate::auth0::pkce;
use crate::auth0::provider::ProviderTokens;
use crate::auth0::tenant::Tenant;
use crate::clock;

/// An account on its way into the vault.
#[derive(Clone)]
pub(crate) struct Connecting {
    pub(super) sub: String,
    pub(super) connection: String,
    pub(super) back: Back,
    pub(super) scopes: Vec<String>,
    pub(super) challenge: Option<String>,
    /// The login that is suggested to the provider, and under which the account is kept.
    pub(super) login: String,
    pub(super) expires_at: u64,
    pub(super) step: Step,
}

/// How far it came. Each value can be used once.
#[derive(Clone)]
pub(super) enum Step {
    /// The browser has not brought the ticket yet.
    Ticket(String),
    /// The browser is at the provider, with this `state`.
    AtProvider(String),
    /// The provider gave tokens; the application has this `connect_code`.
    Returned(String, ProviderTokens),
}

#[derive(Deserialize)]
struct Request {
    connection: String,
    redirect_uri: String,
    state: Option<String>,
    #[serde(default)]
    scopes: Vec<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    #[serde(default)]
    authorization_params: BTreeMap<String, Value>,
}

pub(super) async fn connect(
    State(tenant): State<Arc<Tenant>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let grant = authorized(&tenant, &headers, CREATE)?;
    let request: Request = serde_json::from_slice(&body).map_err(|_| Problem::bad("Invalid request body"))?;
    check(&tenant, &grant.client_id, &request)?;
    let hint = request.authorization_params.get("login_hint").and_then(Value::as_str).map(str::to_owned);
    let email = tenant.user(&grant.sub).map(|user| user.email);
    let (session, ticket) = (tenant.secret(""), tenant.secret(""));
    let mut state = tenant.state();
    let lifetime = state.lifetimes.connect_ticket;
    let connecting = Connecting {
        sub: grant.sub,
        connection: request.connection,
        back: Back { redirect_uri: request.redirect_uri, state: request.state },
        scopes: if request.scopes.is_empty() { tenant.upstream.scopes.clone() } else { request.scopes },
        challenge: request.code_challenge,
        login: hint.or(email).unwrap_or_default(),
        expires_at: clock::now().saturating_add(lifetime),
        step: Step::Ticket(ticket.clone()),
    };
    state.connecting.insert(session.clone(), connecting);
    let answer = json!({
        "auth_session": session,
        "connect_uri": tenant.at("connected-accounts/connect"),
        "connect_params": {"ticket": ticket},
        "expires_in": lifetime,
    });
    Ok((StatusCode::CREATED, Json(answer)))
}

/// The limits are those of the API's description.
fn check(tenant: &Tenant, client_id: &str, request: &Request) -> Result<(), Problem> {
    if request.connection.len() > 128 || request.connection != tenant.upstream.connection {
        return Err(Problem::field("connection", "The connection does not exist"));
    }
    let registered = tenant.client(client_id).is_some_and(|client| tenant.is_callback(client, &request.redirect_uri));
    if request.redirect_uri.len() > 2048 || !registered {
        return Err(Problem::field("redirect_uri", "The URL is not an allowed callback URL"));
    }
    if request.scopes.len() > 100 {
        return Err(Problem::field("scopes", "There are more than 100"));
    }
    match (request.code_challenge.as_deref(), request.code_challenge_method.as_deref()) {
        (None, None) => Ok(()),
        (Some(challenge), Some("S256")) if pkce::is_challenge(challenge) => Ok(()),
        (Some(_), Some("S256")) => Err(Problem::field("code_challenge", "It is not the base64url of a SHA-256")),
        _ => Err(Problem::field("code_challenge_method", "It must be S256, with a challenge")),
    }
}
