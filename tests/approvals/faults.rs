//! A fault on any upstream leads to a stored, truthful outcome.
//!
//! A cell is one fault at one place of the way: somebody asks, says yes on their phone, and the worker is given what the
//! queue hands out until it is empty. A fault is met once, or for as long as the request lives.

mod bends;
mod clocks;
mod effects;
mod multiplied;
mod pairs;
mod places;
mod swapped;
mod telling;
mod truth;
mod way;

use acceptance::{Approvals, Ledger, Line, fault_id};
use devstack::fault::Effect;
use futures_util::FutureExt as _;

use self::places::{PLACES, Place};
use self::truth::words;
use self::way::{Walked, Way};

/// In every body that a fault makes up.
const MARKER: &str = "marker-of-an-upstream-body";
/// The whole table takes a minute. In the usual run, every place meets each of these once, the third of them for good, and
/// some places the first for good, where it is tried again until the request's time is over.
const USUAL: [&str; 5] = ["500", "429", "403", "acted, 500", "reset"];
const TRIED_AGAIN: [&str; 4] = ["poll", "user", "spend", "outcome"];

/// One fault at one place.
struct Cell {
    name: String,
    effect: Effect,
    /// How often it is met; absent: until the request's time is over.
    times: Option<u32>,
    /// The letters of the outcomes that are right: see [`effects`].
    right: &'static str,
}

impl Cell {
    /// Whether only the end of the invocation ends it.
    fn hangs(&self) -> bool {
        matches!(self.effect, Effect::Hang | Effect::HangAfter)
    }

    fn is_usual(&self, place: &Place) -> bool {
        let name = self.name.trim_end_matches(effects::FOR_GOOD);
        let lasts = name == USUAL[2] || name == USUAL[0] && TRIED_AGAIN.contains(&place.name);
        USUAL.contains(&name) && (self.times.is_some() || lasts)
    }
}

/// A part of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// Until the agent has its answer.
    Asking,
    /// Until the person's yes is read.
    Waiting,
    /// Until everything is checked again and there is a token.
    Checking,
    /// Until the outcome is written down.
    Acting,
}

#[tokio::test]
async fn a_fault_while_it_is_asked_for_leads_to_a_truthful_outcome() {
    Box::pin(walk(Part::Asking, Cell::is_usual, None)).await;
}

#[tokio::test]
async fn a_fault_while_it_is_waited_for_leads_to_a_truthful_outcome() {
    Box::pin(walk(Part::Waiting, Cell::is_usual, None)).await;
}

#[tokio::test]
async fn a_fault_while_it_is_checked_again_leads_to_a_truthful_outcome() {
    Box::pin(walk(Part::Checking, Cell::is_usual, None)).await;
}

#[tokio::test]
async fn a_fault_while_it_is_done_leads_to_a_truthful_outcome() {
    Box::pin(walk(Part::Acting, Cell::is_usual, None)).await;
}

#[tokio::test]
#[ignore = "the whole table: make rounds"]
async fn every_fault_while_it_is_asked_for_leads_to_a_truthful_outcome() {
    Box::pin(walk_all(Part::Asking)).await;
}

#[tokio::test]
#[ignore = "the whole table: make rounds"]
async fn every_fault_while_it_is_waited_for_leads_to_a_truthful_outcome() {
    Box::pin(walk_all(Part::Waiting)).await;
}

#[tokio::test]
#[ignore = "the whole table: make rounds"]
async fn every_fault_while_it_is_checked_again_leads_to_a_truthful_outcome() {
    Box::pin(walk_all(Part::Checking)).await;
}

#[tokio::test]
#[ignore = "the whole table: make rounds"]
async fn every_fault_while_it_is_done_leads_to_a_truthful_outcome() {
    Box::pin(walk_all(Part::Acting)).await;
}

/// Cells that hang wait most of the time, so they get a world beside the others'.
async fn walk_all(part: Part) {
    let hanging = Box::pin(walk(part, |cell, _| cell.hangs(), Some("hanging")));
    tokio::join!(Box::pin(walk(part, |cell, _| !cell.hangs(), Some("quick"))), hanging);
}

/// These cells of one part, in one world. A table is written if it has a name.
async fn walk(part: Part, which: impl Fn(&Cell, &Place) -> bool, table: Option<&str>) {
    let mut approvals = Approvals::start().await;
    let (mut cells, mut ledger, mut wrong) = (0, Ledger::default(), Vec::new());
    for place in PLACES.iter().filter(|place| place.part == part) {
        let now = approvals.world.laptop.clock.now().seconds();
        for cell in effects::at(place, now).iter().filter(|cell| which(cell, place)) {
            cells += 1;
            wrong.extend(meet(&mut approvals, place, cell, &mut ledger).await);
        }
    }
    let logged = approvals.logged();
    assert!(logged.len() > cells, "every call and every delivery has its line");
    let told = logged.iter().chain(&approvals.world.logs()).filter(|line| line.contains(MARKER)).count();
    println!("faults of approvals: {cells} cells, {part:?}");
    if let Some(table) = table {
        ledger.write(&format!("approvals-{part:?}-{table}"));
    }
    assert_eq!((wrong, told), (Vec::<String>::new(), 0), "what is wrong, and log lines that repeat an upstream's body");
}

/// One cell; what is wrong with it. If a short time was over before the place was met, that says nothing about the place.
async fn meet(approvals: &mut Approvals, place: &Place, cell: &Cell, ledger: &mut Ledger) -> Vec<String> {
    for _ in 0..3 {
        if place.needs_a_new_worker {
            approvals.worker = approvals.another_worker().boxed_local().await;
        }
        let way = Way::begin(approvals, place).boxed_local().await;
        if let Some(Walked { letter, requests, acts, wrong }) = way.go(cell).boxed_local().await {
            let (id, upstream, when) = (fault_id(&cell.effect), place.upstream(), place.of_the_act());
            let (fault, code) = (cell.name.clone(), words(letter).to_owned());
            ledger.note(Line { id, upstream, place: place.name.to_owned(), when, fault, code, requests, acts });
            return wrong.into_iter().map(|what| format!("{} / {}: {what}", place.name, cell.name)).collect();
        }
    }
    vec![format!("{} / {}: the way does not come to the place", place.name, cell.name)]
}
