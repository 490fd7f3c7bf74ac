//! What each double starts with.

use serde_json::Value;

use super::{
    APPROVAL_DEAD_LETTERS, APPROVAL_QUEUE, APPROVAL_RECEIVES, APPROVAL_VISIBILITY_SECONDS, CONNECTION_SCOPES, Client,
    FGA_AUDIENCE, STORE,
};
use crate::auth0::{self, GrantType};
use crate::openfga::{self, Seed};
use crate::sqs::{self, Queue};
use crate::{okta, sample};

pub(super) fn okta(upstream: &Client, auth0_url: &str) -> okta::Config {
    okta::Config {
        users: sample::okta_users(),
        groups: sample::okta_groups(),
        memberships: sample::okta_memberships(),
        clients: vec![okta::Client {
            id: upstream.id.clone(),
            secret: upstream.secret.clone(),
            redirect_uris: vec![format!("{auth0_url}/login/callback")],
            granted_scopes: None,
        }],
        ..okta::Config::default()
    }
}

pub(super) fn auth0(
    [web, mcp, auditor]: [&Client; 3],
    upstream: &Client,
    okta_url: String,
    redirect_uri: &str,
) -> auth0::Config {
    let client = |client: &Client, grants: &[GrantType]| auth0::Client {
        client_id: client.id.clone(),
        client_secret: client.secret.clone(),
        redirect_uris: vec![redirect_uri.to_owned()],
        grants: grants.to_vec(),
    };
    let all = [GrantType::AuthorizationCode, GrantType::RefreshToken, GrantType::TokenVault, GrantType::Ciba];
    auth0::Config {
        users: sample::auth0_users(),
        // The auditor reads how the tenant is set up.
        // The application that calls tools through a gateway signs people in and can do nothing else as them.
        clients: vec![client(web, &all), client(mcp, &all[..2]), client(auditor, &[GrantType::ClientCredentials])],
        apis: vec![auth0::Api {
            identifier: sample::TOOLS_API.to_owned(),
            scopes: sample::TOOLS_SCOPES.map(str::to_owned).to_vec(),
            dialect: auth0::Dialect::AccessToken,
            rbac: auth0::Rbac::InToken,
        }],
        upstream: auth0::Upstream {
            connection: sample::CONNECTION.to_owned(),
            okta: okta_url,
            client_id: upstream.id.clone(),
            client_secret: upstream.secret.clone(),
            scopes: CONNECTION_SCOPES.split(' ').map(str::to_owned).collect(),
        },
        lifetimes: auth0::Lifetimes::default(),
        enrolment: auth0::Enrolment::Required,
        mfa_policy: auth0::MfaPolicy::Never,
    }
}

pub(super) fn openfga(checker: &Client, administrator: &Client, model: Value) -> openfga::Config {
    let (store_id, model_id) = (STORE.0.to_owned(), STORE.1.to_owned());
    let auth = openfga::Auth {
        client_id: checker.id.clone(),
        client_secret: checker.secret.clone(),
        writer: Some(openfga::Writer {
            client_id: administrator.id.clone(),
            client_secret: administrator.secret.clone(),
        }),
        audience: FGA_AUDIENCE.to_owned(),
        token_lifetime: 86_400,
        preshared: None,
    };
    openfga::Config { seeds: vec![Seed { store_id, model_id, model, tuples: Vec::new() }], auth: Some(auth) }
}

pub(super) fn sqs() -> sqs::Config {
    let queue = Queue::new(APPROVAL_QUEUE)
        .hidden_for(APPROVAL_VISIBILITY_SECONDS)
        .redriven_to(APPROVAL_DEAD_LETTERS, APPROVAL_RECEIVES);
    sqs::Config { queues: vec![queue, Queue::new(APPROVAL_DEAD_LETTERS)], ..sqs::Config::default() }
}
