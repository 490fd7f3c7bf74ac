//! Two at once, on purpose. The small counts are for every run of the tests; the large ones are `make rounds`.

use std::time::Duration;

use acceptance::{Approvals, Asked, Chatting, End};
use approval_worker::ApprovalWorker;
use auth::approval::Ending;
use auth::refusal::Code;
use devstack::okta::Bucket;
use futures_util::future::join;
use serde_json::json;
use tokio::time::Instant;
use upstream_aws::Sweep;
use url::Url;

const FEW: usize = 10;
const MANY: usize = 1_000;
const VPN: [(&str, &str); 2] = [("user", "bob@example.com"), ("group", "VPN users")];
const TOOL: &str = "add_to_group";

/// One world for all rounds of a race.
struct Race {
    approvals: Approvals,
    dave: Chatting,
    second: ApprovalWorker,
}

impl Race {
    async fn start() -> Self {
        let approvals = Approvals::start().await;
        let (dave, second) = (approvals.chatting("dave").await, approvals.another_worker().await);
        Self { approvals, dave, second }
    }

    /// A fresh approval on the phone; the worker may poll for it.
    async fn pending(&self) -> Asked {
        self.approvals.forget(&self.dave, TOOL).await;
        self.approvals.hands.ahead(0);
        for bucket in [Bucket::Users, Bucket::Groups] {
            self.approvals.world.laptop.stack.okta.set_rate(bucket, 1_000, 60);
        }
        let asked = self.approvals.ask(&self.dave, TOOL, &VPN).await;
        self.approvals.hands.ahead(6);
        asked
    }

    /// Presses a button of the phone over the wire; whether it was in time.
    async fn press(&self, button: &str, asked: &Asked) -> bool {
        let laptop = &self.approvals.world.laptop;
        let url = Url::parse(&format!("{}/_auth0/ciba/{button}", laptop.stack.auth0.double.url())).unwrap();
        let call = laptop.transport.post(url).json(&json!({"auth_req_id": asked.auth_req_id}));
        call.send(Instant::now() + Duration::from_secs(5)).await.unwrap().status() == 204
    }

    /// Waits until the table was asked so often in this round: that is where the worker is by then.
    async fn until_operations(&self, operations: usize) {
        for _ in 0..10_000 {
            if self.approvals.world.laptop.stack.dynamodb.operations().len() >= operations {
                return;
            }
            tokio::task::yield_now().await;
        }
    }

    /// The outcome, once a delivery has seen to it that there is one.
    async fn settled(&self, asked: &Asked) -> End {
        match self.approvals.end(asked).await {
            Some(end) => end,
            None => self.approvals.settle(asked).await,
        }
    }
}

/// `one` and `other` at once, of which now this and now that begins.
async fn at_once<A, B>(round: usize, one: impl Future<Output = A>, other: impl Future<Output = B>) -> (A, B) {
    let late = |by: usize| async move {
        for _ in 0..by {
            tokio::task::yield_now().await;
        }
    };
    let (first, second) = if round.is_multiple_of(2) { (0, round / 2 % 40) } else { (round / 2 % 40, 0) };
    join(
        async {
            late(first).await;
            one.await
        },
        async {
            late(second).await;
            other.await
        },
    )
    .await
}

async fn two_workers(rounds: usize) {
    let race = Race::start().await;
    let approvals = &race.approvals;
    for round in 0..rounds {
        let asked = race.pending().await;
        approvals.approve(&asked);
        let acts = approvals.acts().len();
        let one = approvals.deliver(&approvals.worker, &asked);
        at_once(round, one, approvals.deliver(&race.second, &asked)).await;
        assert_eq!(race.settled(&asked).await, End::Done, "round {round}");
        assert_eq!(approvals.acts().len(), acts + 1, "round {round}");
        let polls = approvals.world.laptop.stack.auth0.polls(&asked.auth_req_id);
        assert_eq!(polls.len(), 1, "round {round}: the answer is given once only, so it is asked for once: {polls:?}");
    }
    println!("two workers on one message: {rounds} rounds");
}

async fn approve_and_deny(rounds: usize) {
    let race = Race::start().await;
    let approvals = &race.approvals;
    let (mut yes, mut no) = (0, 0);
    for round in 0..rounds {
        let asked = race.pending().await;
        let acts = approvals.acts().len();
        let pressed = at_once(round, race.press("approve", &asked), race.press("deny", &asked));
        let delivery = Box::pin(approvals.deliver(&approvals.worker, &asked));
        let ((approved, denied), _) = at_once(round / 3, Box::pin(pressed), delivery).await;
        assert!(approved != denied, "round {round}: the phone takes one answer");
        let end = race.settled(&asked).await;
        assert_eq!(end, if approved { End::Done } else { End::Denied }, "round {round}");
        assert_eq!(approvals.acts().len(), acts + usize::from(approved), "round {round}");
        (yes, no) = (yes + usize::from(approved), no + usize::from(denied));
    }
    println!("approve and deny at once: {rounds} rounds, {yes} approved, {no} denied");
}

