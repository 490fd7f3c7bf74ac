//! What an application does that calls tools through an AgentCore Gateway: it signs people in by itself, gets a token for the
//! tools' API, and speaks MCP.

mod client;
mod token;

pub use self::client::{Answer, McpClient};
pub use self::token::ApiToken;
