//! All that comes out of a run.

use std::time::Duration;

use auth::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cli::laptop::Laptop;
use cli::sign_in::Signed;
use serde_json::Value;
use tokio::time::Instant;
use url::Url;

/// Texts, each with where it came out.
#[derive(Default)]
pub(super) struct Outputs(Vec<(String, String)>);

impl Outputs {
    pub(super) fn add(&mut self, place: &str, text: String) {
        self.0.push((place.to_owned(), text));
    }

    /// A door's answer.
    pub(super) fn answer(&mut self, answer: &Value) {
        self.add("a function's answer", answer.to_string());
    }

    /// A stored row: as it stands, and the bytes of its binary attributes, of which what is ASCII stays what it is.
    pub(super) fn row(&mut self, item: &Value) {
        self.add("a stored row", item.to_string());
        for attribute in item.as_object().into_iter().flatten().map(|(_, value)| value) {
            if let Some(binary) = attribute.get("B").and_then(Value::as_str) {
                let bytes = STANDARD.decode(binary).expect("a binary attribute is base64");
                self.add("a sealed attribute", String::from_utf8_lossy(&bytes).into_owned());
            }
        }
    }

    /// The traces and the answer of one more turn with the agent. The session id stands in every trace event of the
    /// service's, which is the caller's own, so it is taken out.
    pub(super) async fn trace(&mut self, laptop: &Laptop, signed: &Signed, ticket: &Secret) {
        let (agent, session) = (laptop.agent(), signed.session.expose());
        let url = laptop.stack.bedrock.double.url();
        let url = format!("{url}/agents/{}/agentAliases/{}/sessions/{session}/text", agent.id, agent.alias);
        let call = laptop.transport.post(Url::parse(&url).unwrap()).json(&super::turn(signed, ticket.expose()));
        let call = call.header("authorization".parse().unwrap(), "AWS4-HMAC-SHA256 of-nobody").cap(1024 * 1024);
        let reply = call.send(Instant::now() + Duration::from_secs(20)).await.expect("the agent answers");
        assert_eq!(reply.status(), 200);
        let text = String::from_utf8_lossy(reply.body()).into_owned();
        assert!(text.contains("actionGroupInvocationOutput"), "the traces of a call are there");
        self.add("the agent's traces", text.replace(&format!("\"sessionId\":\"{session}\""), ""));
    }

    /// Where `text` is found first.
    pub(super) fn find(&self, text: &str) -> Option<String> {
        self.0.iter().find(|(_, output)| output.contains(text)).map(|(place, _)| place.clone())
    }

    pub(super) fn bytes(&self) -> usize {
        self.0.iter().map(|(_, text)| text.len()).sum()
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
