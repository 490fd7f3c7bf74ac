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

/// The function that asks, killed at each of its waits and called again by the same request: the phone rings once at most.
#[tokio::test]
async fn whoever_asks_and_is_killed_never_sends_a_second_push() {
    let approvals = Approvals::start().await;
    let dave = approvals.chatting("dave").await;
    let (mut kills, mut rang) = (0, 0);
    for point in 1.. {
        approvals.forget(&dave, "add_to_group").await;
        approvals.hands.ahead(0);
        let (request, pushes) = (format!("killed-{point}"), approvals.pushes());
        let ended = killed_at(point, approvals.call_again(&request, &dave, "add_to_group", &VPN)).await;
        let again = approvals.call_again(&request, &dave, "add_to_group", &VPN).await;
        assert_eq!(again["error"], "approval_pending", "point {point}: {again}");
        assert!(approvals.pushes() <= pushes + 1, "point {point}: a second push");
        rang += approvals.pushes() - pushes;
        let approval = again["approval"]["reference"].as_str().unwrap();
        approvals.hands.ahead(151);
        let told = approvals.call(&dave, "check_approval", &[("approval", approval)]).await;
        assert!(told["error"] == "approval_expired" || told["reason"] == "unavailable", "point {point}: {told}");
        if ended {
            break;
        }
        kills += 1;
    }
    println!("kills of whoever asks: {kills}, {rang} pushes");
    assert!(kills > 5 && rang > 0 && approvals.acts().is_empty());
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
