//! The worker killed at every point at which it waits for somebody, on the way from the message to the outcome.
//!
//! A killed worker is a future that is dropped: whatever request was on its way may have arrived or not. Its message comes
//! again, as SQS delivers it again, until the approval is over.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use acceptance::{Approvals, Asked, Chatting, End};

const VPN: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];

/// Lets `work` come to its `points`th wait, and drops it there. Whether it came to its end before that.
async fn killed_at<T>(points: usize, work: impl Future<Output = T>) -> bool {
    let mut work = pin!(work);
    let mut left = points;
    poll_fn(|context| {
        if left == 0 {
            return Poll::Ready(false);
        }
        left -= 1;
        work.as_mut().poll(context).map(|_| true)
    })
    .await
}

/// What the rounds came to.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    done: usize,
    unknown: usize,
    failed: usize,
    cycles: usize,
}

async fn round(approvals: &Approvals, dave: &Chatting, point: usize, tally: &mut Tally) -> bool {
    approvals.forget(dave, "add_to_group").await;
    let before = approvals.acts().len();
    let asked = approvals.ask(dave, "add_to_group", &VPN).await;
    approvals.approve(&asked);
    approvals.hands.ahead(6);
    let ended = killed_at(point, approvals.deliver(&approvals.worker, &asked)).await;
    tally.kills += usize::from(!ended);
    let end = settled(approvals, &asked).await;
    let acts = approvals.acts().len() - before;
    match end {
        End::Done => assert_eq!(acts, 1, "done at point {point}"),
        End::Unknown => assert!(acts <= 1, "twice at point {point}"),
        End::Failed(_) => assert_eq!(acts, 0, "it happened, and is called failed, at point {point}"),
        End::Denied | End::Expired => panic!("{end:?} at point {point}: it was approved in time"),
    }
    tally.done += usize::from(end == End::Done);
    tally.unknown += usize::from(end == End::Unknown);
    tally.failed += usize::from(matches!(end, End::Failed(_)));
    ended
}

/// The outcome, whether the killed worker wrote it or the next delivery does.
async fn settled(approvals: &Approvals, asked: &Asked) -> End {
    if let Some(end) = approvals.end(asked).await {
        approvals.hands.ahead(0);
        return end;
    }
    approvals.settle(asked).await
}

/// Kills from the first wait to the last, and from the first again, until there were as many kills as wanted. With
/// `every`, only at each so-manieth wait.
async fn kill(wanted: usize, every: usize) {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let (mut tally, mut point) = (Tally::default(), 1);
    while tally.kills < wanted || tally.cycles == 0 {
        if round(&approvals, &dave, point, &mut tally).await {
            (tally.cycles, point) = (tally.cycles + 1, 1);
        } else {
            point += every;
        }
    }
    println!("kills: {tally:?}, {} acts, {} pushes", approvals.acts().len(), approvals.pushes());
    assert!(tally.done > 0 && tally.unknown > 0, "{tally:?}");
    assert_eq!(approvals.pushes(), tally.done + tally.unknown + tally.failed, "one push for each approval");
    assert!((tally.done..=tally.done + tally.unknown).contains(&approvals.acts().len()), "{tally:?}");
}

#[tokio::test]
async fn a_worker_that_is_killed_at_any_of_its_waits_never_acts_twice_and_loses_no_outcome() {
    kill(1, 2).await;
}

#[tokio::test]
#[ignore = "takes a minute: make rounds"]
async fn three_hundred_kills_never_act_twice_and_lose_no_outcome() {
    kill(300, 1).await;
}
