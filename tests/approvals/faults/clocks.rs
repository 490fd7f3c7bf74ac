//! A worker whose clock is wrong, or steps while it works (F13).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use acceptance::{Approvals, Asked, End, Ledger, Line};
use auth::refusal::Code;
use auth::time::{Clock, Timestamp};
use devstack::okta::Status;

const DAY: u64 = 86_400;
/// More reads of the clock than one delivery makes.
const READS: u64 = 16;

/// What a clock says at its so-manieth reading, the first being 0.
type Says = fn(Timestamp, u64, u64) -> Timestamp;

/// The name, what the clock says, and how the approval has ended when that worker has looked three times; nothing if it waits.
/// The person has said yes before. An approval lives for two minutes.
const SKEWS: [(&str, Says, Option<End>); 7] = [
    ("right", |now, _, _| now, Some(End::Done)),
    ("61 s ahead", |now, _, _| now.plus(61), Some(End::Done)),
    ("61 s behind", |now, _, _| now.minus(61), None),
    ("a day ahead", |now, _, _| now.plus(DAY), Some(End::Expired)),
    ("a day behind", |now, _, _| now.minus(DAY), None),
    ("at 1970", |_, _, _| Timestamp::from_seconds(0), None),
    ("at the end of time", |_, _, _| Timestamp::from_seconds(u64::MAX), Some(End::Expired)),
];
const STEPS: [(&str, Says); 3] = [
    ("a day ahead", |now, read, at| if read < at { now } else { now.plus(DAY) }),
    ("a day behind", |now, read, at| if read < at { now } else { now.minus(DAY) }),
    ("to the end of time", |now, read, at| if read < at { now } else { Timestamp::from_seconds(u64::MAX) }),
];

/// Three looks by a worker of this clock; how it stands then.
async fn looks(approvals: &Approvals, asked: &Asked, says: Says, at: u64) -> Option<End> {
    let (right, reads) = (approvals.hands.clock(), Arc::new(AtomicU64::new(0)));
    let read = Arc::clone(&reads);
    let clock = Clock::new(move || says(right.now(), read.fetch_add(1, Ordering::SeqCst), at));
    let worker = approvals.worker_by(clock).await;
    for seconds in [6, 22, 38] {
        approvals.hands.ahead(seconds);
        reads.store(0, Ordering::SeqCst);
        approvals.deliver(&worker, asked).await;
    }
    approvals.end(asked).await
}

/// What is wrong with how it stands and how it ends, when a worker of the right clock has come.
async fn meet(
    approvals: &Approvals,
    name: &str,
    says: Says,
    at: u64,
    ledger: &mut Ledger,
) -> (Option<End>, Vec<String>) {
    let carol = approvals.chatting("carol").await;
    let (pushes, acts) = (approvals.pushes(), approvals.acts().len());
    approvals.world.laptop.stack.okta.set_status("bob@example.com", Status::LockedOut);
    let asked = approvals.ask(&carol, "unlock_user", &[("user", "bob@example.com")]).await;
    approvals.approve(&asked);
    let stood = Box::pin(looks(approvals, &asked, says, at)).await;
    let done = |end: Option<End>| match end {
        Some(End::Done) => 1..=1,
        Some(End::Unknown) => 0..=1,
        _ => 0..=0,
    };
    let (mut wrong, then) = (Vec::new(), approvals.acts().len() - acts);
    if !done(stood).contains(&then) {
        wrong.push(format!("{name}: {then} acts, and it stands so: {stood:?}"));
    }
    let end = match stood {
        Some(end) => end,
        None => Box::pin(approvals.settle(&asked)).await,
    };
    let acted = approvals.acts().len() - acts;
    if !done(Some(end)).contains(&acted) || approvals.pushes() - pushes != 1 {
        wrong.push(format!("{name}: {acted} acts, and it ended so: {end:?}"));
    }
    let polls = approvals.world.laptop.stack.auth0.double.requests_to("POST /oauth/token");
    let code = format!("{end:?}");
    let (fault, place) = (name.to_owned(), "worker".to_owned());
    ledger.note(Line {
        id: "F13",
        upstream: "clock",
        place,
        when: "during",
        fault,
        code,
        requests: polls,
        acts: acted,
    });
    approvals.hands.ahead(0);
    approvals.forget(&carol, "unlock_user").await;
    approvals.world.forget();
    (stood, wrong)
}

#[tokio::test]
async fn a_worker_whose_clock_is_wrong_does_nothing_that_was_not_approved_in_time() {
    let approvals = Approvals::start().await;
    let (mut ledger, mut wrong) = (Ledger::default(), Vec::new());
    for (name, says, expected) in SKEWS {
        let (stood, problems) = Box::pin(meet(&approvals, name, says, 0, &mut ledger)).await;
        wrong.extend(problems);
        if stood != expected {
            wrong.push(format!("{name}: {stood:?} instead of {expected:?}"));
        }
    }
    ledger.write("clocks-worker");
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
#[ignore = "45 approvals: make rounds"]
async fn a_worker_whose_clock_steps_while_it_works_acts_once_or_not_at_all_and_tells_the_truth() {
    let approvals = Approvals::start().await;
    let (mut ledger, mut wrong, mut ends) = (Ledger::default(), Vec::new(), Vec::new());
    for (name, says) in STEPS {
        for at in 1..READS {
            let name = format!("{name} from reading {at} on");
            let (stood, problems) = Box::pin(meet(&approvals, &name, says, at, &mut ledger)).await;
            wrong.extend(problems);
            ends.push(stood);
        }
    }
    ledger.write("clocks-worker-steps");
    assert_eq!(wrong, Vec::<String>::new());
    let failed = |end: &Option<End>| matches!(end, Some(End::Failed(Code::Internal | Code::Unavailable)));
    println!(
        "clocks of the worker: {} done, {} failed",
        ends.iter().filter(|end| **end == Some(End::Done)).count(),
        ends.iter().filter(|end| failed(end)).count()
    );
}
