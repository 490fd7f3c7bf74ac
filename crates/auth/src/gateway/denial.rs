use serde_json::{Value, json};

use super::output;
use crate::id::Reference;
use crate::refusal::{Code, Refusal};
use crate::scope::Scopes;

/// Why a message does not go on, or an answer does not go back. It holds nothing of the token, and of the event only the
/// caller's `id`.
#[derive(Clone, Debug)]
pub struct Denial {
    id: Value,
    http: bool,
    status: u16,
    error: i64,
    refusal: Box<Refusal>,
    challenge: Option<String>,
}

impl Denial {
    /// The message is not one that is understood: 400, JSON-RPC code `error`.
    pub(super) fn malformed(id: Value, error: i64, cause: &str) -> Self {
        let refusal = Refusal::new(Code::InvalidInput, format!("gateway: {cause}"));
        Self { id, http: false, status: 400, error, refusal: Box::new(refusal), challenge: None }
    }

    /// The same in the shape of targets that do not speak MCP.
    pub(super) fn in_http(self, http: bool) -> Self {
        Self { http, ..self }
    }

    /// There is no good token: 401 and a challenge (RFC 6750 section 3). `invalid` tells a bad token from none.
    #[must_use]
    pub fn unauthorized(id: &Value, refusal: Refusal, invalid: bool) -> Self {
        let challenge = if invalid { "Bearer error=\"invalid_token\"" } else { "Bearer" };
        let challenge = Some(challenge.to_owned());
        Self { id: id.clone(), http: false, status: 401, error: -32001, refusal: Box::new(refusal), challenge }
    }

    /// A tool may not be called: 403, with the full set of `scopes` if some are missing (RFC 6750 section 3.1).
    #[must_use]
    pub fn refused_call(id: &Value, refusal: Refusal, scopes: Option<&Scopes>) -> Self {
        let quoted = scopes.map(Scopes::joined).filter(|list| !list.contains(['"', '\\']));
        let challenge = match quoted {
            Some(list) => format!("Bearer error=\"insufficient_scope\", scope=\"{list}\""),
            None => "Bearer".to_owned(),
        };
        Self {
            id: id.clone(),
            http: false,
            status: 403,
            error: -32003,
            refusal: Box::new(refusal),
            challenge: Some(challenge),
        }
    }

    /// JSON-RPC knows no such method: 200, for the transport did nothing wrong.
    pub(super) fn no_such_method(id: Value) -> Self {
        let refusal = Refusal::new(Code::AccessDenied, "gateway: a method that is not served");
        Self { id, http: false, status: 200, error: -32601, refusal: Box::new(refusal), challenge: None }
    }

    /// Something on our side or at a service of ours went wrong: 500, or 503 for `unavailable`.
    #[must_use]
    pub fn broken(id: &Value, refusal: Refusal) -> Self {
        let status = if refusal.code() == Code::Unavailable { 503 } else { 500 };
        Self { id: id.clone(), http: false, status, error: -32603, refusal: Box::new(refusal), challenge: None }
    }

    /// The same for an event whose handling did not end; its `id` is read if it can be.
    #[must_use]
    pub fn of_unfinished(event: &str, refusal: Refusal) -> Self {
        let event: Value = serde_json::from_str(event).unwrap_or_default();
        Self::broken(&output::id_of(&event), refusal).in_http(output::is_http(&event))
    }

    /// Why, for the log.
    #[must_use]
    pub fn refusal(&self) -> &Refusal {
        &self.refusal
    }

    /// The HTTP status.
    #[must_use]
    pub fn status(&self) -> u16 {
        self.status
    }

    /// The interceptor's output. `resource_metadata` is the address of the protected resource's metadata (RFC 9728 section
    /// 5.1), for a challenge.
    #[must_use]
    pub fn output(&self, reference: &Reference, resource_metadata: Option<&str>) -> Value {
        let code = self.refusal.code();
        let message = if self.error == -32601 { "Method not found" } else { code.sentence() };
        let body = json!({"jsonrpc": "2.0", "id": self.id, "error": {
            "code": self.error, "message": message, "data": {"code": code.name(), "reference": reference},
        }});
        let challenge = self.challenge.as_ref().map(|challenge| match resource_metadata {
            Some(address) if challenge == "Bearer" => format!("Bearer resource_metadata=\"{address}\""),
            Some(address) => format!("{challenge}, resource_metadata=\"{address}\""),
            None => challenge.clone(),
        });
        let mut headers = json!({"Content-Type": "application/json"});
        if let (Some(challenge), Some(members)) = (challenge, headers.as_object_mut()) {
            members.insert("WWW-Authenticate".to_owned(), Value::String(challenge));
        }
        if self.http { output::http_denial(self.status, &body) } else { output::answer(self.status, headers, body) }
    }
}
