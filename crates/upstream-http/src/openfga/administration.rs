//! Stopping: the one tuple that says no, written and taken away. `fga-authorizer` has neither this client nor credentials
//! that may write.

use std::time::Duration;

use auth::id::AgentId;
use auth::time::Clock;
use serde_json::{Value, json};
use tokio::time::Instant;
use url::Url;

use super::credentials::TokenSource;
use super::heeds::deaf;
use super::{CheckError, Problem, Settings, store_url, unreached};
use crate::transport::{Reply, Transport};

const READ_LIMIT: Duration = Duration::from_secs(5);
const WRITE_LIMIT: Duration = Duration::from_secs(5);

/// Who is stopped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// A person, by the id that their checks have, without `user:`: no agent may do anything for them.
    Person(String),
    /// An agent: it may do nothing for anybody.
    Agent(AgentId),
}

impl Stop {
    /// User, relation and object of the tuple.
    #[must_use]
    pub fn tuple(&self) -> (String, &'static str, String) {
        match self {
            Self::Person(user) => (format!("user:{user}"), "stopped", format!("agent:{}", AgentId::EVERY)),
            Self::Agent(agent) => ("user:*".to_owned(), "stopped", format!("agent:{}", agent.as_str())),
        }
    }
}

/// The client of those who may write tuples.
pub struct Administration {
    pub(super) transport: Transport,
    pub(super) model_id: String,
    pub(super) tokens: Option<TokenSource>,
    pub(super) write_url: Url,
    model_url: Url,
}

impl Administration {
    /// For one store and one model; the credentials are of a client that may write.
    ///
    /// # Errors
    /// A text, when the API's address cannot carry a path.
    pub fn new(transport: Transport, settings: Settings, clock: Clock) -> Result<Self, &'static str> {
        let write_url = store_url(&settings, "write")?;
        let mut model_url = store_url(&settings, "authorization-models")?;
        model_url
            .path_segments_mut()
            .map_err(|()| "the address of the OpenFGA API cannot carry a path")?
            .push(&settings.model_id);
        let tokens = settings.credentials.map(|credentials| TokenSource::new(transport.clone(), credentials, clock));
        Ok(Self { transport, model_id: settings.model_id, tokens, write_url, model_url })
    }

    /// Writes the tuple; one that is there already stays. Sent at most twice.
    ///
    /// # Errors
    /// [`CheckError`]; whether they are stopped is not known then.
    pub async fn stop(&self, stop: &Stop, until: Instant) -> Result<(), CheckError> {
        let writes = json!({"tuple_keys": [key(stop)], "on_duplicate": "ignore"});
        self.write(&json!({"writes": writes, "authorization_model_id": self.model_id}), until).await
    }

    /// Takes the tuple away; one that is not there is none. Sent at most twice.
    ///
    /// # Errors
    /// As [`Administration::stop`].
    pub async fn lift(&self, stop: &Stop, until: Instant) -> Result<(), CheckError> {
        let deletes = json!({"tuple_keys": [key(stop)], "on_missing": "ignore"});
        self.write(&json!({"deletes": deletes, "authorization_model_id": self.model_id}), until).await
    }

    /// The relations of the pinned model, as `type#relation`, that a person may be granted and that no stop takes away: where a
    /// tool asks about one, a stopped person goes on. For none of ours, and for none of a model whose every relation ends in
    /// `but not stopped from via`.
    ///
    /// # Errors
    /// [`CheckError`]; whether there are any is not known then.
    pub async fn deaf(&self, until: Instant) -> Result<Vec<String>, CheckError> {
        let mut call = self.transport.get(self.model_url.clone()).at_most(READ_LIMIT);
        if let Some(tokens) = &self.tokens {
            call = call.bearer(&tokens.token(until).await?);
        }
        let reply = call.send(until).await.map_err(unreached)?;
        match reply.status() {
            200 => {
                let model = reply.json::<Value>().and_then(|answer| deaf(answer.get("authorization_model")?));
                model.ok_or(CheckError::Unavailable("the answer is no model"))
            }
            401 => Err(CheckError::Misconfigured("the token was refused")),
            403 => Err(CheckError::Misconfigured("the client may not read the model")),
            404 => Err(CheckError::Misconfigured("the store or the model does not exist")),
            429 => Err(CheckError::Busy { seconds: reply.retry_after_seconds().unwrap_or(2).clamp(1, 120) }),
            _ => Err(CheckError::Unavailable("unexpected status")),
        }
    }

    async fn write(&self, body: &Value, until: Instant) -> Result<(), CheckError> {
        let mut call = self.transport.post(self.write_url.clone()).json(body).at_most(WRITE_LIMIT).repeatable();
        if let Some(tokens) = &self.tokens {
            call = call.bearer(&tokens.token(until).await?);
        }
        read(&call.send(until).await.map_err(unreached)?)
    }
}

fn key(stop: &Stop) -> Value {
    let (user, relation, object) = stop.tuple();
    json!({"user": user, "relation": relation, "object": object})
}

fn read(reply: &Reply) -> Result<(), CheckError> {
    match reply.status() {
        200 => Ok(()),
        400 => Err(CheckError::Misconfigured(match reply.json::<Problem>().map(|problem| problem.code).as_deref() {
            Some("authorization_model_not_found") => "the model does not exist in this store",
            Some("validation_error" | "type_not_found" | "relation_not_found" | "invalid_tuple") => {
                "the model has no agents that can be stopped"
            }
            _ => "the tuple was refused",
        })),
        401 => Err(CheckError::Misconfigured("the token was refused")),
        403 => Err(CheckError::Misconfigured("the client may not write in this store")),
        404 => Err(CheckError::Misconfigured("the store does not exist")),
        // Somebody else wrote the same tuple in this moment.
        409 => Err(CheckError::Busy { seconds: 1 }),
        429 => Err(CheckError::Busy { seconds: reply.retry_after_seconds().unwrap_or(2).clamp(1, 120) }),
        _ => Err(CheckError::Unavailable("unexpected status")),
    }
}
