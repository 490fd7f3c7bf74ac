//! The agent runtime: `InvokeAgent` and its event stream.

use std::time::Duration;

use auth::id::{Agent, SessionReference};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use aws_sdk_bedrockagentruntime::Client;
use aws_sdk_bedrockagentruntime::config::retry::RetryConfig;
use aws_sdk_bedrockagentruntime::config::timeout::TimeoutConfig;
use aws_sdk_bedrockagentruntime::config::{BehaviorVersion, StalledStreamProtectionConfig};
use aws_sdk_bedrockagentruntime::error::ProvideErrorMetadata;
use aws_sdk_bedrockagentruntime::operation::invoke_agent::InvokeAgentOutput;
use aws_sdk_bedrockagentruntime::primitives::Blob;
use aws_sdk_bedrockagentruntime::types::{ResponseStream, SessionState, StreamingConfigurations};
use upstream_aws::Aws;
use url::Url;

use super::step::{Step, steps_of};

const CONNECT_LIMIT: Duration = Duration::from_secs(1);

/// A client for one agent.
pub(crate) struct AgentClient {
    client: Client,
    agent: Agent,
}

/// The answer to one message.
pub(crate) struct Answering(InvokeAgentOutput);

/// What comes of it.
pub(crate) enum Said {
    /// A piece of the answer; it may end within a character.
    Bytes(Vec<u8>),
    /// What the agent is doing.
    Steps(Vec<Step>),
}

impl AgentClient {
    /// Shares `aws`'s connections and credentials; `url` is in place of AWS's own address.
    pub(crate) fn new(aws: &Aws, url: Option<Url>, agent: Agent) -> Self {
        let common = aws.common().clone();
        let mut config = aws_sdk_bedrockagentruntime::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(common.region)
            .credentials_provider(common.credentials)
            .http_client(common.http)
            .timeout_config(TimeoutConfig::builder().connect_timeout(CONNECT_LIMIT).build())
            .retry_config(RetryConfig::disabled())
            // An agent may think for long between two events; the turn has a limit of its own.
            .stalled_stream_protection(StalledStreamProtectionConfig::disabled());
        config.set_endpoint_url(url.map(String::from));
        Self { client: Client::from_conf(config.build()), agent }
    }

    /// Whom it talks to.
    pub(crate) fn agent(&self) -> &Agent {
        &self.agent
    }

    /// Says `text` in this session. The attributes are the session's id and the ticket, and nothing else.
    pub(crate) async fn say(
        &self,
        text: &str,
        session: &SessionReference,
        ticket: &Secret,
    ) -> Result<Answering, Refusal> {
        let state = SessionState::builder()
            .session_attributes("session_id", session.expose())
            .session_attributes("mandate_ticket", ticket.expose())
            .build();
        let sent = self
            .client
            .invoke_agent()
            .agent_id(&self.agent.id)
            .agent_alias_id(&self.agent.alias)
            .session_id(session.expose())
            .input_text(text)
            .session_state(state)
            .enable_trace(true)
            .streaming_configurations(StreamingConfigurations::builder().stream_final_response(true).build())
            .send();
        Box::pin(sent).await.map(Answering).map_err(|error| refusal(error.code()))
    }
}

impl Answering {
    /// What comes next; nothing after the last of it.
    pub(crate) async fn next(&mut self) -> Result<Option<Said>, Refusal> {
        match self.0.completion.recv().await {
            Ok(None) => Ok(None),
            Ok(Some(ResponseStream::Chunk(chunk))) => {
                Ok(Some(Said::Bytes(chunk.bytes.map(Blob::into_inner).unwrap_or_default())))
            }
            Ok(Some(ResponseStream::Trace(part))) => Ok(Some(Said::Steps(steps_of(part.trace.as_ref())))),
            Ok(Some(_)) => Ok(Some(Said::Steps(Vec::new()))),
            Err(error) => Err(refusal(error.code())),
        }
    }
}

/// By the error's name; none of its text is told to anybody.
fn refusal(code: Option<&str>) -> Refusal {
    let down = |cause: &'static str| {
        Refusal::new(Code::Unavailable, cause).saying("The agent could not be reached, or broke off.")
    };
    match code {
        Some("ThrottlingException" | "throttlingException" | "ServiceQuotaExceededException" | "ConflictException") => {
            Refusal::busy("agent: throttled", 5).saying("The agent is busy.")
        }
        Some("AccessDeniedException" | "ResourceNotFoundException" | "ValidationException") => {
            Refusal::new(Code::Internal, "agent: refused our request")
        }
        Some("DependencyFailedException" | "dependencyFailedException" | "BadGatewayException") => {
            down("agent: something that it needs failed")
        }
        Some(_) => down("agent: an error"),
        None => down("agent: no connection, or the stream broke"),
    }
}
