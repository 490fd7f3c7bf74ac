//! The functions' settings on one machine: those of a deployment, but for the addresses.

use std::collections::BTreeMap;

use devstack::sample::CONNECTION;
use devstack::stack::{FGA_AUDIENCE, SESSION_TABLE, STORE};

use super::{Laptop, files};

pub(super) fn fga_authorizer(laptop: &Laptop) -> BTreeMap<String, String> {
    let url = laptop.stack.openfga.double.url();
    map([
        ("FGA_API_URL", url.clone()),
        ("FGA_TOKEN_URL", format!("{url}/oauth/token")),
        ("FGA_API_AUDIENCE", FGA_AUDIENCE.to_owned()),
        ("FGA_CLIENT_ID", laptop.stack.checker.id.clone()),
        ("FGA_CLIENT_SECRET", laptop.stack.checker.secret.clone()),
        ("FGA_STORE_ID", STORE.0.to_owned()),
        ("FGA_AUTHORIZATION_MODEL_ID", STORE.1.to_owned()),
    ])
}

pub(super) fn okta_groups(laptop: &Laptop) -> BTreeMap<String, String> {
    let Laptop { stack, .. } = laptop;
    map([
        ("AWS_REGION", "us-east-1".to_owned()),
        ("SESSION_TABLE_NAME", SESSION_TABLE.to_owned()),
        ("FGA_AUTHORIZER_FUNCTION_NAME", "fga-authorizer".to_owned()),
        ("TICKET_KEYS", laptop.ticket_keys.clone()),
        ("SEAL_KEY_FILE", files::seal_key_path(&laptop.folder).display().to_string()),
        ("AUTH0_ISSUER", stack.auth0.issuer().to_owned()),
        ("AUTH0_CLIENT_ID", stack.web.id.clone()),
        ("AUTH0_CLIENT_SECRET", stack.web.secret.clone()),
        ("AUTH0_CONNECTION", CONNECTION.to_owned()),
        ("OKTA_DOMAIN", stack.okta.double.url()),
        ("AWS_ENDPOINT_URL_DYNAMODB", stack.dynamodb.double.url()),
        ("AWS_ENDPOINT_URL_LAMBDA", laptop.functions_at.clone()),
    ])
}

fn map<const N: usize>(pairs: [(&str, String); N]) -> BTreeMap<String, String> {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}
