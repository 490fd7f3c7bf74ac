//! What was said, and whose turn it is.

use auth::time::Timestamp;
use serde::{Deserialize, Serialize};

/// Who said it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum From {
    Person,
    Agent,
}

/// How an answer ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum State {
    /// All of it is there.
    Complete,
    /// It broke off, or is not there yet.
    Incomplete,
    /// The person stopped it.
    Stopped,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Message {
    pub(crate) from: From,
    pub(crate) text: String,
    pub(crate) at: u64,
    pub(crate) state: State,
    /// What of it is told apart.
    #[serde(default)]
    pub(crate) mark: Option<Mark>,
}

/// What a tool said that the page tells in words and buttons of its own, whatever the model makes of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Mark {
    /// An account has to be connected.
    Reconnect,
    /// A right is missing.
    Denied,
}

/// An answer that somebody is waiting for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Turn {
    id: String,
    until: u64,
}

/// A conversation. Its oldest messages go when it gets long.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Conversation {
    pub(crate) messages: Vec<Message>,
    turn: Option<Turn>,
}

/// Somebody is waiting for an answer already.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct UnderWay;

/// An item of the table has at most 400 KB.
const MOST_MESSAGES: usize = 60;
const MOST_BYTES: usize = 200_000;

impl Conversation {
    /// Whether an answer is on its way.
    pub(crate) fn is_answering(&self, now: Timestamp) -> bool {
        self.turn.as_ref().is_some_and(|turn| turn.until > now.seconds())
    }

    /// Adds a message and the answer to come, incomplete until it has come. One that was never finished stays incomplete.
    pub(crate) fn begin(&mut self, text: String, id: String, now: Timestamp, seconds: u64) -> Result<(), UnderWay> {
        if self.is_answering(now) {
            return Err(UnderWay);
        }
        let at = now.seconds();
        self.messages.push(Message { from: From::Person, text, at, state: State::Complete, mark: None });
        let text = String::new();
        self.messages.push(Message { from: From::Agent, text, at, state: State::Incomplete, mark: None });
        self.turn = Some(Turn { id, until: now.plus(seconds).seconds() });
        self.shorten();
        Ok(())
    }

    /// Writes the answer of this turn. Nothing if it is no longer this one's turn.
    pub(crate) fn end(&mut self, id: &str, text: String, state: State, mark: Option<Mark>) -> Option<()> {
        self.turn.take_if(|turn| turn.id == id)?;
        let answer = self.messages.last_mut().filter(|message| message.from == From::Agent)?;
        answer.text = text;
        answer.state = state;
        answer.mark = mark;
        self.shorten();
        Some(())
    }

    fn shorten(&mut self) {
        let size = |messages: &[Message]| messages.iter().map(|message| message.text.len() + 100).sum::<usize>();
        while self.messages.len() > 2 && (self.messages.len() > MOST_MESSAGES || size(&self.messages) > MOST_BYTES) {
            self.messages.drain(..2);
        }
    }
}

#[cfg(test)]
mod tests {
    use auth::time::Timestamp;

    use super::{Conversation, From, MOST_BYTES, MOST_MESSAGES, Mark, State, UnderWay};

    const NOW: Timestamp = Timestamp::from_seconds(1_790_000_000);

    #[test]
    fn one_message_is_answered_at_a_time_and_a_turn_that_nobody_ends_runs_out() {
        let mut talk = Conversation::default();
        assert_eq!(talk.begin("first".into(), "1".into(), NOW, 300), Ok(()));
        assert_eq!(talk.begin("second".into(), "2".into(), NOW.plus(299), 300), Err(UnderWay));
        assert_eq!(talk.messages.len(), 2);
        assert_eq!(talk.begin("second".into(), "2".into(), NOW.plus(300), 300), Ok(()));
        assert_eq!(talk.messages[1].state, State::Incomplete, "the first was never answered");
        assert_eq!(talk.end("1", "late".into(), State::Complete, None), None);
        assert_eq!(talk.end("2", "answer".into(), State::Complete, Some(Mark::Reconnect)), Some(()));
        let last = talk.messages.last().unwrap();
        assert_eq!(
            (last.from, last.text.as_str(), last.state, last.mark),
            (From::Agent, "answer", State::Complete, Some(Mark::Reconnect))
        );
        assert!(!talk.is_answering(NOW.plus(301)));
    }

    #[test]
    fn a_long_conversation_loses_its_beginning() {
        let mut talk = Conversation::default();
        for number in 0..100_u32 {
            let id = number.to_string();
            talk.begin(id.clone(), id.clone(), NOW, 10).unwrap();
            talk.end(&id, "x".repeat(10_000), State::Complete, None).unwrap();
            assert!(talk.messages.len() <= MOST_MESSAGES);
            assert!(talk.messages.iter().map(|message| message.text.len()).sum::<usize>() <= MOST_BYTES);
        }
        assert_eq!(talk.messages[talk.messages.len() - 2].text, "99");
        assert_eq!(talk.messages[0].from, From::Person, "a question goes with its answer");
    }
}
