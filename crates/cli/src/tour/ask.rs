//! A step that asks the agent something.

use devstack::stack::Stack;
use serde_json::Value;

use super::Tour;
use crate::story;
use crate::trouble::Trouble;

/// What is asked, and what must come of it.
pub(super) struct Ask {
    /// What the step shows.
    pub(super) shows: &'static str,
    /// The name of somebody who has signed in.
    pub(super) who: &'static str,
    /// What they type.
    pub(super) says: &'static str,
    /// What must come of it.
    pub(super) expects: Expect,
}

/// What must come of a question.
pub(super) enum Expect {
    /// Exactly these groups, read from Okta.
    Groups(&'static [&'static str]),
    /// This public code, and no read of Okta; with `access_denied`, no exchange either.
    Refusal(&'static str),
    /// Words of the agent's own, without a call of a tool.
    Words(&'static str),
}

/// What was asked of whom.
#[derive(Clone, Copy)]
struct Counts {
    tool_calls: u64,
    okta_reads: u64,
    exchanges: u64,
}

impl Counts {
    fn of(stack: &Stack) -> Self {
        Self {
            tool_calls: stack.bedrock.calls(),
            okta_reads: stack.okta.double.requests_to("GET /api/"),
            exchanges: stack.auth0.double.requests_to("POST /oauth/token"),
        }
    }

    fn since(self, before: Self) -> Self {
        Self {
            tool_calls: self.tool_calls.saturating_sub(before.tool_calls),
            okta_reads: self.okta_reads.saturating_sub(before.okta_reads),
            exchanges: self.exchanges.saturating_sub(before.exchanges),
        }
    }
}

/// What came of words that somebody typed.
pub(super) struct Said {
    /// What the agent said.
    pub(super) answer: Result<String, Trouble>,
    /// What the one tool answered that it called for that.
    pub(super) body: Option<Value>,
}

impl Said {
    /// A text of the tool's answer.
    pub(super) fn text(&self, pointer: &str) -> Option<&str> {
        self.body.as_ref()?.pointer(pointer)?.as_str()
    }

    /// Whether the agent relayed the tool's message as it stands.
    pub(super) fn relayed(&self) -> bool {
        let answer = self.answer.as_deref().ok();
        answer.is_some() && answer == self.text("/message")
    }

    /// What the agent said, or why it said nothing.
    pub(super) fn words(&self) -> String {
        self.answer.as_ref().map_or_else(ToString::to_string, Clone::clone)
    }
}

impl Tour {
    /// Types words as somebody who has signed in, with a fresh ticket.
    pub(super) async fn say(&self, who: &str, words: &str) -> Result<Said, Trouble> {
        let laptop = &self.started.laptop;
        let (signed, calls) = (self.signed(who)?, laptop.stack.bedrock.calls());
        let answer = self.chat.say(words, &signed.session, &laptop.ticket(signed)).await;
        let called = laptop.stack.bedrock.last().and_then(|exchange| story::told(&exchange.answer));
        let once = laptop.stack.bedrock.calls() == calls + 1;
        Ok(Said { answer, body: called.filter(|_| once).and_then(|text| serde_json::from_str(&text).ok()) })
    }

    /// Asks, and reports.
    pub(super) async fn ask(&mut self, ask: Ask) -> Result<(), Trouble> {
        let stack = &self.started.laptop.stack;
        let before = Counts::of(stack);
        let said = self.say(ask.who, ask.says).await?;
        let asked = Counts::of(stack).since(before);
        let good = said.answer.as_ref().is_ok_and(|answer| ask.expects.meets(answer, said.body.as_ref(), asked));
        let counted = ask.expects.counted(asked);
        let name = format!("{}{counted} · {}: “{}”", ask.shows, ask.who, ask.says);
        self.report.step(good, &name, &said.words());
        Ok(())
    }
}

impl Expect {
    fn meets(&self, answer: &str, body: Option<&Value>, asked: Counts) -> bool {
        match self {
            Self::Groups(names) => {
                let found = body.and_then(|body| body.get("groups")).and_then(Value::as_array);
                let same =
                    found.is_some_and(|found| found.iter().map(Value::as_str).eq(names.iter().copied().map(Some)));
                same && names.iter().all(|name| answer.contains(name)) && asked.okta_reads > 0
            }
            Self::Refusal(code) => {
                let exchanged = *code == "access_denied" && asked.exchanges > 0;
                let refused = body.and_then(|body| body.get("error")).and_then(Value::as_str) == Some(code);
                let said = body.and_then(|body| body.get("message")).and_then(Value::as_str) == Some(answer);
                refused && said && !exchanged && asked.okta_reads == 0
            }
            Self::Words(words) => answer.contains(words) && asked.tool_calls == 0,
        }
    }

    fn counted(&self, asked: Counts) -> String {
        match self {
            Self::Refusal(code) => format!(" [{code}; Okta {}, exchanges {}]", asked.okta_reads, asked.exchanges),
            Self::Groups(_) | Self::Words(_) => String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Counts, Expect};

    const QUIET: Counts = Counts { tool_calls: 1, okta_reads: 0, exchanges: 0 };

    #[test]
    fn a_denial_with_an_exchange_or_a_read_of_okta_is_a_failure() {
        let body = json!({"error": "access_denied", "message": "no"});
        let denied = Expect::Refusal("access_denied");
        assert!(denied.meets("no", Some(&body), QUIET));
        assert!(!denied.meets("no", Some(&body), Counts { exchanges: 1, ..QUIET }));
        assert!(!denied.meets("no", Some(&body), Counts { okta_reads: 1, ..QUIET }));
        assert!(!denied.meets("yes", Some(&body), QUIET));
        assert!(!Expect::Refusal("internal").meets("no", Some(&body), QUIET));
    }

    #[test]
    fn groups_must_be_exactly_those_and_come_from_okta() {
        let body = json!({"groups": ["A", "B"]});
        let read = Counts { okta_reads: 1, ..QUIET };
        assert!(Expect::Groups(&["A", "B"]).meets("A B", Some(&body), read));
        assert!(!Expect::Groups(&["A", "B"]).meets("A B", Some(&body), QUIET));
        assert!(!Expect::Groups(&["A"]).meets("A B", Some(&body), read));
        assert!(!Expect::Groups(&["A", "B"]).meets("A B", None, read));
    }

    #[test]
    fn words_of_the_agents_own_call_no_tool() {
        assert!(!Expect::Words("help").meets("help", None, QUIET));
        assert!(Expect::Words("help").meets("some help", None, Counts { tool_calls: 0, ..QUIET }));
    }
}