async fn approve_after_expiry(rounds: usize) {
    let race = Race::start().await;
    let approvals = &race.approvals;
    for round in 0..rounds {
        let asked = race.pending().await;
        let acts = approvals.acts().len();
        approvals.hands.ahead(120 + u64::try_from(round % 3).unwrap());
        let (_, pressed) =
            at_once(round, approvals.deliver(&approvals.worker, &asked), race.press("approve", &asked)).await;
        assert!(pressed, "the provider's clock is behind ours: it still takes the answer");
        assert_eq!(approvals.end(&asked).await, Some(End::Expired), "round {round}");
        approvals.deliver(&race.second, &asked).await;
        assert_eq!(approvals.end(&asked).await, Some(End::Expired), "round {round}");
        assert_eq!(approvals.acts().len(), acts, "round {round}");
    }
    println!("approve after expiry: {rounds} rounds");
}

async fn sign_out_while_pending(rounds: usize) {
    let mut race = Race::start().await;
    let (mut done, mut signed_out) = (0, 0);
    for round in 0..rounds {
        race.approvals.hands.ahead(0);
        race.dave = race.approvals.chatting("dave").await;
        let (approvals, asked) = (&race.approvals, race.pending().await);
        approvals.approve(&asked);
        let acts = approvals.acts().len();
        approvals.world.forget();
        let signing_out = async {
            race.until_operations(round % 10).await;
            let (laptop, session) = (&approvals.world.laptop, race.dave.signed.session.hash());
            let until = Instant::now() + Duration::from_secs(5);
            laptop.store.delete(&session, until).await.unwrap();
            let (ending, now) = (Ending::failed(Code::AuthRequired), laptop.clock.now());
            let swept = approvals.store.sweep(Sweep::Session(&asked.person, &session), &ending, now, until).await;
            assert_eq!(swept.problem, None);
        };
        at_once(round, Box::pin(approvals.deliver(&approvals.worker, &asked)), Box::pin(signing_out)).await;
        let end = race.settled(&asked).await;
        let happened = end == End::Done;
        assert!(happened || end == End::Failed(Code::AuthRequired), "round {round}: {end:?}");
        assert_eq!(approvals.acts().len(), acts + usize::from(happened), "round {round}");
        (done, signed_out) = (done + usize::from(happened), signed_out + usize::from(!happened));
    }
    println!("sign-out while pending: {rounds} rounds, {done} done before it, {signed_out} ended by it");
}

async fn two_starts(rounds: usize) {
    let race = Race::start().await;
    let approvals = &race.approvals;
    for round in 0..rounds {
        approvals.forget(&race.dave, TOOL).await;
        let (pushes, messages) = (approvals.pushes(), approvals.messages());
        let one = approvals.call(&race.dave, TOOL, &VPN);
        let (one, other) = at_once(round, one, approvals.call(&race.dave, TOOL, &VPN)).await;
        assert_eq!((approvals.pushes() - pushes, approvals.messages() - messages), (1, 1), "round {round}");
        for answer in [&one, &other] {
            assert_eq!(answer["error"], "approval_pending", "round {round}: {answer}");
        }
        assert_eq!(one["approval"]["reference"], other["approval"]["reference"], "round {round}");
        approvals.end_as_expired(&approvals.asked_by(&race.dave, TOOL, &one)).await;
    }
    println!("two starts at once: {rounds} rounds");
}

macro_rules! race {
    ($few:ident, $many:ident, $race:ident) => {
        #[tokio::test]
        async fn $few() {
            $race(FEW).await;
        }

        #[tokio::test]
        #[ignore = "takes minutes: make rounds"]
        async fn $many() {
            $race(MANY).await;
        }
    };
}

race!(of_two_workers_on_one_message_one_acts, a_thousand_times_of_two_workers_one_acts, two_workers);
race!(
    of_an_approval_and_a_denial_at_once_the_one_that_was_taken_counts,
    a_thousand_times_the_answer_that_was_taken_counts,
    approve_and_deny
);
race!(an_approval_after_the_end_is_none, a_thousand_approvals_after_the_end_are_none, approve_after_expiry);
race!(
    after_a_sign_out_either_nothing_is_done_or_it_was_done_before,
    a_thousand_sign_outs_do_nothing_or_come_after_the_deed,
    sign_out_while_pending
);
race!(
    of_two_starts_at_once_one_is_pushed_and_both_are_told_of_it,
    a_thousand_double_starts_are_one_push_each,
    two_starts
);
