//! How a request ended, as its person hears it in the chat.

use std::time::Duration;

use tokio::time::sleep;

use super::request::{Counts, Waiting, kind};
use crate::tour::Tour;
use crate::tour::ask::Said;
use crate::trouble::Trouble;

/// How often the agent is asked, and what lies between two times.
const TIMES: usize = 60;
const PAUSE: Duration = Duration::from_millis(250);

/// How a request must end.
pub(super) struct Ends {
    /// What the step shows.
    pub(super) shows: &'static str,
    /// The status of the answer, or the code of the refusal.
    pub(super) in_kind: &'static str,
    /// What the words must say, among others.
    pub(super) saying: &'static str,
    /// What was changed at Okta on the way.
    pub(super) acts: Vec<String>,
}

impl Ends {
    fn met(&self, said: &Said, seen: &Counts) -> bool {
        let told = said.relayed() && said.text("/message").is_some_and(|message| message.contains(self.saying));
        told && kind(said) == self.in_kind && seen.pushes == 1 && seen.acts == self.acts
    }
}

impl Tour {
    /// Asks the agent until the request has ended, which must be in this way.
    pub(super) async fn ends(&mut self, waiting: &Waiting, ends: Ends) -> Result<(), Trouble> {
        let says = format!("How is my approval {}?", waiting.reference);
        let said = self.ended(waiting.who, &says).await?;
        let seen = self.seen().since(&waiting.before);
        let name = format!("{} {} · {}: “{says}”", ends.shows, seen.beside(kind(&said)), waiting.who);
        self.report.step(ends.met(&said, &seen), &name, &said.words());
        Ok(())
    }

    /// The first answer that is not of an open request, or else the last of all.
    async fn ended(&self, who: &str, says: &str) -> Result<Said, Trouble> {
        for _ in 1..TIMES {
            let said = self.say(who, says).await?;
            if kind(&said) != "approval_pending" {
                return Ok(said);
            }
            // The worker looks for the first time after five seconds of queue time. So that nobody waits for that here,
            // the queue's clock goes faster meanwhile.
            self.started.laptop.stack.sqs.advance(1);
            sleep(PAUSE).await;
        }
        self.say(who, says).await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Counts, Ends, Said};

    fn ends() -> Ends {
        Ends { shows: "", in_kind: "done", saying: "is unlocked", acts: vec!["unlock 1".to_owned()] }
    }

    #[test]
    fn a_request_has_ended_well_only_with_these_words_one_push_and_just_these_changes() {
        let body = json!({"status": "done", "message": "It is unlocked."});
        let said = Said { answer: Ok("It is unlocked.".to_owned()), body: Some(body.clone()) };
        let seen = Counts { pushes: 1, acts: vec!["unlock 1".to_owned()] };
        assert!(ends().met(&said, &seen));
        assert!(!ends().met(&said, &Counts { pushes: 2, ..seen.clone() }));
        assert!(
            !ends().met(&said, &Counts { acts: vec!["unlock 1".to_owned(), "unlock 1".to_owned()], ..seen.clone() })
        );
        assert!(!Ends { in_kind: "access_denied", ..ends() }.met(&said, &seen));
        assert!(!Ends { saying: "nothing was changed", ..ends() }.met(&said, &seen));
        let other = Said { answer: Ok("Done!".to_owned()), body: Some(body) };
        assert!(!ends().met(&other, &seen), "the agent relays the message as it stands");
    }
}
