//! Whether what the table and the agent are told in the end is true.

use std::time::Duration;

use acceptance::End;
use auth::approval::{ApprovalReference, PersonKey};
use devstack::stack::APPROVAL_TABLE;
use serde_json::Value;
use tokio::time::Instant;

use super::Cell;
use super::way::Way;

const PATIENCE: Duration = Duration::from_secs(20);
/// When a row that nobody looks after is ended by whoever asks, in seconds after it was begun.
const OVERDUE: u64 = 155;

/// What became of a request.
#[derive(Debug)]
enum Outcome {
    /// It was never written down; the agent was told this code.
    Refused(String),
    /// The table says so.
    Ended(ApprovalReference, End),
}

impl Outcome {
    /// As in the table of what is right.
    fn letter(&self) -> char {
        let of_code = |name: &str| match name {
            "auth_required" => 's',
            "reconnect_required" => 'r',
            "access_denied" => 'a',
            "busy" => 'b',
            "unavailable" => 'u',
            "internal" => 'i',
            "invalid_input" => 'v',
            _ => '!',
        };
        match self {
            Self::Refused(code) => of_code(code).to_ascii_uppercase(),
            Self::Ended(_, End::Done) => 'd',
            Self::Ended(_, End::Denied) => 'n',
            Self::Ended(_, End::Expired) => 'x',
            Self::Ended(_, End::Unknown) => '?',
            Self::Ended(_, End::Failed(code)) => of_code(code.name()),
        }
    }
}

/// In words, for the table.
pub(super) fn words(letter: Option<char>) -> &'static str {
    match letter.map(|letter| letter.to_ascii_lowercase()) {
        Some('d') => "done",
        Some('n') => "approval_denied",
        Some('x') => "approval_expired",
        Some('?') => "unknown",
        Some('s') => "auth_required",
        Some('r') => "reconnect_required",
        Some('a') => "access_denied",
        Some('b') => "busy",
        Some('u') => "unavailable",
        Some('i') => "internal",
        Some('v') => "invalid_input",
        _ => "none",
    }
}

impl Way<'_> {
    /// The agent's first answer, the table, Okta and what is told now must agree, and be right for the cell.
    pub(super) async fn judge(&mut self, cell: &Cell, answer: &Value) {
        let starts = self.approvals.world.laptop.stack.auth0.double.requests_to("POST /bc-authorize");
        if starts > 1 {
            self.complain(format!("{starts} requests for one approval"));
        }
        let code = answer["error"].as_str().unwrap_or("ok").to_owned();
        self.look().await;
        let outcome = match self.ended().await.as_slice() {
            [] => Outcome::Refused(code.clone()),
            [(reference, end)] => Outcome::Ended(reference.clone(), *end),
            more => return self.complain(format!("{} outcomes of one request", more.len())),
        };
        let acts = self.acts();
        let letter = outcome.letter();
        self.letter = Some(letter);
        if !cell.right.contains(letter) {
            self.complain(format!("`{letter}` instead of `{}`: {outcome:?}, after {answer}", cell.right));
        }
        let true_acts = match &outcome {
            Outcome::Ended(_, End::Done) => 1..=1,
            Outcome::Ended(_, End::Unknown) => 0..=1,
            Outcome::Ended(_, End::Denied | End::Expired | End::Failed(_)) | Outcome::Refused(_) => 0..=0,
        };
        if !true_acts.contains(&acts) {
            self.complain(format!("{acts} acts at Okta, and {outcome:?}"));
        }
        self.first_answer(&code, answer, &outcome);
        if let Outcome::Ended(reference, end) = &outcome {
            self.told(reference, *end).await;
        }
        let open = self.call(PATIENCE, "list_approvals", &[]).await;
        if open["count"] != 0 {
            self.complain(format!("something is open: {open}"));
        }
    }

    /// The answer to the call was that it waits, with the reference under which it ended, or why it was not asked for.
    fn first_answer(&mut self, code: &str, answer: &Value, outcome: &Outcome) {
        let agrees = match outcome {
            Outcome::Refused(_) => answer["approval"].is_null() && code != "ok",
            Outcome::Ended(reference, _) if code == "approval_pending" => {
                answer["approval"]["reference"].as_str() == Some(reference.as_str())
            }
            Outcome::Ended(_, end) => matches!(end, End::Failed(ended) if ended.name() == code),
        };
        if !agrees {
            self.complain(format!("the call was answered by {answer}, and it ended so: {outcome:?}"));
        }
    }

    /// `check_approval` says what the table says.
    async fn told(&mut self, reference: &ApprovalReference, end: End) {
        let told = self.call(PATIENCE, "check_approval", &[("approval", reference.as_str())]).await;
        let (status, error) = match end {
            End::Done => (Some("done"), None),
            End::Unknown => (Some("unknown"), None),
            End::Failed(_) => (Some("failed"), None),
            End::Denied => (None, Some("approval_denied")),
            End::Expired => (None, Some("approval_expired")),
        };
        let reason = match end {
            End::Failed(code) => Some(code.name()),
            End::Done | End::Denied | End::Expired | End::Unknown => None,
        };
        let said = ["status", "error", "reason"].map(|name| told[name].as_str());
        if said != [status, error, reason] || told["message"].as_str().is_none_or(str::is_empty) {
            self.complain(format!("{end:?} is told by {told}"));
        }
    }

    /// A row for which no message is left, because its starter was cut off or nobody knows whether there was a push, is ended
    /// when its person looks at what is open.
    async fn look(&mut self) {
        if !self.rows("open#").await.is_empty() {
            let by = self.approvals.hands.by();
            self.approvals.later(OVERDUE.saturating_sub(by));
            self.call(PATIENCE, "list_approvals", &[]).await;
        }
    }

    /// The outcomes that the table has for this person.
    async fn ended(&self) -> Vec<(ApprovalReference, End)> {
        let mut ended = Vec::new();
        for name in &self.rows("done#").await {
            let reference = ApprovalReference::parse(name).unwrap();
            let until = Instant::now() + PATIENCE;
            let found = self.approvals.store.outcome(&self.person(), &reference, until).await;
            ended.push((reference, End::of(&found.unwrap().unwrap().ending)));
        }
        ended
    }

    /// The rows of the person whose sort key begins so, by the rest of it.
    async fn rows(&self, start: &str) -> Vec<String> {
        let items = self.approvals.world.laptop.stack.dynamodb.items(APPROVAL_TABLE).await.unwrap();
        let text = |item: &Value, name: &str| item[name]["S"].as_str().unwrap().to_owned();
        let own = items.iter().filter(|item| text(item, "person") == self.person().as_str());
        own.filter_map(|item| text(item, "sort").strip_prefix(start).map(str::to_owned)).collect()
    }

    fn person(&self) -> PersonKey {
        PersonKey::of(&self.who.signed.subject)
    }
}
