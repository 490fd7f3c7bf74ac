//! A session that is open, and its end: whoever ends it.

use std::time::Duration;

use auth::id::{Reference, SessionHash};
use auth::subject::Subject;
use futures_util::future::{BoxFuture, join_all};
use tokio::time::{Instant, timeout};
use tool::stopping::{NotDeleted, SignedOut, Token};
use upstream_aws::{WebKey, WebKind};

use super::provider;
use super::visitor::{self, Visitor};
use crate::app::App;

/// The row, its approvals and its refresh token take at most so long.
const ENDING: Duration = Duration::from_secs(8);
/// And what is done before and after, each.
const SHORT: Duration = Duration::from_secs(2);

/// How long an answer waits for the end of a session that it does not tell of.
const PATIENCE: Duration = Duration::from_secs(5);

/// What is needed to end a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Open {
    /// The item of the browser.
    pub(crate) browser: WebKey,
    /// The row.
    pub(crate) session: SessionHash,
    /// Whose it is.
    pub(crate) subject: Subject,
    /// What the provider calls it.
    pub(crate) sid: Option<String>,
}

/// The session is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Over {
    /// Also what waited for an approval.
    pub(crate) approvals: bool,
}

/// The session is not over: its row could not be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StillOpen;

impl Open {
    pub(crate) fn of(visitor: &Visitor) -> Self {
        Self {
            browser: visitor.key.clone(),
            session: visitor.session.hash(),
            subject: visitor.row.subject.clone(),
            sid: visitor.provider.clone(),
        }
    }

    /// Ends it, and logs what became of it. The browser's item is marked first, in a short time, so that its cookie opens nothing
    /// any more, and goes once the row has gone: until then the same cookie can end the session. The provider's names of it go last,
    /// and stay as long as the row does, so that it can be found once more.
    pub(crate) fn end<'a>(&'a self, app: &'a App, reference: &'a Reference) -> BoxFuture<'a, Result<Over, StillOpen>> {
        Box::pin(self.ended(app, reference))
    }

    async fn ended(&self, app: &App, reference: &Reference) -> Result<Over, StillOpen> {
        let _marked = visitor::mark_over(app, &self.browser, Instant::now() + SHORT).await;
        app.tell_over(&self.session);
        let out = Box::pin(app.stopping.sign_out(&self.subject, &self.session, Instant::now() + ENDING)).await;
        let gone = !matches!(out.session.deleted, Err(NotDeleted::Store(_)));
        let until = Instant::now() + SHORT;
        let history = WebKey::of_session(WebKind::History, &self.session);
        let connect = self.browser.of_kind(WebKind::Connect);
        let mut items = vec![&connect, &history];
        if gone {
            items.push(&self.browser);
        }
        let deleted = join_all(items.into_iter().map(|item| app.items.delete(item, until))).await;
        let mut kept = deleted.iter().filter(|deleted| deleted.is_err()).count();
        if gone {
            kept += usize::from(provider::remove(app, self, until).await.is_err());
        }
        let mut became = told(&out);
        if kept > 0 {
            became.push(("items_left", kept.to_string()));
        }
        app.log.session_ended(reference, &self.session, &became);
        if gone { Ok(Over { approvals: out.approvals.problem.is_none() }) } else { Err(StillOpen) }
    }
}

/// Ends a session in a task of its own, which is waited for a moment, since a function that has answered may be stopped.
pub(super) async fn end_apart(app: &App, open: Open, reference: &Reference) {
    let (app_too, reference) = (app.clone(), reference.clone());
    let ending = app.apart(async move { open.end(&app_too, &reference).await });
    let _ended = timeout(PATIENCE, ending).await;
}

/// What `Stopping` says, in words for the log.
fn told(out: &SignedOut) -> Vec<(&'static str, String)> {
    let row = match out.session.deleted {
        Ok(()) => "deleted".to_owned(),
        Err(problem) => problem.to_string(),
    };
    let token = match out.session.token {
        Token::Revoked => "revoked".to_owned(),
        Token::None => "none".to_owned(),
        Token::Anothers => "another person's".to_owned(),
        Token::Unread => "not readable".to_owned(),
        Token::Unopened(problem) => problem.to_string(),
        Token::Failed(problem) => problem.to_string(),
    };
    let mut told = vec![("row", row), ("refresh_token", token)];
    told.push(("approvals_ended", out.approvals.ended.len().to_string()));
    if !out.approvals.acting.is_empty() {
        told.push(("approvals_acting", out.approvals.acting.len().to_string()));
    }
    if let Some(problem) = &out.approvals.problem {
        told.push(("approvals_problem", problem.to_string()));
    }
    told
}
