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

const MOST_MESSAGES: usize = 60;
/// Of its JSON. An item of the table has at most 400 KB, with what seals it.
const MOST_BYTES: usize = 350_000;

impl Conversation {
    /// Whether an answer is on its way.
    pub(crate) fn is_answering(&self, now: Timestamp) -> bool {
        self.turn_under_way(now).is_some()
    }

    /// The id of the turn whose answer is on its way.
    pub(crate) fn turn_under_way(&self, now: Timestamp) -> Option<&str> {
        self.turn.as_ref().filter(|turn| turn.until > now.seconds()).map(|turn| turn.id.as_str())
    }

    /// Adds a message and the answer to come, incomplete until it has come. One that was never finished stays incomplete.
    pub(crate) fn begin(&mut self, text: String, id: String, now: Timestamp, seconds: u64) -> Result<(), UnderWay> {
        if self.is_answering(now) {
            return Err(UnderWay);
        }
        let (at, text) = (now.seconds(), readable(&text));
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
        answer.text = readable(&text);
        answer.state = state;
        answer.mark = mark;
        self.shorten();
        Some(())
    }

    /// Keeps the newer half of it: for a table that did not take the whole.
    pub(crate) fn halve(&mut self) {
        let pairs = self.messages.len() / 2;
        self.messages.drain(..(pairs / 2) * 2);
    }

    fn shorten(&mut self) {
        let sizes: Vec<usize> = self.messages.iter().map(size).collect();
        let (mut all, mut gone) = (sizes.iter().sum::<usize>(), 0);
        // A question goes with its answer.
        for pair in sizes.chunks(2) {
            let left = sizes.len() - gone;
            if left <= 2 || (left <= MOST_MESSAGES && all <= MOST_BYTES) {
                break;
            }
            all -= pair.iter().sum::<usize>();
            gone += pair.len();
        }
        self.messages.drain(..gone);
    }
}

/// The length of its JSON, and of the comma after it.
fn size(message: &Message) -> usize {
    serde_json::to_vec(message).map_or(MOST_BYTES, |json| json.len() + 1)
}

/// Without control characters but for line ends and tabs: each of them is six bytes in JSON, and none can be seen.
fn readable(text: &str) -> String {
    text.chars().filter(|character| !character.is_control() || matches!(character, '\n' | '\t')).collect()
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

    #[test]
    fn the_json_of_a_conversation_fits_into_an_item_whatever_is_said() {
        for said in ["\"", "\u{1}", "\\", "\u{10ffff}", "\n"] {
            let mut talk = Conversation::default();
            for number in 0..40_u32 {
                let id = number.to_string();
                talk.begin(said.repeat(4000), id.clone(), NOW, 10).unwrap();
                talk.end(&id, said.repeat(60_000 / said.len()), State::Complete, None).unwrap();
                assert!(serde_json::to_vec(&talk).unwrap().len() <= MOST_BYTES + 200, "{said:?}");
            }
            assert!(talk.messages.len() >= 2);
        }
    }

    #[test]
    fn line_ends_and_tabs_stay_and_other_control_characters_go() {
        let mut talk = Conversation::default();
        talk.begin("a\u{0}b\u{1b}[1m\n\tc\r\u{7f}".into(), "1".into(), NOW, 10).unwrap();
        talk.end("1", "x\u{8}y\u{9f}".into(), State::Complete, None).unwrap();
        assert_eq!((talk.messages[0].text.as_str(), talk.messages[1].text.as_str()), ("ab[1m\n\tc", "xy"));
    }

    #[test]
    fn half_of_it_is_whole_pairs_and_the_last_is_among_them() {
        let mut talk = Conversation::default();
        for number in 0..5_u32 {
            let id = number.to_string();
            talk.begin(id.clone(), id.clone(), NOW, 10).unwrap();
            talk.end(&id, id.clone(), State::Complete, None).unwrap();
        }
        for left in [6, 4, 2, 2] {
            talk.halve();
            assert_eq!(talk.messages.len(), left);
            assert_eq!((talk.messages[0].from, talk.messages[left - 1].text.as_str()), (From::Person, "4"));
        }
    }
}
