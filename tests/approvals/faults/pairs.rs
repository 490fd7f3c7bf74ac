//! Two faults on the way of one approval, drawn by a seed: whatever they are, what the table and the agent are told is true,
//! nothing is done without a spent approval, and nothing twice.

use acceptance::{Approvals, Ledger, Line, Seeded};

use super::places::{PLACES, Place, Tool};
use super::truth::words;
use super::way::{Walked, Way};
use super::{Cell, MARKER, effects};

const PAIRS: usize = 700;
/// Of which each half is a test of its own, with a world of its own.
const SEEDS: [u64; 2] = [20_261_128, 20_261_129];
/// Every outcome that there is: which one is right depends on both faults.
const ANY: &str = "dnx?srabuivSRABUIV";

/// Only where the tool's way leads.
fn draw(seeded: &mut Seeded, tool: Tool, now: u64) -> (&'static Place, Cell) {
    let of_tool: Vec<&Place> =
        PLACES.iter().filter(|place| place.tool == tool || place.name != "member" && place.name != "unlock").collect();
    let place = *seeded.of(&of_tool);
    let mut cells: Vec<Cell> = effects::at(place, now).into_iter().filter(|cell| !cell.hangs()).collect();
    let cell = cells.swap_remove(seeded.below(cells.len()));
    (place, Cell { right: ANY, ..cell })
}

async fn walk(half: usize) {
    let mut approvals = Approvals::start().await;
    let (mut seeded, mut ledger, mut wrong, mut done) = (Seeded(SEEDS[half]), Ledger::default(), Vec::new(), 0);
    for number in 0..PAIRS / SEEDS.len() {
        let now = approvals.world.laptop.clock.now().seconds();
        let (first, of_first) = draw(&mut seeded, Tool::AddToGroup, now);
        let (second, of_second) = draw(&mut seeded, Tool::AddToGroup, now);
        if first.needs_a_new_worker || second.needs_a_new_worker {
            approvals.worker = approvals.another_worker().await;
        }
        let way = Way::begin(&approvals, first).await;
        let both = [(first, &of_first), (second, &of_second)];
        let Walked { letter, requests, acts, wrong: problems } = Box::pin(way.go_past_both(both)).await;
        let (place, fault) =
            (format!("{} + {}", first.name, second.name), format!("{} + {}", of_first.name, of_second.name));
        wrong.extend(problems.into_iter().map(|what| format!("{number}: {place} / {fault}: {what}")));
        done += acts;
        let (id, upstream, when, code) = ("F18", "two", first.of_the_act(), words(letter).to_owned());
        ledger.note(Line { id, upstream, place, when, fault, code, requests, acts });
    }
    println!("faults of approvals: {} pairs of seed {}, {done} acts", PAIRS / SEEDS.len(), SEEDS[half]);
    ledger.write(&format!("approvals-pairs-{half}"));
    let told = approvals.logged().iter().chain(&approvals.world.logs()).filter(|line| line.contains(MARKER)).count();
    assert_eq!((wrong, told), (Vec::<String>::new(), 0), "what is wrong, and log lines that repeat an upstream's body");
}

#[tokio::test]
#[ignore = "350 pairs: make rounds"]
async fn two_faults_of_an_approval_lead_to_a_truthful_outcome() {
    Box::pin(walk(0)).await;
}

#[tokio::test]
#[ignore = "350 pairs: make rounds"]
async fn two_other_faults_of_an_approval_lead_to_a_truthful_outcome() {
    Box::pin(walk(1)).await;
}
