//! The rest of the matrix, which `make rounds` walks: forms of a fault that the usual run has one of.

use std::collections::BTreeMap;

use devstack::fault::{Effect, Spoil};
use serde_json::json;

use super::effects::{B, COLUMNS, D, I, K, KU, Row, U, effect};
use super::places::Place;
use super::{Cell, MARKER};

/// The first fault, what is met after it, and the codes that are right.
type TwoInARow = (&'static str, Option<&'static str>, [&'static [&'static str]; 10]);

/// No answer in time: a byte a second is slower than any limit.
const A_SECOND: u64 = 1_000;

#[rustfmt::skip]
const ROWS: [Row; 25] = [
    //                      session  author.  check  token  lease  exch.  store  groups page 2 record
    ("retry-after 1",      [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("retry-after 120",    [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("retry-after a date", [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("retry-after -1",     [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("retry-after abc",    [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("retry-after 10^12",  [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("reset in 2100",      [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("reset in 1970",      [B,       B,       B,     B,     B,     B,     B,     B,     B,     K]),
    ("301",                [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("307",                [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("308 to metadata",    [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("302 to itself",      [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("byte order mark",    [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("utf-16",             [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("nul",                [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("half",               [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("twofold",            [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    // Between two members of one name, the parser of the AWS SDKs takes the last.
    ("null first",         [K,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("wrapped",            [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("named html",         [K,       K,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("deep",               [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("padded",             [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("gzip bomb",          [U,       U,       U,     U,     K,     U,     K,     U,     U,     K]),
    ("endless chunks",     [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("a byte a second",    [U,       U,       U,     U,     KU,    U,     KU,    U,     U,     K]),
];

/// The first fault met once, what is met after it, and the codes. Reads and an exchange are
/// repeated once; a conditional write is not, and the function that checks only if it was not reached.
#[rustfmt::skip]
const IN_A_ROW: [TwoInARow; 6] = [
    //                     session  author.  check  token  lease  exch.  store  groups page 2 record
    ("500",   None,        [K,       U,       K,     K,     U,     K,     U,     K,     K,     K]),
    ("reset", None,        [K,       K,       K,     K,     U,     K,     U,     K,     K,     K]),
    ("500",   Some("429"), [B,       U,       B,     B,     U,     B,     U,     B,     B,     K]),
    ("reset", Some("500"), [U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
    ("reset", Some("403"), [I,       I,       I,     I,     U,     U,     U,     D,     D,     K]),
    ("500",   Some("text"),[U,       U,       U,     U,     U,     U,     U,     U,     U,     K]),
];

/// An effect by its name.
pub(super) fn of(name: &str, elsewhere: &str) -> Effect {
    let answer = |status: u16, header: &str, value: &str| {
        let body = json!({"error": MARKER, "message": MARKER, "code": MARKER, "errorSummary": MARKER}).to_string();
        Effect::Answer { status, headers: BTreeMap::from([(header.to_owned(), value.to_owned())]), body }
    };
    let wait = |value: &str| answer(429, "retry-after", value);
    match name {
        "retry-after 1" => wait("1"),
        "retry-after 120" => wait("120"),
        "retry-after a date" => wait("Fri, 31 Dec 2100 23:59:59 GMT"),
        "retry-after -1" => wait("-1"),
        "retry-after abc" => wait("abc"),
        "retry-after 10^12" => wait("1000000000000"),
        "reset in 2100" => answer(429, "x-rate-limit-reset", "4133980799"),
        "reset in 1970" => answer(429, "x-rate-limit-reset", "1"),
        "301" => answer(301, "location", &format!("{elsewhere}/stolen")),
        "307" => answer(307, "location", &format!("{elsewhere}/stolen")),
        "308 to metadata" => answer(308, "location", "http://169.254.169.254/latest/meta-data/"),
        "302 to itself" => answer(302, "location", "/"),
        "byte order mark" => Effect::Spoil(Spoil::ByteOrderMark),
        "utf-16" => Effect::Spoil(Spoil::Utf16),
        "nul" => Effect::Spoil(Spoil::Nul),
        "half" => Effect::Spoil(Spoil::Half),
        "twofold" => Effect::Spoil(Spoil::Twofold),
        "null first" => Effect::Spoil(Spoil::NullFirst),
        "wrapped" => Effect::Spoil(Spoil::Wrapped),
        "named html" => Effect::Spoil(Spoil::Html),
        "deep" => Effect::Spoil(Spoil::Deep),
        "padded" => Effect::Spoil(Spoil::Padded),
        "gzip bomb" => Effect::Spoil(Spoil::GzipBomb),
        "endless chunks" => Effect::Flood { bytes: u64::MAX },
        "a byte a second" => Effect::Drip { ms: A_SECOND },
        other => effect(other, elsewhere),
    }
}

/// All further cells of a place.
pub(super) fn at(place: &Place, elsewhere: &str) -> Vec<Cell> {
    let column = COLUMNS.iter().position(|name| *name == place.name).expect("the place has a column");
    let row = |(name, right): &Row| Cell::of((*name).to_owned(), of(name, elsewhere), right[column]);
    let pair = |(first, then, right): &TwoInARow| Cell {
        id: "F18",
        times: Some(1),
        then: then.map(|name| of(name, elsewhere)),
        ..Cell::of(format!("{first}, then {}", then.unwrap_or("well")), of(first, elsewhere), right[column])
    };
    ROWS.iter().map(row).chain(IN_A_ROW.iter().map(pair)).collect()
}
