//! A client of MCP over streamable HTTP, version 2025-11-25, as far as tools need it.
//! <https://modelcontextprotocol.io/specification/2025-11-25/basic/transports#streamable-http>

use std::time::Duration;

use auth::id::SessionReference;
use auth::secret::Secret;
use http::HeaderName;
use http::header::ACCEPT;
use serde_json::{Value, json};
use tokio::time::Instant;
use upstream_http::transport::Transport;
use url::Url;

use crate::trouble::Trouble;

const VERSION: &str = "2025-11-25";
const MCP_SESSION: HeaderName = HeaderName::from_static("mcp-session-id");
const MCP_VERSION: HeaderName = HeaderName::from_static("mcp-protocol-version");
/// The session with the agent, which the web application began.
const SESSION: HeaderName = HeaderName::from_static("x-session-id");
/// Longer than a gateway waits for a function.
const PATIENCE: Duration = Duration::from_secs(45);
/// More pages than any list here has.
const MOST_PAGES: usize = 20;

/// One application's side of a connection, in the name of one person.
pub struct McpClient {
    transport: Transport,
    url: Url,
    token: Secret,
    session: Option<SessionReference>,
    mcp_session: Option<String>,
}

/// What came back for one message.
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// `WWW-Authenticate`.
    pub challenge: Option<String>,
    /// The JSON-RPC answer; null if there was none.
    pub body: Value,
}

impl McpClient {
    /// Sends `initialize` and says that it is done.
    ///
    /// # Errors
    /// When nobody answers, or the gateway takes neither.
    pub async fn open(
        transport: Transport,
        url: Url,
        token: Secret,
        session: Option<SessionReference>,
    ) -> Result<Self, Trouble> {
        let mut client = Self { transport, url, token, session, mcp_session: None };
        let info = json!({ "name": "mandate", "version": env!("CARGO_PKG_VERSION") });
        let params = json!({ "protocolVersion": VERSION, "capabilities": {}, "clientInfo": info });
        let (answer, mcp_session) = client.send(&message("initialize", &params, Some(1))).await?;
        if answer.body.pointer("/result/protocolVersion").is_none_or(|version| version != VERSION) {
            return Err(Trouble::new(format!("the gateway did not take `initialize`: status {}", answer.status)));
        }
        client.mcp_session = mcp_session;
        let (told, _) = client.send(&message("notifications/initialized", &json!({}), None)).await?;
        if told.status != 202 {
            return Err(Trouble::new(format!("the gateway did not take a notification: status {}", told.status)));
        }
        Ok(client)
    }

    /// The same connection with another token, as a thief would try it.
    #[must_use]
    pub fn with_token(&self, token: Secret) -> Self {
        let (transport, url) = (self.transport.clone(), self.url.clone());
        let (session, mcp_session) = (self.session.clone(), self.mcp_session.clone());
        Self { transport, url, token, session, mcp_session }
    }

    /// Every tool that is listed, as it is described there, and on how many pages.
    ///
    /// # Errors
    /// When a page does not come.
    pub async fn tools(&self) -> Result<(Vec<Value>, usize), Trouble> {
        let (mut tools, mut params) = (Vec::new(), json!({}));
        for page in 1..=MOST_PAGES {
            let answer = self.ask("tools/list", &params).await?;
            let listed = answer.body.pointer("/result/tools").and_then(Value::as_array);
            let listed = listed.ok_or_else(|| Trouble::new(format!("there is no list: status {}", answer.status)))?;
            tools.extend(listed.iter().cloned());
            match answer.body.pointer("/result/nextCursor") {
                Some(cursor) => params = json!({ "cursor": cursor }),
                None => return Ok((tools, page)),
            }
        }
        Err(Trouble::new("the list of tools has no end"))
    }

    /// Calls a tool by its full name.
    ///
    /// # Errors
    /// When nobody answers. A refusal is an answer.
    pub async fn call(&self, tool: &str, arguments: &Value) -> Result<Answer, Trouble> {
        self.ask("tools/call", &json!({ "name": tool, "arguments": arguments })).await
    }

    async fn ask(&self, method: &str, params: &Value) -> Result<Answer, Trouble> {
        Ok(self.send(&message(method, params, Some(2))).await?.0)
    }

