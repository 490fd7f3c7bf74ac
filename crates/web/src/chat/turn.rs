//! One turn: from the message to the last event of its answer.

use std::panic::AssertUnwindSafe;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use auth::id::{SessionHash, SessionReference};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use futures_util::FutureExt as _;
use serde_json::json;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until, timeout, timeout_at};
use upstream_aws::{WebKey, WebKind};

use super::agent::Said;
use super::conversation::{Mark, State};
use super::events::Event;
use super::history::History;
use super::slot::Slot;
use super::stop;
use crate::app::App;
use crate::problem::Problem;
use crate::rim::Shown;

/// A turn ends after so long, whatever the agent does: before its ticket does.
pub(crate) const LONGEST_SECONDS: u64 = 280;
/// The longest answer that is shown and kept, in bytes.
const LONGEST_ANSWER: usize = 60_000;

/// How long the end may take to be written down before the last event is sent, and of that, how long after the turn must be over.
const KEEPING: Duration = Duration::from_secs(3);
const LAST_MOMENT: Duration = Duration::from_millis(500);
/// How long the last event may wait for a slow reader.
const LAST_WORD: Duration = Duration::from_secs(5);
/// How often a turn looks whether its session is there still.
const LOOKS_EVERY: Duration = Duration::from_secs(5);

/// What it needs.
pub(crate) struct Turn {
    pub(crate) ticket: Secret,
    pub(crate) session: SessionReference,
    pub(crate) history: History,
    pub(super) slot: Slot,
    pub(crate) id: String,
    pub(crate) text: String,
    pub(crate) shown: Shown,
    /// When it must be over whatever the agent does.
    pub(crate) until: Instant,
}

/// What has come so far.
#[derive(Default)]
struct Answer {
    text: String,
    /// The beginning of a character whose end is in the next piece.
    rest: Vec<u8>,
    mark: Option<Mark>,
}

/// Why a turn is over.
enum Over {
    Complete,
    /// The browser has left: stopped, reloaded, or lost.
    Left,
    /// The person has said so.
    Stopped,
    Failed(Refusal),
}

impl Turn {
    /// The end of a turn that begins now, where the server has a limit of its own: a second before that.
    pub(crate) fn until(limit: Option<Instant>) -> Instant {
        const LAST: Duration = Duration::from_secs(1);
        let longest = Instant::now() + Duration::from_secs(LONGEST_SECONDS);
        limit.map_or(longest, |limit| longest.min(limit.checked_sub(LAST).unwrap_or(limit)))
    }

    pub(crate) async fn run(self, app: App, events: mpsc::Sender<Event>) {
        let answer = Mutex::new(Answer::default());
        let hash = self.session.hash();
        let mut ending = app.ending();
        let over = tokio::select! {
            over = AssertUnwindSafe(self.listen(&app, &events, &answer)).catch_unwind() => {
                over.unwrap_or_else(|_| broken(Code::Internal, "turn: it panicked"))
            }
            () = events.closed() => Over::Left,
            () = stop::asked(&app, &self.id) => Over::Stopped,
            _told = ending.wait_for(|ending| *ending) => failed("turn: the server is about to end"),
            () = signed_out(&app, &hash) => failed("turn: the session is over"),
            () = sleep_until(self.until) => failed("turn: it took too long"),
        };
        let Answer { text, mark, .. } = answer.into_inner().unwrap_or_else(PoisonError::into_inner);
        let state = match over {
            Over::Complete => State::Complete,
            Over::Left | Over::Stopped => State::Stopped,
            Over::Failed(_) => State::Incomplete,
        };
        let kept = app.apart(written(app.clone(), hash, self.history, self.slot, self.id, (text, state, mark)));
        // Written down or not, the last event comes in time.
        let kept = match timeout_at(self.until.min(Instant::now() + KEEPING) + LAST_MOMENT, kept).await {
            Ok(Ok(kept)) => kept,
            Ok(Err(_)) => Err(Problem::internal("turn: a task broke")),
            Err(_) => Err(Refusal::new(Code::Unavailable, "turn: it could not be written down in time").into()),
        };
        let outcome = self.shown.outcome("web_turn");
        let (outcome, problem) = match (over, kept) {
            (Over::Failed(refusal), _) => (outcome.refused(&refusal), Some(Problem::from(refusal))),
            (Over::Complete | Over::Left | Over::Stopped, Err(problem)) => {
                // The stock sentence has it that nothing was done, and the agent may have done much.
                let refusal = problem.refusal.saying("The answer could not be kept. What the agent did is done.");
                (outcome.refused(&refusal), Some(Problem { refusal, ..problem }))
            }
            (Over::Left, Ok(())) => (outcome.noting("turn: the browser left"), None),
            (Over::Stopped, Ok(())) => (outcome.noting("turn: the person stopped it"), None),
            (Over::Complete, Ok(())) => (outcome, None),
        };
        app.log.outcome(&outcome);
        let problem = problem.map(|problem| {
            json!({
                "error": problem.refusal.code().name(), "message": problem.refusal.sentence(), "next": problem.next,
                "reference": self.shown.reference.as_str(),
            })
        });
        // Who does not read what came before does not read this.
        let _heard = timeout(LAST_WORD, events.send(Event::End { state, problem })).await;
    }

