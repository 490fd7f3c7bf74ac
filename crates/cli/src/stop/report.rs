//! What was done, line by line.

use tool::stopping::{EndedSession, SignedOut, Stopped, Token};
use upstream_aws::{ApprovalError, AuditError, OpenApproval, Swept};
use upstream_http::openfga::CheckError;
use upstream_http::openfga::administration::Stop;

/// The lines, and how many of them say that something was not done.
#[derive(Debug, Default)]
pub(crate) struct Report {
    pub(crate) lines: Vec<String>,
    pub(crate) failed: usize,
    /// Whether nothing of the name was found that was stopped.
    pub(crate) unknown: bool,
}

impl Report {
    /// Of a sign-out.
    pub(crate) fn of(signed_out: &SignedOut) -> Self {
        let mut report = Self::default();
        report.session(&signed_out.session);
        report.approvals(&signed_out.approvals);
        report
    }

    pub(super) fn wrote(&mut self, stop: &Stop, done: &str, written: Result<(), CheckError>) {
        let (user, relation, object) = stop.tuple();
        let tuple = format!("tuple: {user} {relation} {object}");
        match written {
            Ok(()) => self.line(format!("{done} {tuple}")),
            Err(problem) => self.not_done(&format!("{tuple} was not {done}: {problem}")),
        }
    }

    /// Whether the model gives way to the tuple.
    pub(super) fn heeded(&mut self, deaf: Result<Vec<String>, CheckError>) {
        match deaf {
            Ok(deaf) => deaf.iter().for_each(|relation| {
                self.not_done(&format!(
                    "`{relation}` is not taken away: in the model it does not end in `but not stopped from via`"
                ));
            }),
            Err(problem) => self.not_done(&format!("whether the model heeds a stop was not seen: {problem}")),
        }
    }

    /// Nobody of the name was found with anything open.
    pub(super) fn unknown(&mut self, has_records: Result<bool, AuditError>) {
        match has_records {
            Ok(true) => {}
            Ok(false) => {
                self.unknown = true;
                self.line(
                    "NOT KNOWN HERE: no session, approval or record is of this name. The tuple is stored all the same"
                        .to_owned(),
                );
            }
            Err(problem) => self.not_done(&format!("whether anybody has this name was not seen: {problem}")),
        }
    }

    pub(super) fn ended(&mut self, stopped: &Stopped) {
        stopped.sessions.iter().for_each(|session| self.session(session));
        let ended = stopped.sessions.iter().filter(|session| session.deleted.is_ok()).count();
        self.line(format!("sessions ended: {ended}"));
        if let Some(problem) = stopped.unfound {
            self.not_done(&format!("there may be more sessions, and more approvals of theirs: {problem}"));
        }
        self.approvals(&stopped.approvals);
    }

    fn session(&mut self, session: &EndedSession) {
        let short: String = session.hash.as_str().chars().take(8).collect();
        match session.deleted {
            Ok(()) => self.line(format!("session {short}…: its row is gone")),
            Err(problem) => self.not_done(&format!("session {short}…: {problem}")),
        }
        match session.token {
            Token::Revoked => self.line(format!("session {short}…: its refresh token is revoked at Auth0")),
            Token::None => self.line(format!("session {short}…: there was no row, and so no refresh token")),
            Token::Unread => {
                self.not_done(&format!(
                    "session {short}…: its row could not be read, so its refresh token lives on at Auth0"
                ));
            }
            Token::Anothers => {}
            Token::Unopened(problem) => {
                self.not_done(&format!("session {short}…: its refresh token lives on at Auth0: {problem}"));
            }
            Token::Failed(problem) => self.not_done(&format!("session {short}…: its refresh token: {problem}")),
        }
    }

    fn approvals(&mut self, swept: &Swept) {
        let named = |open: &OpenApproval| format!("approval {} of `{}`", open.reference.as_str(), open.tool);
        for open in &swept.ended {
            self.line(format!("{} is over, nothing was done", named(open)));
        }
        for open in &swept.acting {
            self.line(format!("{} is being acted on and was left alone", named(open)));
        }
        self.line(format!("approvals ended: {}", swept.ended.len()));
        match swept.problem {
            None => {}
            Some(ApprovalError::Unreadable) => self.not_done("an approval cannot be read: it stands for nothing"),
            Some(problem) => self.not_done(&format!("there may be more approvals: {problem}")),
        }
    }

    fn line(&mut self, line: String) {
        self.lines.push(line);
    }

    fn not_done(&mut self, what: &str) {
        self.failed += 1;
        self.line(format!("not done: {what}"));
    }
}
