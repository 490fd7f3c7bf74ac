//! A chat with the agent, as the web application leads it: session id and ticket in the session attributes, and never a
//! token of a provider.

use auth::id::{Agent, SessionReference};
use auth::secret::Secret;
use aws_sdk_bedrockagentruntime::Client;
use aws_sdk_bedrockagentruntime::config::{BehaviorVersion, Credentials, Region};
use aws_sdk_bedrockagentruntime::types::{ResponseStream, SessionState};

use crate::trouble::Trouble;

/// A client of the agent runtime at one address.
pub struct Chat {
    client: Client,
    agent: Agent,
}

impl Chat {
    /// `url` is the agent runtime's address.
    #[must_use]
    pub fn new(url: String, agent: Agent) -> Self {
        let config = aws_sdk_bedrockagentruntime::Config::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(Region::new("us-east-1"))
            .credentials_provider(Credentials::new("laptop", "laptop", None, None, "laptop"))
            .endpoint_url(url)
            .build();
        Self { client: Client::from_conf(config), agent }
    }

    /// Says `text` to the agent and waits for its whole answer.
    ///
    /// # Errors
    /// When the agent does not answer, or its turn ends in an exception.
    pub async fn say(&self, text: &str, session: &SessionReference, ticket: &Secret) -> Result<String, Trouble> {
        let state = SessionState::builder()
            .session_attributes("session_id", session.expose())
            .session_attributes("mandate_ticket", ticket.expose())
            .build();
        let mut turn = self
            .client
            .invoke_agent()
            .agent_id(&self.agent.id)
            .agent_alias_id(&self.agent.alias)
            .session_id(session.expose())
            .input_text(text)
            .session_state(state)
            .send()
            .await
            .map_err(|error| Trouble::because("the agent did not answer", error.into_service_error()))?;
        let mut answer = Vec::new();
        loop {
            match turn.completion.recv().await {
                Ok(Some(ResponseStream::Chunk(chunk))) => {
                    answer.extend(
                        chunk.bytes.map(aws_sdk_bedrockagentruntime::primitives::Blob::into_inner).unwrap_or_default(),
                    );
                }
                Ok(Some(_)) => {}
                Ok(None) => return Ok(String::from_utf8_lossy(&answer).into_owned()),
                Err(error) => return Err(Trouble::because("the agent's turn ended early", error.into_service_error())),
            }
        }
    }
}
