//! The machine in simulated time, beside a naive model of it.

mod due;
mod spend;
mod told;

use proptest::prelude::*;

use super::{
    Approval, ApprovalReference, Binding, Ending, LONGEST_INTERVAL, Pending, Poll, Polled, Requested, Started,
};
use crate::canonical::ArgumentsHash;
use crate::id::{Agent, Organization, SessionReference};
use crate::secret::Secret;
use crate::subject::Subject;
use crate::time::Timestamp;

pub(crate) const NOW: Timestamp = Timestamp::from_seconds(1_800_000_000);

pub(crate) fn binding(seconds: u64) -> Binding {
    Binding {
        reference: ApprovalReference::of(&[7; 16]),
        subject: Subject::new("https://tenant.example/", "oidc|okta-oidc|00u1").unwrap(),
        session: SessionReference::parse("session-1").unwrap().hash(),
        organization: Some(Organization("org_acme".to_owned())),
        agent: Agent { id: "AGENT12345".to_owned(), alias: "ALIAS67890".to_owned() },
        tool: "reset_password".to_owned(),
        arguments: ArgumentsHash::of(&serde_json::json!({})).unwrap(),
        expires_at: NOW.plus(seconds),
    }
}

fn pending(expires_in: u64, interval: Option<u64>) -> Pending {
    let answer = Started { auth_req_id: Secret::new("r".to_owned()), expires_in, interval };
    Requested { binding: binding(120), version: 1 }.started(answer, NOW, NOW)
}

fn ending(polled: Polled) -> Option<Ending> {
    match polled {
        Polled::Ended(ended) => Some(ended.ending),
        Polled::StillPending(_) | Polled::Approved(_) => None,
    }
}

// C04, C05
#[test]
fn the_first_poll_waits_for_the_interval_and_five_seconds_are_usual() {
    assert_eq!(pending(120, None).next_poll_at, NOW.plus(5));
    assert_eq!(pending(120, Some(31)).next_poll_at, NOW.plus(31));
}

// C03
#[test]
fn a_request_never_lives_longer_than_was_asked_for() {
    assert_eq!(pending(1_000_000_000, None).binding.expires_at, NOW.plus(120));
    assert_eq!(pending(30, None).binding.expires_at, NOW.plus(30));
    assert_eq!(pending(0, None).binding.expires_at, NOW.plus(1));
}

// C06
#[test]
fn slow_down_raises_the_interval_for_good_and_a_larger_wish_wins() {
    let slower = |polled| match polled {
        Polled::StillPending(pending) => pending,
        Polled::Approved(_) | Polled::Ended(_) => panic!("it is still pending"),
    };
    let once = slower(pending(120, None).polled(Poll::SlowDown { seconds: None }, NOW.plus(5)));
    assert_eq!((once.interval, once.next_poll_at), (10, NOW.plus(15)));
    let still = slower(once.polled(Poll::Pending, NOW.plus(15)));
    assert_eq!(still.interval, 10);
    let wished = slower(still.polled(Poll::SlowDown { seconds: Some(40) }, NOW.plus(25)));
    assert_eq!(wished.interval, 40);
    let clamped = slower(wished.polled(Poll::SlowDown { seconds: Some(1_000_000_000_000) }, NOW.plus(65)));
    assert_eq!(clamped.interval, LONGEST_INTERVAL);
}

#[test]
fn refused_and_expired_are_told_apart_by_our_own_clock() {
    assert_eq!(ending(pending(120, None).polled(Poll::Refused, NOW.plus(119))), Some(Ending::Denied));
    assert_eq!(ending(pending(120, None).polled(Poll::Refused, NOW.plus(120))), Some(Ending::Expired));
}

#[test]
fn an_approval_that_comes_too_late_is_none() {
    assert_eq!(ending(pending(120, None).polled(Poll::Approved, NOW.plus(120))), Some(Ending::Expired));
    assert!(ending(pending(120, None).polled(Poll::Approved, NOW.plus(119))).is_none());
}

// C08
#[test]
fn somebody_elses_approval_is_a_denial() {
    assert_eq!(ending(pending(120, None).polled(Poll::SomebodyElse, NOW.plus(9))), Some(Ending::Denied));
}

// C02
#[test]
fn the_phones_message_is_short_has_only_allowed_characters_and_its_code_follows_the_arguments() {
    let one = binding(60);
    let message = one.message("Add bob@example.com to \"VPN\" ($)\n, please, because a very long reason follows here");
    assert!(message.len() <= 64, "{message}");
    assert!(message.chars().all(|letter| letter.is_ascii_alphanumeric() || " +-_.,:#".contains(letter)), "{message}");
    assert!(message.ends_with(&one.code()));
    assert_eq!(one.message("Reset, for \"bob\"?\n"), format!("Reset, for bob {}", one.code()));
    let other = Binding { arguments: ArgumentsHash::of(&serde_json::json!({"user": "b"})).unwrap(), ..binding(60) };
    assert_ne!(one.code(), other.code());
}

fn poll() -> impl Strategy<Value = Poll> {
    prop_oneof![
        6 => Just(Poll::Pending),
        3 => prop::option::of(0_u64..200).prop_map(|seconds| Poll::SlowDown { seconds }),
        1 => Just(Poll::Approved),
        1 => Just(Poll::Refused),
        1 => Just(Poll::Expired),
        1 => Just(Poll::SomebodyElse),
        1 => Just(Poll::Broken),
        2 => Just(Poll::Unavailable),
    ]
}

/// The naive model: what the answers so far and the clock say, without states.
fn model(polls: &[(u64, Poll)], life: u64) -> Option<&'static str> {
    let mut now = 0;
    for (wait, poll) in polls {
        now += wait;
        let over = now >= life;
        return Some(match poll {
            Poll::Approved if !over => "approved",
            Poll::Refused if !over => "denied",
            Poll::SomebodyElse => "denied",
            Poll::Broken => "failed",
            Poll::Approved | Poll::Refused | Poll::Expired => "expired",
            Poll::Pending | Poll::SlowDown { .. } | Poll::Unavailable if over => "expired",
            Poll::Pending | Poll::SlowDown { .. } | Poll::Unavailable => continue,
        });
    }
    None
}

fn machine(polls: &[(u64, Poll)], life: u64) -> Option<&'static str> {
    let mut state = Approval::Pending(pending(life, None));
    let (mut now, mut version) = (NOW, 2);
    for (wait, poll) in polls {
        now = now.plus(*wait);
        let Approval::Pending(pending) = state else { break };
        assert_eq!(pending.version, version, "every step is one write");
        version += 1;
        state = match pending.polled(*poll, now) {
            Polled::StillPending(pending) => {
                assert!(pending.next_poll_at >= now.plus(5) && pending.interval <= LONGEST_INTERVAL);
                Approval::Pending(pending)
            }
            Polled::Approved(approved) => Approval::Approved(approved),
            Polled::Ended(ended) => Approval::Ended(ended),
        };
    }
    match state {
        Approval::Approved(_) => Some("approved"),
        Approval::Ended(ended) => Some(match ended.ending {
            Ending::Denied => "denied",
            Ending::Expired => "expired",
            Ending::Failed { .. } => "failed",
            Ending::Done { .. } | Ending::Unknown => "never from a poll",
        }),
        Approval::Requested(_) | Approval::Pending(_) | Approval::Acting(_) => None,
    }
}

proptest! {
    #[test]
    fn the_machine_and_the_naive_model_agree(
        polls in prop::collection::vec((0_u64..40, poll()), 0..30),
        life in 1_u64..120,
    ) {
        prop_assert_eq!(machine(&polls, life), model(&polls, life));
    }
}
