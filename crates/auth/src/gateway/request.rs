use serde_json::{Map, Value, json};

use super::denial::Denial;
use super::headers::Headers;
use super::message::{Asks, Call, Message};
use super::tools::{Tool, Tools};
use super::{TICKET_ARGUMENT, output};
use crate::id::SessionReference;
use crate::jwt::Caller;
use crate::refusal::{Code, Refusal};
use crate::secret::Secret;

/// A message on its way to a target.
pub struct Request {
    pub(super) headers: Headers,
    pub(super) message: Message,
}

impl Request {
    /// The message's `id`; `null` for a notification.
    #[must_use]
    pub fn id(&self) -> &Value {
        &self.message.id
    }

    /// The token that came with it. Every message needs one, whatever its method.
    ///
    /// # Errors
    /// 401: there is none, there are two, or it is not of the scheme `Bearer`.
    pub fn bearer(&self) -> Result<Secret, Denial> {
        match self.headers.bearer() {
            Ok(Some(token)) => Ok(token),
            Ok(None) => {
                let refusal = Refusal::auth_required("headers: no `Authorization`");
                Err(Denial::unauthorized(self.id(), refusal, false))
            }
            Err(refusal) => Err(Denial::unauthorized(self.id(), refusal, true)),
        }
    }

    /// What it asks for.
    ///
    /// # Errors
    /// The method is not served, or a call is ill-formed.
    pub fn asks(&self) -> Result<Asks, Denial> {
        self.message.asks()
    }

    /// Whether this caller has what a call needs, policies aside: the tool, the arguments that go on (those that the tool
    /// does not have are left out, whoever they name), and the session where there is one.
    ///
    /// # Errors
    /// 403.
    pub fn admit<'t>(&self, call: Call, caller: &Caller, tools: &'t Tools) -> Result<Admitted<'t>, Denial> {
        let denied = |cause: &str, scopes| {
            let refusal = Refusal::new(Code::AccessDenied, format!("gateway: {cause}"));
            Denial::refused_call(self.id(), refusal, scopes)
        };
        let tool = tools.named(&call.name).ok_or_else(|| denied("no tool of that name", None))?;
        if call.arguments.contains_key(TICKET_ARGUMENT) {
            return Err(denied("a ticket of the caller's own", None));
        }
        if !caller.scopes().cover(tool.scopes()) {
            return Err(denied("a scope is missing", Some(tool.scopes())));
        }
        if !tool.is_within_reach_of(caller) {
            return Err(denied("an issuer that people do not sign in with here", None));
        }
        let unsigned = |refusal| Denial::refused_call(self.id(), refusal, None);
        let session = match self.headers.session() {
            // Who needs no session is not refused for a wrong one: it is as good as none.
            Err(_) if !tool.needs_vault() => None,
            named => named.map_err(unsigned)?,
        };
        if tool.needs_vault() && session.is_none() {
            return Err(unsigned(Refusal::auth_required("headers: no `x-session-id`")));
        }
        let arguments = call.arguments.into_iter().filter(|(name, _)| tool.takes(name)).collect();
        Ok(Admitted { tool, arguments, session })
    }

    /// The output by which a message goes on that asks for no tool of a target. Made from what was parsed.
    #[must_use]
    pub fn pass(self) -> Value {
        output::forward(self.message.members, None)
    }

    /// The output by which a search goes on: with its question and nothing else.
    ///
    /// # Errors
    /// The question is missing or no text.
    pub fn search(self, mut call: Call) -> Result<Value, Denial> {
        let question = call.arguments.remove("query").filter(Value::is_string);
        let question =
            question.ok_or_else(|| Denial::malformed(self.id().clone(), -32602, "a search without question"))?;
        let arguments = Map::from_iter([("query".to_owned(), question)]);
        Ok(output::forward(self.message.with_arguments(arguments), None))
    }

    /// The output by which a call goes on. The ticket is put among the arguments, and in the place of the caller's token:
    /// the gateway needs a JWT in `Authorization`, and no target is to have the caller's.
    #[must_use]
    pub fn call(self, mut arguments: Map<String, Value>, ticket: &Secret) -> Value {
        arguments.insert(TICKET_ARGUMENT.to_owned(), json!(ticket.expose()));
        let headers = json!({"Authorization": format!("Bearer {}", ticket.expose())});
        output::forward(self.message.with_arguments(arguments), Some(headers))
    }
}

/// A call that a caller may make unless a policy says otherwise.
pub struct Admitted<'t> {
    /// The tool.
    pub tool: &'t Tool,
    /// The arguments that go on.
    pub arguments: Map<String, Value>,
    /// The session that the request names.
    pub session: Option<SessionReference>,
}