    async fn listen(&self, app: &App, events: &mpsc::Sender<Event>, answer: &Mutex<Answer>) -> Over {
        let Some(agent) = &app.agent else { return failed("turn: there is no agent") };
        let mut answering = match agent.say(&self.text, &self.session, &self.ticket).await {
            Ok(answering) => answering,
            Err(refusal) => return Over::Failed(refusal),
        };
        loop {
            let news = match answering.next().await {
                Ok(None) => return whole(answer),
                Ok(Some(Said::Bytes(bytes))) => match piece(answer, &bytes) {
                    Err(refusal) => return Over::Failed(refusal),
                    Ok(text) if text.is_empty() => Vec::new(),
                    Ok(text) => vec![Event::Text(text)],
                },
                Ok(Some(Said::Steps(steps))) => {
                    if let Some(mark) = steps.iter().find_map(|step| step.mark()) {
                        answer.lock().unwrap_or_else(PoisonError::into_inner).mark = Some(mark);
                    }
                    steps.into_iter().map(Event::Step).collect()
                }
                Err(refusal) => return Over::Failed(refusal),
            };
            for event in news {
                if events.send(event).await.is_err() {
                    return Over::Left;
                }
            }
        }
    }
}

/// Waits until the session is over: at once if it ends in this process, else once its row is found gone.
async fn signed_out(app: &App, hash: &SessionHash) {
    let mut over = app.over();
    loop {
        let told = async {
            loop {
                match over.recv().await {
                    Ok(session) if session == *hash => return true,
                    Ok(_) => {}
                    // Who missed some looks at the row.
                    Err(_) => return false,
                }
            }
        };
        if timeout(LOOKS_EVERY, told).await == Ok(true) || is_over(app, hash).await {
            return;
        }
    }
}

/// Writes down the end of a turn, and gives its slot back.
async fn written(
    app: App,
    hash: SessionHash,
    history: History,
    slot: Slot,
    id: String,
    end: (String, State, Option<Mark>),
) -> Result<(), Problem> {
    let mut kept = Box::pin(history.end(&app, &id, end)).await;
    // It may have been written after the session's end took it away.
    if is_over(&app, &hash).await {
        let history = WebKey::of_session(WebKind::History, &hash);
        kept = kept.and(app.items.delete(&history, App::until()).await.map_err(Problem::from));
    }
    Box::pin(slot.give_back(&app)).await;
    kept
}

/// A table that does not answer ends no turn: every call of a tool looks for itself.
async fn is_over(app: &App, hash: &SessionHash) -> bool {
    matches!(Box::pin(app.sessions.read(hash, App::until())).await, Ok(None))
}

/// Adds the bytes to the answer and gives what can be shown of them.
fn piece(answer: &Mutex<Answer>, bytes: &[u8]) -> Result<String, Refusal> {
    let mut answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
    if answer.text.len().saturating_add(bytes.len()) > LONGEST_ANSWER {
        return Err(Refusal::new(Code::Unavailable, "turn: the answer is too long").saying("The answer is too long."));
    }
    answer.rest.extend_from_slice(bytes);
    let good = match std::str::from_utf8(&answer.rest) {
        Ok(_) => answer.rest.len(),
        Err(error) if error.error_len().is_none() => error.valid_up_to(),
        Err(_) => return Err(Refusal::new(Code::Unavailable, "turn: the answer is not UTF-8")),
    };
    let rest = answer.rest.split_off(good);
    let text = String::from_utf8(std::mem::replace(&mut answer.rest, rest)).unwrap_or_default();
    answer.text.push_str(&text);
    Ok(text)
}

/// An answer that ends within a character, or that is no text at all, is not whole.
fn whole(answer: &Mutex<Answer>) -> Over {
    let answer = answer.lock().unwrap_or_else(PoisonError::into_inner);
    if answer.rest.is_empty() && !answer.text.is_empty() { Over::Complete } else { failed("turn: no whole answer") }
}

fn failed(cause: &'static str) -> Over {
    broken(Code::Unavailable, cause)
}

fn broken(code: Code, cause: &'static str) -> Over {
    Over::Failed(Refusal::new(code, cause).saying("The answer broke off. What it had begun may be done."))
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::{Answer, Over, piece, whole};

    #[test]
    fn a_character_that_is_cut_in_two_is_shown_once_it_is_whole() {
        let answer = Mutex::new(Answer::default());
        let bytes = "Zoë’s groups".as_bytes();
        let mut shown = String::new();
        for byte in bytes {
            shown.push_str(&piece(&answer, &[*byte]).unwrap());
        }
        assert_eq!(shown, "Zoë’s groups");
        assert!(matches!(whole(&answer), Over::Complete));
    }

    #[test]
    fn bytes_that_are_no_text_and_half_a_character_at_the_end_are_no_answer() {
        assert!(piece(&Mutex::new(Answer::default()), b"\xff").is_err());
        let half = Mutex::new(Answer::default());
        assert_eq!(piece(&half, b"a\xe2\x80").unwrap(), "a");
        assert!(matches!(whole(&half), Over::Failed(_)));
        assert!(matches!(whole(&Mutex::new(Answer::default())), Over::Failed(_)));
    }

    #[test]
    fn an_endless_answer_is_cut() {
        let answer = Mutex::new(Answer::default());
        for _ in 0..60 {
            piece(&answer, &[b'x'; 1000]).unwrap();
        }
        assert!(piece(&answer, b"x").is_err());
        assert_eq!(answer.lock().unwrap().text.len(), 60_000);
    }
}
