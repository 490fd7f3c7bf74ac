mod approved;
mod poll;
mod refused;
mod start;

use std::sync::Arc;

use auth::approval::{Pending, Poll};
use auth::time::Timestamp;
use serde_json::{Value, json};

use super::Ciba;
use crate::auth0::LoginHint;
use crate::auth0::scripted::{Answer, Scripted, transport, until};
use crate::jwks::Keys;
use crate::testing::Hands;
use crate::testing::approval::{ALICE, binding_of, pending_of};
use crate::testing::issuer::key_set;
use crate::testing::mandate::NOW;

const KEYS: &str = "/.well-known/jwks.json";

/// The client of a tenant, and the tenant.
struct Tenant {
    ciba: Ciba,
    server: Scripted,
    hands: Hands,
}

impl Tenant {
    /// Answers with `answers`, in order, and with keys whenever it is asked for them.
    async fn with(answers: impl IntoIterator<Item = Answer>) -> Self {
        Self::publishing(answers, |_| Answer::json(200, &key_set("rsa-1"))).await
    }

    /// Answers so to a client that is set to name people so.
    async fn naming(login_hint: LoginHint, answer: Answer) -> Self {
        let mut tenant = Self::with([answer]).await;
        tenant.ciba.client.provider.login_hint = login_hint;
        tenant
    }

    /// As [`Tenant::with`], with a word to say about each request for its keys.
    async fn publishing(
        answers: impl IntoIterator<Item = Answer>,
        keys: impl Fn(usize) -> Answer + Send + Sync + 'static,
    ) -> Self {
        let answers = std::sync::Mutex::new((answers.into_iter().collect::<Vec<_>>().into_iter(), 0));
        let server = Scripted::answering(move |request| {
            let mut said = answers.lock().unwrap();
            if request.target == KEYS {
                said.1 += 1;
                return keys(said.1);
            }
            said.0.next().unwrap_or(Answer::HangUp)
        })
        .await;
        let hands = Hands::at(NOW.seconds());
        let keys = Keys::new(transport(), server.url(KEYS), hands.clock());
        let settings = server.settings();
        let ciba = Ciba::new(transport(), settings.issuer, settings.client, Arc::new(keys));
        Self { ciba, server, hands }
    }

    fn now(&self) -> Timestamp {
        self.hands.clock().now()
    }

    async fn poll(&self) -> Poll {
        self.ciba.poll(&pending(), self.now(), until()).await
    }

    fn polls(&self) -> usize {
        self.server.count_of("/oauth/token")
    }
}

fn pending() -> Pending {
    pending_of(binding_of(ALICE, &json!({"user": "bob@example.com"})))
}

fn error(status: u16, code: &str) -> Answer {
    Answer::json(status, &json!({"error": code, "error_description": "leak of the upstream"}))
}

/// What one answer to a poll means. It is asked for once, whatever it is.
async fn polled(answer: Answer) -> Poll {
    let tenant = Tenant::with([answer]).await;
    let poll = tenant.poll().await;
    assert_eq!(tenant.polls(), 1);
    poll
}

fn without(mut body: Value, name: &str) -> Value {
    body.as_object_mut().unwrap().remove(name);
    body
}