    async fn send(&self, message: &Value) -> Result<(Answer, Option<String>), Trouble> {
        let mut call = self.transport.post(self.url.clone()).json(message).bearer(&self.token).at_most(PATIENCE);
        call = call.header(ACCEPT, "application/json, text/event-stream");
        if let Some(session) = &self.session {
            call = call.header(SESSION, session.expose());
        }
        if let Some(session) = &self.mcp_session {
            call = call.header(MCP_SESSION, session).header(MCP_VERSION, VERSION);
        }
        let reply = call.send(Instant::now() + PATIENCE).await;
        let reply = reply.map_err(|error| Trouble::because("the gateway", error))?;
        let answer = Answer {
            status: reply.status(),
            challenge: reply.header("www-authenticate").map(str::to_owned),
            body: serde_json::from_slice(reply.body()).unwrap_or_default(),
        };
        Ok((answer, reply.header(MCP_SESSION.as_str()).map(str::to_owned)))
    }
}

fn message(method: &str, params: &Value, id: Option<u64>) -> Value {
    let mut message = json!({ "jsonrpc": "2.0", "method": method, "params": params });
    if let (Some(id), Some(members)) = (id, message.as_object_mut()) {
        members.insert("id".to_owned(), id.into());
    }
    message
}

impl Answer {
    /// What the tool answered, if it was called: the object in its one text.
    #[must_use]
    pub fn told(&self) -> Option<Value> {
        serde_json::from_str(self.body.pointer("/result/content/0/text")?.as_str()?).ok()
    }

    /// The public code of a refusal, whoever refused; `ok` without one.
    #[must_use]
    pub fn code(&self) -> String {
        let told = self.told();
        let by_tool = told.as_ref().and_then(|told| told.pointer("/error/code"));
        let by_interceptor = self.body.pointer("/error/data/code");
        match (by_tool.or(by_interceptor).and_then(Value::as_str), self.body.get("error")) {
            (Some(code), _) => code.to_owned(),
            (None, Some(error)) => error.get("message").and_then(Value::as_str).unwrap_or("an error").to_owned(),
            (None, None) if told.as_ref().is_some_and(|told| told.get("result").is_some()) => "ok".to_owned(),
            (None, None) => format!("no answer of a tool; status {}", self.status),
        }
    }

    /// What the tool gave, if it did what was asked.
    #[must_use]
    pub fn result(&self) -> Option<Value> {
        self.told()?.get_mut("result").map(Value::take)
    }

    /// The tool's refusal.
    #[must_use]
    pub fn error(&self) -> Option<Value> {
        self.told()?.get_mut("error").map(Value::take)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Answer, message};

    fn answer(status: u16, body: Value) -> Answer {
        Answer { status, challenge: None, body }
    }

    fn told(text: &str) -> Answer {
        answer(200, json!({"jsonrpc": "2.0", "id": 2, "result": {"content": [{"type": "text", "text": text}]}}))
    }

    #[test]
    fn a_code_is_the_tools_or_the_interceptors_and_ok_only_with_a_result() {
        assert_eq!(told(r#"{"result": {"groups": []}}"#).code(), "ok");
        assert_eq!(told(r#"{"error": {"code": "access_denied"}}"#).code(), "access_denied");
        let refused = json!({"error": {"code": -32003, "message": "no", "data": {"code": "auth_required"}}});
        assert_eq!(answer(403, refused).code(), "auth_required");
        assert_eq!(answer(401, json!({"error": {"message": "Invalid Bearer token"}})).code(), "Invalid Bearer token");
        for none in [told("an internal error"), told("{}"), answer(200, Value::Null)] {
            assert_eq!(none.code(), "no answer of a tool; status 200");
        }
    }

    #[test]
    fn result_and_error_are_apart() {
        let good = told(r#"{"result": {"groups": ["A"]}}"#);
        assert_eq!((good.result(), good.error()), (Some(json!({"groups": ["A"]})), None));
        let bad = told(r#"{"error": {"code": "busy"}}"#);
        assert_eq!((bad.result(), bad.error()), (None, Some(json!({"code": "busy"}))));
    }

    #[test]
    fn a_notification_has_no_id() {
        assert_eq!(message("ping", &json!({}), Some(7))["id"], 7);
        assert!(message("notifications/initialized", &json!({}), None).get("id").is_none());
    }
}
