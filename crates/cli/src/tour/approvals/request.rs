//! Asking for a change: it waits for an approval.

use devstack::stack::Stack;

use crate::tour::Tour;
use crate::tour::ask::Said;
use crate::trouble::Trouble;

/// A change to ask for.
pub(in crate::tour) struct Request {
    /// What the step shows.
    pub(in crate::tour) shows: &'static str,
    /// The name of somebody who has signed in.
    pub(in crate::tour) who: &'static str,
    /// What they type.
    pub(in crate::tour) says: &'static str,
}

/// A request that waits on somebody's phone.
pub(in crate::tour) struct Waiting {
    /// Whose phone.
    pub(in crate::tour) who: &'static str,
    /// The request's name.
    pub(in crate::tour) reference: String,
    /// What the chat and the phone both show.
    pub(in crate::tour) code: String,
    /// How things were before it.
    pub(in crate::tour) before: Counts,
}

/// What phones and Okta have seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::tour) struct Counts {
    /// Pushes that were sent.
    pub(in crate::tour) pushes: usize,
    /// What was changed at Okta, as in `unlock 00u...`.
    pub(in crate::tour) acts: Vec<String>,
}

impl Counts {
    pub(in crate::tour) fn of(stack: &Stack) -> Self {
        Self { pushes: stack.auth0.starts(), acts: stack.okta.acts() }
    }

    pub(in crate::tour) fn since(self, before: &Self) -> Self {
        let pushes = self.pushes.saturating_sub(before.pushes);
        Self { pushes, acts: self.acts.into_iter().skip(before.acts.len()).collect() }
    }

    /// `code` and the counts, for a line of the report.
    pub(in crate::tour) fn beside(&self, code: &str) -> String {
        format!("[{code}; pushes {}, changes {}]", self.pushes, self.acts.len())
    }
}

impl Tour {
    pub(in crate::tour) fn seen(&self) -> Counts {
        Counts::of(&self.started.laptop.stack)
    }

    /// Asks for a change, which must send one push, change nothing, and show a code. Nothing if it did not.
    pub(in crate::tour) async fn request(&mut self, request: Request) -> Result<Option<Waiting>, Trouble> {
        let Request { shows, who, says } = request;
        let before = self.seen();
        let said = self.say(who, says).await?;
        let seen = self.seen().since(&before);
        let waiting = waiting(&said, who, before);
        let good = waiting.is_some() && seen == Counts { pushes: 1, acts: Vec::new() };
        self.report.step(good, &format!("{shows} {} · {who}: “{says}”", seen.beside(kind(&said))), &said.words());
        Ok(waiting)
    }
}

/// The code of a refusal, the reason of a failure, or the status of a success.
pub(in crate::tour) fn kind(said: &Said) -> &str {
    let told = said.text("/error").or_else(|| said.text("/reason")).or_else(|| said.text("/status"));
    told.unwrap_or("no answer of a tool")
}

fn waiting(said: &Said, who: &'static str, before: Counts) -> Option<Waiting> {
    let (reference, code) = (said.text("/approval/reference")?, said.text("/approval/code")?);
    let shown = said.relayed() && said.text("/message").is_some_and(|message| message.contains(code));
    (shown && kind(said) == "approval_pending" && reference.len() == 16 && code.len() == 6).then(|| Waiting {
        who,
        reference: reference.to_owned(),
        code: code.to_owned(),
        before,
    })
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Counts, kind, waiting};
    use crate::tour::ask::Said;

    fn said(answer: &str) -> Said {
        let approval = json!({"reference": "ABCDEFGH23456789", "code": "7KQ2MX"});
        let body = json!({"error": "approval_pending", "message": "Compare 7KQ2MX.", "approval": approval});
        Said { answer: Ok(answer.to_owned()), body: Some(body) }
    }

    #[test]
    fn a_request_waits_only_if_the_chat_shows_the_code() {
        let found = waiting(&said("Compare 7KQ2MX."), "alice", Counts::default()).unwrap();
        assert_eq!((found.reference.as_str(), found.code.as_str()), ("ABCDEFGH23456789", "7KQ2MX"));
        assert!(waiting(&said("Answer on your phone."), "alice", Counts::default()).is_none());
        let none = Said { answer: Ok(String::new()), body: None };
        assert!(waiting(&none, "alice", Counts::default()).is_none());
        assert_eq!(kind(&none), "no answer of a tool");
    }

    #[test]
    fn what_was_there_before_is_not_counted() {
        let before = Counts { pushes: 2, acts: vec!["unlock 1".to_owned()] };
        let now = Counts { pushes: 3, acts: vec!["unlock 1".to_owned(), "add 2 3".to_owned()] };
        let since = now.since(&before);
        assert_eq!(since, Counts { pushes: 1, acts: vec!["add 2 3".to_owned()] });
        assert_eq!(since.beside("done"), "[done; pushes 1, changes 1]");
    }
}
