//! What a place can be made to do, and what is right then.
//!
//! An outcome is a letter. Done `d`, declined `n`, expired `x`, unknown `?`; not done because of `a` access denied, `b` busy,
//! `i` internal, `r` reconnect, `s` sign-in, `u` unavailable, `v` input. A capital: refused at once, and nothing was begun.

use std::collections::BTreeMap;

use devstack::fault::Effect;
use serde_json::{Value, json};

use super::bends::bends;
use super::places::Place;
use super::{Cell, MARKER};

/// At the end of the name of a cell whose fault lasts.
pub(super) const FOR_GOOD: &str = ", for good";

/// Effects that end at once, and those that last as long as the invocation.
pub(super) const QUICK: [&str; 9] = ["500", "503", "429", "403", "401", "400", "acted, 500", "reset", "truncate"];
const HANGS: [&str; 2] = ["hang", "acted, hang"];
/// What a 429 asks for, in seconds; and what Okta's does, which says at what time its limit is reset.
const WAIT: u64 = 20;
const RESET: u64 = 100;

/// A place; for each quick effect the outcome if it is met once, and if for good; for each that hangs, the outcomes of once.
type Row = (&'static str, [[&'static str; 2]; 9], [&'static str; 2]);

#[rustfmt::skip]
const ROWS: [Row; 29] = [
    //                      500         503         429         403         401         400         acted, 500  reset       truncate      hang  acted, hang
    ("session, asking",    [["d", "U"], ["d", "U"], ["B", "B"], ["I", "I"], ["I", "I"], ["I", "I"], ["d", "U"], ["d", "U"], ["d", "U"]], ["B", "B"]),
    ("authorizer, asking", [["U", "U"], ["U", "U"], ["B", "B"], ["I", "I"], ["I", "I"], ["I", "I"], ["U", "U"], ["d", "U"], ["d", "U"]], ["U", "U"]),
    ("check, asking",      [["d", "U"], ["d", "U"], ["B", "B"], ["I", "I"], ["d", "I"], ["I", "I"], ["d", "U"], ["d", "U"], ["d", "U"]], ["U", "U"]),
    ("request",            [["d", "U"], ["d", "U"], ["d", "B"], ["I", "I"], ["I", "I"], ["I", "I"], ["d", "d"], ["d", "U"], ["d", "d"]], ["du", "du"]),
    ("message",            [["u", "u"], ["u", "u"], ["b", "b"], ["i", "i"], ["i", "i"], ["i", "i"], ["u", "u"], ["d", "u"], ["d", "u"]], ["u", "u"]),
    ("push",               [["u", "u"], ["u", "u"], ["b", "b"], ["i", "i"], ["i", "i"], ["i", "i"], ["u", "u"], ["u", "u"], ["u", "u"]], ["u", "u"]),
    ("pending",            [["d", "u"], ["d", "u"], ["d", "u"], ["u", "u"], ["u", "u"], ["u", "u"], ["d", "d"], ["d", "u"], ["d", "d"]], ["du", "du"]),
    ("record, asking",     [["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"]], ["d", "d"]),
    ("approval",           [["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"]], ["d", "d"]),
    ("turn",               [["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "d"], ["d", "x"], ["d", "d"]], ["d", "d"]),
    ("keys",               [["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"]], ["d", "d"]),
    // The answer that brings the approval is given once only: if it is lost, or cannot be written down, so is the approval.
    ("poll",               [["d", "x"], ["d", "x"], ["d", "x"], ["i", "i"], ["i", "i"], ["i", "i"], ["i", "x"], ["d", "x"], ["i", "x"]], ["d", "i"]),
    ("approved",           [["d", "x"], ["d", "x"], ["d", "x"], ["i", "x"], ["i", "x"], ["i", "x"], ["d", "d"], ["d", "x"], ["d", "d"]], ["d", "d"]),
    ("poll, waiting",      [["d", "x"], ["d", "x"], ["d", "x"], ["i", "i"], ["i", "i"], ["i", "i"], ["d", "x"], ["d", "x"], ["d", "x"]], ["d", "d"]),
    ("still pending",      [["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "x"], ["d", "d"], ["d", "x"], ["d", "d"]], ["d", "d"]),
    ("next message",       [["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"]], ["d", "d"]),
    ("session",            [["d", "u"], ["d", "u"], ["d", "u"], ["i", "i"], ["i", "i"], ["i", "i"], ["d", "u"], ["d", "u"], ["d", "u"]], ["d", "d"]),
    ("authorizer",         [["d", "u"], ["d", "u"], ["d", "b"], ["i", "i"], ["i", "i"], ["i", "i"], ["d", "u"], ["d", "u"], ["d", "u"]], ["d", "d"]),
    ("check",              [["d", "u"], ["d", "u"], ["d", "b"], ["i", "i"], ["d", "i"], ["i", "i"], ["d", "u"], ["d", "u"], ["d", "u"]], ["d", "d"]),
    ("lease",              [["d", "u"], ["d", "u"], ["d", "b"], ["i", "i"], ["i", "i"], ["i", "i"], ["d", "d"], ["d", "u"], ["d", "d"]], ["d", "d"]),
    ("exchange",           [["d", "u"], ["d", "u"], ["d", "b"], ["i", "i"], ["i", "i"], ["i", "i"], ["d", "u"], ["d", "u"], ["d", "u"]], ["d", "d"]),
    ("token",              [["d", "u"], ["d", "u"], ["d", "b"], ["i", "i"], ["i", "i"], ["i", "i"], ["d", "d"], ["d", "u"], ["d", "d"]], ["d", "d"]),
    ("user",               [["d", "u"], ["d", "u"], ["d", "b"], ["a", "a"], ["d", "s"], ["d", "u"], ["d", "u"], ["d", "u"], ["d", "u"]], ["d", "d"]),
    ("group",              [["d", "u"], ["d", "u"], ["d", "b"], ["a", "a"], ["s", "s"], ["d", "u"], ["d", "u"], ["d", "u"], ["d", "u"]], ["d", "d"]),
    ("spend",              [["d", "u"], ["d", "u"], ["d", "u"], ["d", "u"], ["d", "u"], ["d", "u"], ["d", "d"], ["d", "u"], ["d", "d"]], ["d", "d"]),
    // A 4xx of Okta's says that it was not done. Anything else may come after it was.
    ("member",             [["?", "?"], ["?", "?"], ["b", "b"], ["a", "a"], ["s", "s"], ["u", "u"], ["?", "?"], ["?", "?"], ["?", "?"]], ["?", "?"]),
    ("unlock",             [["?", "?"], ["?", "?"], ["b", "b"], ["a", "a"], ["s", "s"], ["u", "u"], ["?", "?"], ["?", "?"], ["?", "?"]], ["?", "?"]),
    ("outcome",            [["d", "?"], ["d", "?"], ["d", "?"], ["?", "?"], ["?", "?"], ["?", "?"], ["d", "d"], ["d", "?"], ["d", "d"]], ["d", "d"]),
    ("record",             [["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"], ["d", "d"]], ["d", "d"]),
];

pub(super) fn effect(name: &str, now: u64) -> Effect {
    let answer = |status: u16| {
        let body = json!({"error": MARKER, "message": MARKER, "__type": MARKER, "errorSummary": MARKER}).to_string();
        let headers = BTreeMap::from([
            ("content-type".to_owned(), "application/json".to_owned()),
            ("retry-after".to_owned(), WAIT.to_string()),
            ("x-rate-limit-reset".to_owned(), (now + RESET).to_string()),
        ]);
        Effect::Answer { status, headers, body }
    };
    match name {
        "acted, 500" => Effect::AnswerAfter { status: 500, body: MARKER.to_owned() },
        "reset" => Effect::Reset,
        "truncate" => Effect::Truncate { bytes: 1 },
        "hang" => Effect::Hang,
        "acted, hang" => Effect::HangAfter,
        status => answer(status.parse().unwrap()),
    }
}

/// All cells of a place, which are met from `now` on.
pub(super) fn at(place: &Place, now: u64) -> Vec<Cell> {
    let (_, quick, hangs) = ROWS.iter().find(|(name, ..)| *name == place.name).unwrap();
    let mut cells = Vec::new();
    for (name, right) in QUICK.iter().zip(quick) {
        cells.extend(once_and_for_good(name, &effect(name, now), *right));
    }
    for (pointer, value, right) in bends(place.name) {
        let effect = Effect::Patch(BTreeMap::from([(pointer.to_owned(), value.clone())]));
        cells.extend(once_and_for_good(&format!("{pointer} = {value}"), &effect, right));
    }
    for (name, right) in HANGS.iter().zip(hangs) {
        cells.push(Cell { name: (*name).to_owned(), effect: effect(name, now), times: Some(1), right });
    }
    cells
}

fn once_and_for_good(name: &str, effect: &Effect, [once, good]: [&'static str; 2]) -> [Cell; 2] {
    let cell = |name: String, times, right| Cell { name, effect: effect.clone(), times, right };
    [cell(name.to_owned(), Some(1), once), cell(format!("{name}{FOR_GOOD}"), None, good)]
}

/// A pointer into an answer, the value that is put there, and the outcomes once and for good.
pub(super) type Bend = (&'static str, Value, [&'static str; 2]);
