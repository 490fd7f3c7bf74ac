//! Two faults of one call, drawn by a seed: never the wrong list, and never anything but a public code.

use std::collections::BTreeMap;

use acceptance::{Ledger, Line, Seeded, World, body_of};
use devstack::fault::{Effect, Fault, Spoil};
use serde_json::Value;

use super::places::{PLACES, Place};
use super::{MARKER, effects, misshapen};

const PAIRS: usize = 1_300;
const SEED: u64 = 20_261_127;
/// The first, what it repeats, and the way back to a step before, for each of two faults.
const MOST: u64 = 6;
const CODES: [&str; 8] =
    ["ok", "auth_required", "reconnect_required", "access_denied", "busy", "unavailable", "invalid_input", "internal"];
const QUICK: [&str; 14] = [
    "500",
    "503",
    "429",
    "401",
    "403",
    "404",
    "html",
    "text",
    "204",
    "acted, 500",
    "reset",
    "truncate",
    "redirect",
    "flood",
];
const SPOILS: [Spoil; 10] = [
    Spoil::ByteOrderMark,
    Spoil::Utf16,
    Spoil::Nul,
    Spoil::Half,
    Spoil::Twofold,
    Spoil::NullFirst,
    Spoil::Wrapped,
    Spoil::Html,
    Spoil::Deep,
    Spoil::GzipBomb,
];

/// One of two faults.
struct Drawn {
    place: &'static Place,
    name: String,
    fault: Fault,
}

fn draw(seeded: &mut Seeded, elsewhere: &str) -> Drawn {
    let place = seeded.of(&PLACES);
    let (name, effect) = match seeded.below(4) {
        0 => {
            let how = *seeded.of(&SPOILS);
            (format!("{how:?}"), Effect::Spoil(how))
        }
        1 if !place.members.is_empty() => {
            let (pointer, _) = *seeded.of(place.members);
            (format!("without {pointer}"), Effect::Remove(vec![pointer.to_owned()]))
        }
        2 if !(place.bends)().is_empty() => {
            let (pointer, value, _) = seeded.of(&(place.bends)()).clone();
            (format!("{pointer} = {value}"), Effect::Patch(BTreeMap::from([(pointer.to_owned(), value)])))
        }
        _ => {
            let name = *seeded.of(&QUICK);
            (name.to_owned(), effects::effect(name, elsewhere))
        }
    };
    let times = *seeded.of(&[Some(1), Some(2), None]);
    let (on, skip) = (place.on.to_owned(), place.skip);
    Drawn { place, name, fault: Fault { on, times, skip, effect } }
}

#[tokio::test]
#[ignore = "1,300 pairs: make rounds"]
async fn two_faults_of_a_call_never_make_a_wrong_list() {
    let world = World::start().await;
    world.laptop.stack.okta.set_page_size(2);
    let elsewhere = world.laptop.stack.bedrock.double.url();
    let groups = world.okta_groups().await;
    let alice = world.chatting("alice").await;
    let (right, _) = groups.handle(&world.call(&alice).0).await;
    let right = body_of(&right)["groups"].clone();
    assert!(right.as_array().is_some_and(|groups| groups.len() == 3), "{right}");
    let target = world.laptop.stack.bedrock.double.connections();
    let (mut seeded, mut ledger, mut wrong, mut good) = (Seeded(SEED), Ledger::default(), Vec::new(), 0);
    for number in 0..PAIRS {
        let pair = [draw(&mut seeded, &elsewhere), draw(&mut seeded, &elsewhere)];
        let alice = world.chatting("alice").await;
        let event = world.call(&alice);
        for Drawn { place, fault, .. } in &pair {
            (place.prepare)(&world);
            (place.fault)(&world, fault.clone());
        }
        let (answer, outcome) = groups.handle(&event.0).await;
        world.mend();
        let body = body_of(&answer);
        let problem = problem(&world, &pair, &body, &right);
        let told = answer.to_string().contains(MARKER);
        let [first, second] = &pair;
        let names = |of: fn(&Drawn) -> &str| format!("{} + {}", of(first), of(second));
        let fault = names(|drawn| &drawn.name);
        let place = names(|drawn| drawn.place.name);
        if let Some(problem) = problem.or_else(|| told.then(|| "it repeats an upstream's body".to_owned())) {
            wrong.push(format!("{number}: {place} / {fault}: {problem}: {body}"));
        }
        drop(outcome);
        let code = body["error"].as_str().unwrap_or("ok").to_owned();
        good += usize::from(code == "ok");
        let requests = pair.iter().map(|drawn| (drawn.place.asked)(&world)).max().unwrap_or(0);
        let (id, upstream, acts) = ("F18", "two", world.laptop.stack.okta.acts().len());
        ledger.note(Line { id, upstream, place, when: "before", fault, code, requests, acts });
        world.forget();
    }
    println!("faults: {PAIRS} pairs of seed {SEED}, {good} of them a whole list");
    ledger.write("list_groups-pairs");
    assert_eq!(wrong, Vec::<String>::new());
    assert!(world.laptop.stack.okta.acts().is_empty(), "nothing is changed at Okta");
    assert_eq!(world.laptop.stack.bedrock.double.connections(), target, "nobody follows a redirect");
    assert!(!world.logs().iter().any(|line| line.contains(MARKER)), "a log line repeats an upstream's body");
}

fn problem(world: &World, pair: &[Drawn; 2], body: &Value, right: &Value) -> Option<String> {
    let code = body["error"].as_str().unwrap_or("ok");
    if !CODES.contains(&code) {
        return Some("no public code".to_owned());
    }
    if code == "ok" && body["groups"] != *right {
        return Some("the wrong list".to_owned());
    }
    let asked = pair.iter().map(|drawn| (drawn.place.asked)(world)).max().unwrap_or(0);
    if asked > MOST {
        return Some(format!("asked {asked} times"));
    }
    misshapen(body)
}
