//! Every fault of the admin endpoints on every upstream: the right public code, before the deadline, and nothing done.

mod certificate;
mod clocks;
mod connections;
mod effects;
mod front;
mod keys;
mod pairs;
mod places;
mod wide;

use std::time::Duration;

use acceptance::{Ledger, Line, World, body_of};
use devstack::fault::{Effect, Fault};
use serde_json::Value;
use tokio::task::{JoinSet, LocalSet};

use self::places::{PLACES, Place};

/// For faults that never end: a call must be answered half a second before this. The host kills the process after it,
/// which fails the test.
const TOOL_LIMIT: Duration = Duration::from_secs(4);
const AUTHORIZER_LIMIT: Duration = Duration::from_secs(3);
/// In every body that a fault makes up.
const MARKER: &str = "marker-of-an-upstream-body";

/// One fault at one place, and the public codes that are right for it; `ok` is a success.
struct Cell {
    /// Of the matrix: F01 to F20.
    id: &'static str,
    effect: Effect,
    /// What is met after that, for good.
    then: Option<Effect>,
    /// How many requests meet the first; absent: all.
    times: Option<u32>,
    name: String,
    right: &'static [&'static str],
}

impl Cell {
    /// Whether only the deadline ends the call.
    fn is_endless(&self) -> bool {
        matches!(
            self.effect,
            Effect::Delay { .. } | Effect::Drip { .. } | Effect::Hang | Effect::HangAfter | Effect::Stall
        )
    }
}

#[tokio::test]
async fn every_fault_at_every_upstream_ends_in_the_right_code_in_time_and_does_nothing() {
    println!("faults: {} cells", walk_all("list_groups", effects::at).await);
}

#[tokio::test]
#[ignore = "the whole matrix: make rounds"]
async fn every_fault_of_the_matrix_ends_in_the_right_code_in_time_and_does_nothing() {
    println!("faults: {} cells", walk_all("list_groups-matrix", wide::at).await);
}

/// The cells of every place, which a place and the address of another host yield.
type Cells = fn(&Place, &str) -> Vec<Cell>;

/// How many there are.
async fn walk_all(name: &str, cells_of: Cells) -> usize {
    let mut places = JoinSet::new();
    let local = LocalSet::new();
    for place in &PLACES {
        for part in (0..SHARES).map(Part::Endless).chain([Part::Ending]) {
            places.spawn_local_on(Box::pin(walk(place, part, cells_of)), &local);
        }
    }
    let results = local.run_until(async {
        let mut results = Vec::new();
        while let Some(result) = places.join_next().await {
            results.push(result);
        }
        results
    });
    let (mut cells, mut ledger, mut wrong) = (0, Ledger::default(), Vec::new());
    for result in results.await {
        let (walked, lines, problems) = result.expect("a place is walked to its end");
        cells += walked;
        ledger.take(lines);
        wrong.extend(problems);
    }
    ledger.write(name);
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    cells
}

/// Worlds that share the endless cells of a place: seconds are waited for each of those, and little is done.
const SHARES: usize = 4;

/// Which cells of a place.
#[derive(Clone, Copy)]
enum Part {
    Ending,
    Endless(usize),
}

/// A part of the cells of one place, in a world of its own.
async fn walk(place: &'static Place, part: Part, cells_of: Cells) -> (usize, Ledger, Vec<String>) {
    let world = World::start().await;
    world.laptop.stack.okta.set_page_size(2);
    let cells = cells_of(place, &world.laptop.stack.bedrock.double.url());
    let (endless, ending): (Vec<Cell>, Vec<Cell>) = cells.into_iter().partition(Cell::is_endless);
    let cells: Vec<Cell> = match part {
        Part::Ending => ending,
        Part::Endless(share) => {
            world.limit("fga-authorizer", AUTHORIZER_LIMIT).await;
            world.limit("okta-groups", TOOL_LIMIT).await;
            let numbered = endless.into_iter().enumerate().filter(|(number, _)| number % SHARES == share);
            numbered.map(|(_, cell)| cell).collect()
        }
    };
    let (mut ledger, mut wrong) = (Ledger::default(), Vec::new());
    for cell in &cells {
        wrong.extend(meet(&world, place, cell, &mut ledger).await);
    }
    if world.logs().iter().any(|line| line.contains(MARKER)) {
        wrong.push(format!("{}: a log line repeats an upstream's body", place.name));
    }
    (cells.len(), ledger, wrong)
}

