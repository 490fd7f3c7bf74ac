//! The Bedrock agent runtime: `InvokeAgent` with its event stream, and action groups that are called over Lambda's
//! Invoke API, as the service does.
//!
//! No model runs here. A small list of rules ([`intent`]) picks the tool and its parameters from words in the text, and
//! the first trace of every turn says so. All else follows the service: the
//! [request and the stream](https://docs.aws.amazon.com/bedrock/latest/APIReference/API_agent-runtime_InvokeAgent.html),
//! and the [event and the answer](https://docs.aws.amazon.com/bedrock/latest/userguide/agents-lambda.html) of an
//! action group. Left out: return of control, knowledge bases, files, guardrails, memory, several agents, and the check
//! of the request's signature (there must be an `Authorization` header, and that is all).

pub mod agent;
mod answer;
mod control;
mod event;
pub mod intent;
mod invoke_agent;
mod refusal;
mod sessions;
mod stream;
#[cfg(test)]
mod tests;
mod trace;
mod turn;
mod wording;

use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpListener;

pub use self::agent::{ActionGroup, Agent, Parameter, Place, Shape, Tool};
use self::sessions::Sessions;
use crate::double::Double;
use crate::lambda::caller::Caller;
use crate::lambda::{ACCOUNT, REGION};

/// A running agent.
pub struct Bedrock {
    /// Counters, faults and address.
    pub double: Double,
    runtime: Arc<Runtime>,
}

/// One call of an action group.
#[derive(Clone, Debug, Serialize)]
pub struct Exchange {
    /// What the function was sent.
    pub event: Value,
    /// What it answered; null if that was no JSON or the call failed.
    pub answer: Value,
}

/// What every request of an agent shares.
struct Runtime {
    agent: Agent,
    lambda: Caller,
    sessions: Sessions,
    exchanges: Mutex<Vec<Exchange>>,
}

/// The ARN of an agent of this id.
#[must_use]
pub fn arn(id: &str) -> String {
    format!("arn:aws:bedrock:{REGION}:{ACCOUNT}:agent/{id}")
}

/// Serves `agent` on `listener`, and its last exchange under `GET /_bedrock/last`.
///
/// # Errors
/// When the listener has no local address.
pub async fn start(listener: TcpListener, agent: Agent) -> io::Result<Bedrock> {
    let lambda = Caller::at(&agent.lambda_url).in_the_name_of("bedrock.amazonaws.com", &arn(&agent.id));
    let runtime = Runtime { agent, lambda, sessions: Sessions::default(), exchanges: Mutex::default() };
    let runtime = Arc::new(runtime);
    let routes = invoke_agent::routes(Arc::clone(&runtime)).merge(control::routes(Arc::clone(&runtime)));
    let double = Double::serve("bedrock", listener, routes)?;
    Ok(Bedrock { double, runtime })
}

impl Bedrock {
    /// Calls of action groups since the start, those that failed included.
    #[must_use]
    pub fn calls(&self) -> u64 {
        u64::try_from(self.exchanges().len()).unwrap_or(u64::MAX)
    }

    /// Every call of an action group, oldest first.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.runtime.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The last call of an action group.
    #[must_use]
    pub fn last(&self) -> Option<Exchange> {
        self.runtime.last()
    }

    /// The attributes that the next turn of this session starts with.
    #[must_use]
    pub fn session_attributes(&self, session_id: &str) -> Option<BTreeMap<String, String>> {
        self.runtime.sessions.attributes(session_id)
    }
}

impl Runtime {
    fn last(&self) -> Option<Exchange> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).last().cloned()
    }

    fn note(&self, exchange: Exchange) {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
}
