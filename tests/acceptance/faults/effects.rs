//! What a place can be made to do, and what is right then.

use std::collections::BTreeMap;

use acceptance::fault_id;
use devstack::fault::Effect;

use super::places::{Bend, Place};
use super::{Cell, MARKER};

/// Longer than any call may take.
const TOO_LONG_MS: u64 = 60_000;
/// Larger than any answer that is read from an HTTP service.
const FLOOD: u64 = 8 * 1024 * 1024;

/// The codes that are right for one effect, in the order of [`COLUMNS`].
pub(super) type Row = (&'static str, [&'static [&'static str]; 10]);

pub(super) const COLUMNS: [&str; 10] = [
    "session read",
    "authorizer",
    "check",
    "authorizer's token",
    "lease",
    "exchange",
    "store",
    "groups",
    "second page",
    "record",
];

pub(super) const A: &[&str] = &["auth_required"];
pub(super) const B: &[&str] = &["busy"];
pub(super) const D: &[&str] = &["access_denied"];
pub(super) const I: &[&str] = &["internal"];
pub(super) const K: &[&str] = &["ok"];
pub(super) const U: &[&str] = &["unavailable"];
pub(super) const V: &[&str] = &["invalid_input"];
/// A write that was applied is recognized when the row is read back, if there is time for that.
pub(super) const KU: &[&str] = &["ok", "unavailable"];

#[rustfmt::skip]
const ROWS: [Row; 18] = [
    //                session  author.  check  token  lease  exch.  store  groups page 2 record
    ("500",          [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("503",          [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("429",          [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("401",          [I,       I,       I,     I,     I,     U,     I,     A,     A,     K]),
    ("403",          [I,       I,       I,     I,     I,     U,     I,     D,     D,     K]),
    ("404",          [I,       I,       I,     U,     I,     U,     I,     V,     V,     K]),
    ("html",         [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("text",         [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    // DynamoDB answers 200 or an error. Another success without a body is an item that is not there, or a write.
    ("204",          [A,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("acted, 500",   [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("delay",        [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("hang",         [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("acted, hang",  [U,       U,       U,     U,     KU,    U,     KU,    U,     U,     K]),
    ("stall",        [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("reset",        [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("truncate",     [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("redirect",     [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("flood",        [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
];

pub(super) fn effect(name: &str, elsewhere: &str) -> Effect {
    let answer = |status, kind: &str| Effect::Answer {
        status,
        headers: BTreeMap::from([("content-type".to_owned(), kind.to_owned())]),
        body: format!("<html>{MARKER}</html>"),
    };
    match name {
        "500" => answer(500, "application/json"),
        "503" => answer(503, "application/json"),
        "429" => answer(429, "application/json"),
        "401" => answer(401, "application/json"),
        "403" => answer(403, "application/json"),
        "404" => answer(404, "application/json"),
        "html" => answer(200, "text/html"),
        "text" => answer(200, "application/json"),
        "204" => Effect::Answer { status: 204, headers: BTreeMap::new(), body: String::new() },
        "acted, 500" => Effect::AnswerAfter { status: 500, body: MARKER.to_owned() },
        "delay" => Effect::Delay { ms: TOO_LONG_MS },
        "hang" => Effect::Hang,
        "acted, hang" => Effect::HangAfter,
        "stall" => Effect::Stall,
        "reset" => Effect::Reset,
        "truncate" => Effect::Truncate { bytes: 1 },
        "redirect" => Effect::Redirect { to: format!("{elsewhere}/stolen") },
        "flood" => Effect::Flood { bytes: FLOOD },
        other => panic!("no effect is called `{other}`"),
    }
}

/// All cells of a place.
pub(super) fn at(place: &Place, elsewhere: &str) -> Vec<Cell> {
    let column = COLUMNS.iter().position(|name| *name == place.name).expect("the place has a column");
    let row = |(name, right): &Row| Cell::of((*name).to_owned(), effect(name, elsewhere), right[column]);
    let bend = |(pointer, value, right): Bend| {
        let name = format!("{pointer} = {value}");
        Cell::of(name, Effect::Patch(BTreeMap::from([(pointer.to_owned(), value)])), right)
    };
    let without = |(pointer, right): &(&str, &'static [&'static str])| {
        Cell::of(format!("without {pointer}"), Effect::Remove(vec![(*pointer).to_owned()]), right)
    };
    let rows = ROWS.iter().map(row);
    rows.chain((place.bends)().into_iter().map(bend)).chain(place.members.iter().map(without)).collect()
}

impl Cell {
    /// An effect that is met by every request.
    pub(super) fn of(name: String, effect: Effect, right: &'static [&'static str]) -> Self {
        Self { id: fault_id(&effect), effect, then: None, times: None, name, right }
    }
}