/// One call by a fresh session that meets the fault; what was wrong with its answer or with what was asked. A call whose
/// short time was over before it came to the place says nothing about the place, so it is made again.
async fn meet(world: &World, place: &Place, cell: &Cell, ledger: &mut Ledger) -> Vec<String> {
    for _ in 0..3 {
        if let Some(wrong) = attempt(world, place, cell, ledger).await {
            return wrong;
        }
    }
    vec![format!("{} / {}: the call does not come to the place", place.name, cell.name)]
}

async fn attempt(world: &World, place: &Place, cell: &Cell, ledger: &mut Ledger) -> Option<Vec<String>> {
    let alice = world.chatting("alice").await;
    let event = world.call(&alice);
    (place.prepare)(world);
    let target = world.laptop.stack.bedrock.double.connections();
    let fault = |effect: &Effect, times, skip| Fault { on: place.on.to_owned(), times, skip, effect: effect.clone() };
    (place.fault)(world, fault(&cell.effect, cell.times, place.skip));
    if let Some(then) = &cell.then {
        (place.fault)(world, fault(then, None, 0));
    }
    let answer = world.invoke("okta-groups", &event.0).await;
    world.mend();
    let body = body_of(&answer);
    let code = body["error"].as_str().unwrap_or("ok");
    let mut wrong = Vec::new();
    let mut complain = |what: String| wrong.push(format!("{} / {}: {what}", place.name, cell.name));
    if !cell.right.contains(&code) {
        complain(format!("`{code}` instead of {:?}", cell.right));
    }
    if let Some(problem) = misshapen(&body) {
        complain(problem);
    }
    if answer.to_string().contains(MARKER) {
        complain("the answer repeats the upstream's body".to_owned());
    }
    let asked = (place.asked)(world);
    if asked <= u64::from(place.skip) && wrong.is_empty() {
        world.forget();
        return None;
    }
    let mut complain = |what: String| wrong.push(format!("{} / {}: {what}", place.name, cell.name));
    // After a fault that passes, the call goes on, and may come to a request of the same line.
    let most = place.most + u64::from(cell.times.is_some());
    if asked > most {
        complain(format!("asked {asked} times, at most {most} are right"));
    }
    let beyond = (place.beyond)(&world.counts());
    // Where a success is right too, the call may have gone on and run out of time later.
    if code != "ok" && beyond > 0 && !cell.right.contains(&"ok") {
        complain(format!("{beyond} requests beyond the step that failed"));
    }
    let acts = world.laptop.stack.okta.acts().len();
    if acts > 0 {
        complain("something was changed at Okta".to_owned());
    }
    if world.laptop.stack.bedrock.double.connections() != target {
        complain("the target of a redirect was connected to".to_owned());
    }
    let (id, upstream, when) = (cell.id, place.upstream(), place.when());
    let (place, fault, code) = (place.name.to_owned(), cell.name.clone(), code.to_owned());
    ledger.note(Line { id, upstream, place, when, fault, code, requests: asked, acts });
    world.forget();
    Some(wrong)
}

/// An answer is the whole list or a refusal with its sentence and reference, and never something in between.
fn misshapen(body: &Value) -> Option<String> {
    let whole = body["count"] == 3 && body["truncated"] == false && body.get("error").is_none();
    let words = |name: &str| body[name].as_str().is_some_and(|text| !text.is_empty());
    let refused = words("error") && words("message") && words("reference") && body.get("groups").is_none();
    let seconds = body["retry_after_seconds"].as_u64();
    let waits = (body["error"] == "busy") == seconds.is_some() && seconds.is_none_or(|wait| (1..=120).contains(&wait));
    let good = if body.get("error").is_none() { whole } else { refused && waits };
    (!good).then(|| format!("the answer is neither a list nor a refusal: {body}"))
}
