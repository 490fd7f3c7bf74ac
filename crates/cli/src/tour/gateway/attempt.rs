//! A step that calls a tool through a gateway.

use devstack::gateway::Gateway;
use serde_json::Value;

use crate::mcp::{Answer, McpClient};
use crate::tour::Tour;
use crate::trouble::Trouble;

/// Who was asked because of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Reached {
    pub(super) targets: usize,
    pub(super) okta: u64,
    pub(super) exchanges: u64,
}

impl Reached {
    fn since(self, before: Self) -> Self {
        Self {
            targets: self.targets.saturating_sub(before.targets),
            okta: self.okta.saturating_sub(before.okta),
            exchanges: self.exchanges.saturating_sub(before.exchanges),
        }
    }
}

/// What is called, and what must come of it.
pub(super) struct Attempt<'a> {
    /// What the step shows.
    pub(super) shows: &'a str,
    /// Whose name the step has.
    pub(super) who: &'a str,
    /// By whom it is called.
    pub(super) client: &'a McpClient,
    /// The tool's full name.
    pub(super) tool: &'a str,
    /// Its arguments.
    pub(super) arguments: Value,
    /// Where and how it must end.
    pub(super) ends: Ends,
}

/// Where a call ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    /// At the gateway, with this status and, if the interceptor said so, code. No target is called.
    Before(u16, &'static str),
    /// In a refusal of the tool with this code, without a request to Okta or an exchange.
    Refused(&'static str),
    /// In a result.
    Done,
}

impl Ends {
    fn met(self, answer: &Answer, reached: Reached) -> bool {
        let quiet = (reached.okta, reached.exchanges) == (0, 0);
        match self {
            Self::Before(status, code) => {
                (answer.status, answer.code().as_str()) == (status, code) && quiet && reached.targets == 0
            }
            Self::Refused(code) => {
                (answer.status, answer.code().as_str()) == (200, code) && quiet && reached.targets == 1
            }
            Self::Done => (answer.status, answer.code().as_str(), reached.targets) == (200, "ok", 1),
        }
    }
}

impl Tour {
    fn reached(&self, gateway: Option<&Gateway>) -> Reached {
        let stack = &self.started.laptop.stack;
        let gateway = gateway.or_else(|| self.started.laptop.gateway());
        Reached {
            targets: gateway.map_or(0, |gateway| gateway.invocations().len()),
            okta: stack.okta.double.requests_to(""),
            exchanges: stack.auth0.double.requests_to("POST /oauth/token"),
        }
    }

    /// Calls a tool at the tour's own gateway, and reports.
    pub(super) async fn attempt(&mut self, attempt: Attempt<'_>) -> Result<Answer, Trouble> {
        self.attempt_at(None, attempt).await
    }

    /// The same at another one.
    pub(super) async fn attempt_at(
        &mut self,
        gateway: Option<&Gateway>,
        attempt: Attempt<'_>,
    ) -> Result<Answer, Trouble> {
        let Attempt { shows, who, client, tool, arguments, ends } = attempt;
        let before = self.reached(gateway);
        let answer = client.call(tool, &arguments).await?;
        let reached = self.reached(gateway).since(before);
        let counts = format!("targets {}, Okta {}, exchanges {}", reached.targets, reached.okta, reached.exchanges);
        let name = format!("{shows} [{}; {counts}] · {who}: {tool}", answer.code());
        self.report.step(ends.met(&answer, reached), &name, &seen(&answer));
        Ok(answer)
    }
}

/// What a client is shown: the result, a tool's sentence, or the gateway's.
fn seen(answer: &Answer) -> String {
    let sentence = |error: &Value| error.get("message").and_then(Value::as_str).map(str::to_owned);
    let refused = answer.error().as_ref().and_then(sentence);
    let refused = refused.or_else(|| answer.body.get("error").and_then(sentence));
    let done = || answer.result().map(|result| result.to_string());
    let words = refused.or_else(done).unwrap_or_else(|| answer.body.to_string());
    if answer.status == 200 { words } else { format!("{} {words}", answer.status) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Answer, Ends, Reached};

    fn told(body: &Value) -> Answer {
        let content = json!([{"type": "text", "text": body.to_string()}]);
        Answer { status: 200, challenge: None, body: json!({"result": {"content": content}}) }
    }

    #[test]
    fn what_ends_at_the_gateway_reaches_nobody() {
        let body = json!({"error": {"message": "no", "data": {"code": "access_denied"}}});
        let refused = Answer { status: 403, challenge: None, body };
        let ends = Ends::Before(403, "access_denied");
        assert!(ends.met(&refused, Reached::default()));
        for reached in [
            Reached { targets: 1, ..Reached::default() },
            Reached { okta: 1, ..Reached::default() },
            Reached { exchanges: 1, ..Reached::default() },
        ] {
            assert!(!ends.met(&refused, reached), "{reached:?}");
        }
        assert!(!Ends::Before(401, "access_denied").met(&refused, Reached::default()));
    }

    #[test]
    fn a_refusal_of_a_tool_is_no_result_and_neither_is_one_that_asked_okta() {
        let (refused, done) = (told(&json!({"error": {"code": "access_denied"}})), told(&json!({"result": {}})));
        let called = Reached { targets: 1, ..Reached::default() };
        assert!(Ends::Refused("access_denied").met(&refused, called));
        assert!(!Ends::Refused("access_denied").met(&refused, Reached { okta: 1, ..called }));
        assert!(!Ends::Refused("access_denied").met(&done, called));
        assert!(!Ends::Done.met(&refused, called));
        assert!(Ends::Done.met(&done, Reached { okta: 2, ..called }));
        assert!(!Ends::Done.met(&done, Reached::default()), "nobody was called");
    }
}
