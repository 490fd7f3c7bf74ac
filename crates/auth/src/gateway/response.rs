use serde_json::{Map, Value};

use super::denial::Denial;
use super::headers::Headers;
use super::message::{Asks, Message};
use super::{listing, output};
use crate::refusal::{Code, Refusal};
use crate::secret::Secret;

/// An answer on its way back.
pub struct Response {
    id: Value,
    headers: Headers,
    message: Option<Message>,
    response: Map<String, Value>,
}

/// What an answer tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tells {
    /// Nothing that depends on the caller: it goes back as it is.
    Passes,
    /// Tools: a token is needed to know which.
    Tools,
    /// Something, and it is not known what was asked.
    Unknown,
}

impl Response {
    pub(super) fn new(id: Value, headers: Headers, message: Option<Message>, response: Map<String, Value>) -> Self {
        Self { id, headers, message, response }
    }

    /// The `id` of the message that was answered.
    #[must_use]
    pub fn id(&self) -> &Value {
        &self.id
    }

    /// What the answer tells. A denial, of ours or of the gateway, has no result, and after ours the body may be `null`:
    /// such answers go back as they are.
    #[must_use]
    pub fn tells(&self) -> Tells {
        let silent = match self.response.get("body") {
            None | Some(Value::Null) => true,
            Some(Value::Object(body)) => !body.contains_key("result") && body.contains_key("error"),
            Some(_) => false,
        };
        if silent {
            return Tells::Passes;
        }
        match self.message.as_ref().map(Message::asks) {
            Some(Ok(Asks::List | Asks::Search(_))) => Tells::Tools,
            Some(Ok(Asks::Passes | Asks::Call(_))) => Tells::Passes,
            Some(Err(_)) | None => Tells::Unknown,
        }
    }

    /// The token of the message that was answered.
    ///
    /// # Errors
    /// 401.
    pub fn bearer(&self) -> Result<Secret, Denial> {
        let token = self.headers.bearer().map_err(|refusal| Denial::unauthorized(&self.id, refusal, true))?;
        token
            .ok_or_else(|| Denial::unauthorized(&self.id, Refusal::auth_required("headers: no `Authorization`"), false))
    }

    /// The output by which it goes back as it is.
    #[must_use]
    pub fn pass(self) -> Value {
        output::respond(kept(self.response))
    }

    /// The output by which it goes back with those tools only that `may` names, and without the ticket's argument.
    ///
    /// # Errors
    /// There is no list in it that can be filtered.
    pub fn filter(mut self, may: impl Fn(&str) -> bool) -> Result<Value, Denial> {
        let searched = matches!(self.message.as_ref().map(Message::asks), Some(Ok(Asks::Search(_))));
        let result = self.response.get_mut("body").and_then(|body| body.get_mut("result"));
        let filtered = match result {
            Some(Value::Object(result)) if searched => listing::filter_search(result, &may),
            Some(Value::Object(result)) => listing::filter(result, &may),
            _ => false,
        };
        if filtered { Ok(self.pass()) } else { Err(self.unknown()) }
    }

    /// The answer in place of one of which nothing is known.
    #[must_use]
    pub fn unknown(&self) -> Denial {
        Denial::broken(&self.id, Refusal::new(Code::Internal, "gateway: an answer of no known form"))
    }
}

/// The members that an output may have. Of a stream, only the first answer has more than a body.
fn kept(response: Map<String, Value>) -> Map<String, Value> {
    let known = |(name, _): &(String, Value)| ["statusCode", "headers", "body"].contains(&name.as_str());
    let mut kept: Map<String, Value> = response.into_iter().filter(known).collect();
    kept.entry("body").or_insert(Value::Null);
    kept
}
