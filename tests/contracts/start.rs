//! Doubles to run the suites against.

use std::time::Duration;

use auth::secret::Secret;
use auth::time::{Clock, Timestamp};
use devstack::fault::{Effect, Fault};
use devstack::stack::{Ports, Stack};
use tokio::time::Instant;
use upstream_http::auth0::{Client, Provider, Settings};
use upstream_http::transport::Transport;
use url::Url;

pub(crate) async fn stack() -> Stack {
    let model = serde_json::from_str(include_str!("../../infra/fga/model.json")).unwrap();
    Stack::start(Ports::Any, model).await.unwrap_or_else(|error| panic!("{error:?}"))
}

pub(crate) fn transport() -> Transport {
    Transport::new(None).unwrap()
}

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

/// Far enough away that no test depends on it.
pub(crate) fn until() -> Instant {
    Instant::now() + Duration::from_secs(60)
}

pub(crate) fn clock() -> Clock {
    function::clock::system()
}

pub(crate) fn now() -> Timestamp {
    clock().now()
}

/// Our client at the Auth0 double.
pub(crate) fn settings(stack: &Stack) -> Settings {
    Settings {
        issuer: stack.auth0.issuer().to_owned(),
        client: Client {
            base: url(stack.auth0.issuer()),
            id: stack.web.id.clone(),
            secret: Secret::new(stack.web.secret.clone()).into(),
            provider: Provider::default(),
        },
        redirect_uri: url(&stack.redirect_uri),
        expects_iss: true,
    }
}

/// This answer instead of any to requests that begin so.
pub(crate) fn answering(on: &str, status: u16, headers: &[(&str, &str)]) -> Fault {
    let headers = headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    Fault { on: on.to_owned(), times: None, skip: 0, effect: Effect::Answer { status, headers, body: "{}".to_owned() } }
}
