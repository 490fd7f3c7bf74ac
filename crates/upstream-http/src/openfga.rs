//! OpenFGA and Auth0 FGA over HTTP: one question, one answer, never remembered.
//!
//! Endpoints and field rules are those of `openfga_service.proto`; limits of the hosted service are in its subscription
//! plans. Only the function `fga-authorizer` asks, and it holds credentials that may check and nothing more.

pub mod administration;
pub mod authoring;
mod credentials;
mod heeds;
mod same;
#[cfg(test)]
mod tests;

pub use credentials::Credentials;
pub use same::same_model;

use std::time::Duration;

use auth::decision::Check;
use auth::id::AgentId;
use auth::secret::Secret;
use auth::time::Clock;
use http::HeaderName;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use tokio::time::Instant;
use url::Url;

use crate::transport::{Reply, Transport, TransportError, may_pass};
use credentials::TokenSource;

/// A check is a read of one decision; more than this and the agent's turn suffers.
const CHECK_LIMIT: Duration = Duration::from_secs(3);
/// The longest wait inside an invocation after a 429.
const LONGEST_WAIT: Duration = Duration::from_secs(1);

/// The relation of every object that a tool asks about to the agents that it is reached by.
pub const VIA: &str = "via";

/// Where to ask, and which model answers.
pub struct Settings {
    /// The API's origin, as in `https://api.us1.fga.dev`.
    pub api: Url,
    /// The store, 26 characters.
    pub store_id: String,
    /// The pinned authorization model, 26 characters. An unpinned question would be answered by the latest model.
    pub model_id: String,
    /// Client credentials; none for a server without authentication.
    pub credentials: Option<Credentials>,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CheckError {
    /// A rate limit; trying again after these seconds may work.
    #[error("openfga is busy")]
    Busy {
        /// Seconds, 1 to 120.
        seconds: u64,
    },
    /// No answer, or one that cannot be read.
    #[error("openfga is not available: {0}")]
    Unavailable(&'static str),
    /// Store, model, relation or credentials do not fit; the text says which.
    #[error("openfga is misconfigured: {0}")]
    Misconfigured(&'static str),
}

/// The client.
pub struct OpenFga {
    transport: Transport,
    settings: Settings,
    tokens: Option<TokenSource>,
    check_url: Url,
}

#[derive(Deserialize)]
struct Answer {
    allowed: bool,
}

#[derive(Deserialize)]
struct Problem {
    code: String,
}

impl OpenFga {
    /// A client for one store and one model. The clock says when a token is due for renewal.
    ///
    /// # Errors
    /// A text, when the API's address cannot carry a path.
    pub fn new(transport: Transport, settings: Settings, clock: Clock) -> Result<Self, &'static str> {
        let check_url = store_url(&settings, "check")?;
        let tokens =
            settings.credentials.clone().map(|credentials| TokenSource::new(transport.clone(), credentials, clock));
        Ok(Self { transport, settings, tokens, check_url })
    }

    /// The model that answers.
    #[must_use]
    pub fn model_id(&self) -> &str {
        &self.settings.model_id
    }

    /// Opens the connections and buys the token, while a sandbox starts. A failure is left to the first call.
    pub async fn open(&self, until: Instant) {
        let connection = self.transport.open(&self.settings.api, until);
        let token = async {
            if let Some(tokens) = &self.tokens {
                let _bought = tokens.token(until).await;
            }
        };
        tokio::join!(connection, token);
    }

    /// Asks whether this person may and neither they nor the agent are stopped: for that, two tuples go along which say that
    /// the object is reached by way of every agent and of the one that asks. A model in which the object's type has no
    /// relation [`VIA`] is refused by the server, so it allows nothing. A type that has one may hold relations that do not give
    /// way to it: [`Administration::deaf`](administration::Administration::deaf) finds those.
    ///
    /// Asks with higher consistency, so that a tuple removed a moment ago no longer counts. At most once more, whatever
    /// the first attempt came to: after a 401 with a new token, after a 429 if the wait is at most a second, and after a
    /// broken or refused connection, a time-out or a 500, 502, 503 or 504.
    ///
    /// # Errors
    /// [`CheckError`]; never a yes.
    pub async fn check(
        &self,
        check: &Check,
        context: Option<&Map<String, Value>>,
        traceparent: &str,
        until: Instant,
    ) -> Result<bool, CheckError> {
        let mut body = json!({
            "tuple_key": {
                "user": format!("user:{}", check.user()),
                "relation": check.relation(),
                "object": check.object(),
            },
            "contextual_tuples": {"tuple_keys": by_way_of(check)},
            "authorization_model_id": self.settings.model_id,
            "consistency": "HIGHER_CONSISTENCY",
        });
        if let (Some(context), Some(members)) = (context, body.as_object_mut()) {
            members.insert("context".to_owned(), Value::Object(context.clone()));
        }
        let token = self.token(until).await?;
        let first = self.ask(&body, token.as_ref(), traceparent, until).await;
        let outcome = match self.again(&first, token.as_ref(), until).await? {
            None => first,
            Some(token) => match self.ask(&body, token.as_ref(), traceparent, until).await {
                Err(TransportError::OutOfTime) => first,
                second => {
                    self.forget_refused(&second, token.as_ref()).await;
                    second
                }
            },
        };
        read(&outcome.map_err(unreached)?)
    }

    /// The token to ask once more with, if that may help. Waits if it must.
    async fn again(
        &self,
        first: &Result<Reply, TransportError>,
        token: Option<&Secret>,
        until: Instant,
    ) -> Result<Option<Option<Secret>>, CheckError> {
        match (first.as_ref().map(Reply::status), &self.tokens, first) {
            (Ok(401), Some(tokens), _) => {
                tokens.reject(token).await;
                return tokens.token(until).await.map(|token| Some(Some(token)));
            }
            (Ok(429), _, Ok(reply)) => {
                let wait = Duration::from_secs(reply.retry_after_seconds().unwrap_or(1));
                if wait > LONGEST_WAIT || Instant::now() + wait + LONGEST_WAIT >= until {
                    return Ok(None);
                }
                tokio::time::sleep(wait).await;
            }
            _ if may_pass(first) => {}
            _ => return Ok(None),
        }
        Ok(Some(token.cloned()))
    }

    /// So that the next question does not begin with a token that was just refused.
    async fn forget_refused(&self, outcome: &Result<Reply, TransportError>, token: Option<&Secret>) {
        if let (Ok(401), Some(tokens)) = (outcome.as_ref().map(Reply::status), &self.tokens) {
            tokens.reject(token).await;
        }
    }

    async fn token(&self, until: Instant) -> Result<Option<Secret>, CheckError> {
        match &self.tokens {
            None => Ok(None),
            Some(tokens) => tokens.token(until).await.map(Some),
        }
    }

    async fn ask(
        &self,
        body: &Value,
        token: Option<&Secret>,
        traceparent: &str,
        until: Instant,
    ) -> Result<Reply, TransportError> {
        let mut call = self.transport.post(self.check_url.clone()).json(body).at_most(CHECK_LIMIT);
        call = call.header(HeaderName::from_static("traceparent"), traceparent);
        if let Some(token) = token {
            call = call.bearer(token);
        }
        call.send(until).await
    }
}

fn store_url(settings: &Settings, what: &str) -> Result<Url, &'static str> {
    let mut url = settings.api.clone();
    url.path_segments_mut()
        .map_err(|()| "the address of the OpenFGA API cannot carry a path")?
        .pop_if_empty()
        .extend(["stores", settings.store_id.as_str(), what]);
    Ok(url)
}

fn by_way_of(check: &Check) -> Vec<Value> {
    let agents = [Some(AgentId::EVERY), check.agent().map(AgentId::as_str)];
    let tuple = |agent| json!({"user": format!("agent:{agent}"), "relation": VIA, "object": check.object()});
    agents.into_iter().flatten().map(tuple).collect()
}

fn read(reply: &Reply) -> Result<bool, CheckError> {
    match reply.status() {
        200 => reply
            .json::<Answer>()
            .map(|answer| answer.allowed)
            .ok_or(CheckError::Unavailable("the answer has no boolean `allowed`")),
        400 => Err(CheckError::Misconfigured(match reply.json::<Problem>().map(|problem| problem.code).as_deref() {
            Some("authorization_model_not_found") => "the model does not exist in this store",
            Some("validation_error" | "type_not_found" | "relation_not_found") => {
                "the model does not know this type or relation"
            }
            Some("invalid_tuple" | "invalid_contextual_tuple") => "the model has no `via` for this type, or no agents",
            _ => "the question was refused",
        })),
        401 => Err(CheckError::Misconfigured("the token was refused")),
        403 => Err(CheckError::Misconfigured("the client may not check in this store")),
        404 => Err(CheckError::Misconfigured("the store does not exist")),
        422 => Err(CheckError::Busy { seconds: 2 }),
        429 => Err(CheckError::Busy { seconds: reply.retry_after_seconds().unwrap_or(2).clamp(1, 120) }),
        _ => Err(CheckError::Unavailable("unexpected status")),
    }
}

fn unreached(error: TransportError) -> CheckError {
    CheckError::Unavailable(match error {
        TransportError::Unreachable => "no connection",
        TransportError::TimedOut => "no complete answer in time",
        TransportError::Broken => "the connection broke",
        TransportError::TooLarge => "the answer is too large",
        TransportError::OutOfTime => "no time left to ask",
    })
}
