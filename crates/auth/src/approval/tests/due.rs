//! When somebody may poll, and when it is over.

use proptest::prelude::*;

use super::{NOW, binding, ending, pending, poll};
use crate::approval::{Acting, Due, Ended, Ending, LONGEST_INTERVAL, Pending, Poll, Polled, Requested};
use crate::refusal::Code;

/// How long a worker has its poll for itself.
const HELD: u64 = 15;

fn later(due: Due) -> u64 {
    match due {
        Due::Later { seconds } => seconds,
        Due::Poll(_) | Due::Ended(_) => panic!("it is not for later"),
    }
}

fn over(due: Due) -> Ended {
    match due {
        Due::Ended(ended) => ended,
        Due::Later { .. } | Due::Poll(_) => panic!("it is not over"),
    }
}

fn taken(due: Due) -> Pending {
    match due {
        Due::Poll(pending) => pending,
        Due::Later { .. } | Due::Ended(_) => panic!("nobody may poll"),
    }
}

fn again(pending: &Pending) -> Pending {
    let (binding, auth_req_id) = (pending.binding.clone(), pending.auth_req_id.clone());
    Pending { binding, auth_req_id, ..*pending }
}

// C05
#[test]
fn nobody_polls_before_the_interval_is_over_not_even_one_of_31_seconds() {
    assert_eq!(later(pending(120, None).due(NOW, HELD)), 5);
    assert_eq!(later(pending(120, Some(31)).due(NOW.plus(30), HELD)), 1);
    taken(pending(120, Some(31)).due(NOW.plus(31), HELD));
}

#[test]
fn who_polls_has_the_poll_for_themselves_for_a_while() {
    let mine = taken(pending(120, None).due(NOW.plus(5), HELD));
    assert_eq!((mine.version, mine.interval), (3, 5), "taking it is a write of its own");
    assert_eq!(later(again(&mine).due(NOW.plus(6), HELD)), 14);
    taken(again(&mine).due(NOW.plus(20), HELD));
    let Polled::StillPending(next) = mine.polled(Poll::Pending, NOW.plus(6)) else { panic!("it is pending") };
    assert_eq!((next.next_poll_at, next.version), (NOW.plus(11), 4));
}

#[test]
fn a_request_is_over_at_its_end_and_not_polled_any_more() {
    assert_eq!(later(pending(12, Some(31)).due(NOW.plus(3), HELD)), 9, "nobody waits for longer than its end");
    for seconds in [12, 13, 1_000] {
        assert_eq!(over(pending(12, None).due(NOW.plus(seconds), HELD)).ending, Ending::Expired);
    }
}

#[test]
fn a_request_that_nobody_saw_go_out_ends_as_not_done() {
    let requested = || Requested { binding: binding(120), version: 1 };
    assert_eq!(later(requested().due(NOW)), 5);
    assert_eq!(later(requested().due(NOW.plus(119))), 1);
    let Ending::Failed { code, words } = over(requested().due(NOW.plus(120))).ending else { panic!("it failed") };
    assert_eq!(code, Code::Unavailable);
    assert!(words.contains("not known") && words.contains("Nothing was done"), "{words}");
}

#[test]
fn what_a_worker_was_doing_is_unknown_when_its_lease_is_over_and_not_before() {
    let acting = || Acting { binding: binding(120), holder: "one".to_owned(), lease_until: NOW.plus(30), version: 4 };
    assert_eq!(later(acting().due(NOW.plus(1))), 29);
    assert_eq!(over(acting().due(NOW.plus(30))).ending, Ending::Unknown);
}

proptest! {
    /// Several workers look at one request at any time; each look that may poll does, and its answer comes some time later.
    #[test]
    fn however_many_look_polls_are_apart_and_nothing_goes_on_beyond_the_end(
        looks in prop::collection::vec((0_u64..12, 0_u64..14, poll()), 1..60),
        life in 1_u64..200,
        interval in prop::option::of(1_u64..100),
    ) {
        let mut state = pending(life, interval);
        let (mut now, mut polled_at): (_, Vec<u64>) = (NOW, Vec::new());
        for (wait, takes, answer) in looks {
            now = now.plus(wait);
            let (before, version, end) = (again(&state), state.version, state.binding.expires_at);
            match state.due(now, HELD) {
                Due::Ended(ended) => {
                    prop_assert!(now >= end);
                    prop_assert_eq!(ended.ending, Ending::Expired);
                    return Ok(());
                }
                Due::Later { seconds } => {
                    prop_assert!(seconds >= 1 && now.plus(seconds) <= end);
                    state = before;
                }
                Due::Poll(mine) => {
                    prop_assert!(now < end && mine.version == version + 1);
                    let apart = before.interval.min(LONGEST_INTERVAL);
                    prop_assert!(polled_at.last().is_none_or(|last| now.seconds() >= last + apart));
                    polled_at.push(now.seconds());
                    let meanwhile = again(&mine).due(now.plus(takes), HELD);
                    prop_assert!(!matches!(meanwhile, Due::Poll(_)), "a second poll beside the first");
                    now = now.plus(takes);
                    match mine.polled(answer, now) {
                        Polled::StillPending(next) => state = next,
                        Polled::Approved(approved) => {
                            prop_assert!(now < end && approved.version() == version + 2);
                            return Ok(());
                        }
                        ended @ Polled::Ended(_) => {
                            prop_assert!(ending(ended).is_some());
                            return Ok(());
                        }
                    }
                }
            }
        }
    }
}
