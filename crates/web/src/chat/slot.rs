//! How many answers a person may have under way, in all of their sessions and in every process: each takes a place of the
//! application's for minutes, and one person is not to take them all.

use auth::subject::Subject;
use auth::time::Timestamp;
use serde::{Deserialize, Serialize};
use upstream_aws::{WebKey, WebKind};

use crate::app::App;
use crate::list::{self, Entry as _};
use crate::person;
use crate::problem::Problem;

/// So many at once.
const MOST: usize = 3;

/// A slot that is taken. Whoever gives none back leaves it taken until its end.
pub(super) struct Slot {
    key: WebKey,
    turn: String,
}

#[derive(Serialize, Deserialize)]
struct Taken {
    turn: String,
    end: u64,
}

impl list::Entry for Taken {
    fn end(&self) -> Timestamp {
        Timestamp::from_seconds(self.end)
    }
}

impl Slot {
    /// Takes a slot for a turn that is over by `end`.
    ///
    /// # Errors
    /// 429 if all are taken, and whatever the table says.
    pub(super) async fn take(app: &App, whose: &Subject, turn: &str, end: Timestamp) -> Result<Self, Problem> {
        let slot = Self::of(whose, turn)?;
        let now = app.clock.now();
        let taken = list::change_or_begin(app, &slot.key, App::until(), |slots: &mut Vec<Taken>| {
            slots.retain(|slot| slot.lasts(now));
            let room = slots.len() < MOST;
            if room {
                slots.push(Taken { turn: turn.to_owned(), end: end.seconds() });
            }
            room
        });
        match taken.await {
            Ok(true) => Ok(slot),
            Ok(false) => Err(Problem::too_many_turns()),
            Err(problem) => {
                // It may have been written, with an answer that was lost.
                slot.give_back(app).await;
                Err(problem)
            }
        }
    }

    /// The slot of this turn, whether it is taken or not.
    pub(super) fn of(whose: &Subject, turn: &str) -> Result<Self, Problem> {
        let key = person::item_of(WebKind::Turns, "turns", whose.issuer(), whose.id())?;
        Ok(Self { key, turn: turn.to_owned() })
    }

    /// Gives it back. If the table does not answer it ends by itself.
    pub(super) async fn give_back(self, app: &App) {
        let given = list::change(app, &self.key, App::until(), |slots: &mut Vec<Taken>| {
            slots.retain(|slot| slot.turn != self.turn);
        });
        let _given = given.await;
    }
}
