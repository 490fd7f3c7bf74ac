//! A clock that is wrong, or steps while a call is made (F13).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use acceptance::{Ledger, Line, World, body_of};
use auth::time::{Clock, Timestamp};
use devstack::fault::Effect;

use super::misshapen;

const DAY: u64 = 86_400;
/// More reads of the clock than one call makes.
const READS: u64 = 12;

/// What a clock says at its so-manieth reading, the first being 0.
type Says = fn(Timestamp, u64, u64) -> Timestamp;

/// The name, what the clock says, and the codes that are right. Tickets and sessions are begun by the right clock; a ticket is
/// good for 300 s, from 60 s before it was signed.
const SKEWS: [(&str, Says, &[&str]); 7] = [
    ("right", |now, _, _| now, &["ok"]),
    ("61 s ahead", |now, _, _| now.plus(61), &["ok"]),
    ("61 s behind", |now, _, _| now.minus(61), &["ok", "auth_required"]),
    ("a day ahead", |now, _, _| now.plus(DAY), &["auth_required"]),
    ("a day behind", |now, _, _| now.minus(DAY), &["auth_required"]),
    ("at 1970", |_, _, _| Timestamp::from_seconds(0), &["auth_required"]),
    ("at the end of time", |_, _, _| Timestamp::from_seconds(u64::MAX), &["auth_required"]),
];
const STEPS: [(&str, Says); 3] = [
    ("a day ahead", |now, read, at| if read < at { now } else { now.plus(DAY) }),
    ("a day behind", |now, read, at| if read < at { now } else { now.minus(DAY) }),
    ("to the end of time", |now, read, at| if read < at { now } else { Timestamp::from_seconds(u64::MAX) }),
];

/// One call by a clock of its own; the code, and what is wrong with it.
async fn call(world: &World, says: Says, at: u64, right: &[&str]) -> (String, Vec<String>) {
    let (system, reads) = (function::clock::system(), Arc::new(AtomicU64::new(0)));
    let read = Arc::clone(&reads);
    let clock = Clock::new(move || says(system.now(), read.fetch_add(1, Ordering::SeqCst), at));
    let groups = world.okta_groups_by(clock).await;
    reads.store(0, Ordering::SeqCst);
    let alice = world.chatting("alice").await;
    let (answer, _) = groups.handle(&world.call(&alice).0).await;
    let body = body_of(&answer);
    let code = body["error"].as_str().unwrap_or("ok").to_owned();
    let mut wrong: Vec<String> = misshapen(&body).into_iter().collect();
    if !right.contains(&code.as_str()) {
        wrong.push(format!("`{code}` instead of {right:?}: {body}"));
    }
    (code, wrong)
}

#[tokio::test]
async fn a_clock_that_is_wrong_or_steps_lets_nobody_in_and_breaks_nothing() {
    let world = World::start().await;
    let (mut ledger, mut problems) = (Ledger::default(), Vec::new());
    let mut note = |fault: String, (code, wrong): (String, Vec<String>)| {
        problems.extend(wrong.into_iter().map(|what| format!("{fault}: {what}")));
        let (place, acts) = ("list_groups".to_owned(), world.laptop.stack.okta.acts().len());
        let requests = world.counts().dynamodb;
        ledger.note(Line { id: "F13", upstream: "clock", place, when: "during", fault, code, requests, acts });
    };
    for (name, says, right) in SKEWS {
        note(name.to_owned(), call(&world, says, 0, right).await);
    }
    for (name, says) in STEPS {
        for at in 1..READS {
            let right = ["ok", "auth_required", "unavailable", "busy"];
            note(format!("{name} from reading {at} on"), call(&world, says, at, &right).await);
        }
    }
    ledger.write("clocks");
    assert_eq!(problems, Vec::<String>::new());
}

#[tokio::test]
async fn a_clock_that_aws_calls_wrong_is_no_fault_of_the_person() {
    let world = World::start().await;
    for (operation, name) in [("POST /GetItem", "InvalidSignatureException"), ("POST /GetItem", "RequestTimeTooSkewed")]
    {
        let alice = world.chatting("alice").await;
        let body = format!("{{\"__type\":\"com.amazon.coral.service#{name}\",\"message\":\"Signature expired\"}}");
        let effect = Effect::Answer { status: 403, headers: std::collections::BTreeMap::new(), body };
        let fault = devstack::fault::Fault { on: operation.to_owned(), times: None, skip: 0, effect };
        world.laptop.stack.dynamodb.fault(fault);
        let answer = world.invoke("okta-groups", &world.call(&alice).0).await;
        world.mend();
        assert_eq!(body_of(&answer)["error"], "unavailable", "{name}");
    }
}
