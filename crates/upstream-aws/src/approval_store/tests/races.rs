use std::sync::Arc;

use auth::approval::{ApprovalReference, Approved, Binding, Ending};
use auth::time::Timestamp;
use tokio::task::JoinSet;

use super::table::{ARGUMENTS, Approvals, approved, binding, named, person, spending};
use crate::approval_store::{Recording, Requesting, Spent};
use crate::testing::ample;
use crate::testing::people::NOW;

fn round(number: u64, now: Timestamp) -> Binding {
    let mut random = [0; 16];
    for (place, byte) in random.iter_mut().zip(format!("{number:016}").bytes()) {
        *place = byte;
    }
    Binding { reference: ApprovalReference::of(&random), expires_at: now.plus(120), ..binding(1) }
}

#[tokio::test]
async fn of_two_starts_at_once_one_is_recorded_and_the_other_sees_it() {
    let table = Approvals::start().await;
    let store = Arc::new(table.store());
    for number in 0..100 {
        let now = NOW.plus(60 * number);
        let mut callers = JoinSet::new();
        for half in 0..2 {
            let (store, binding) = (Arc::clone(&store), round(2 * number + half, now));
            callers.spawn(async move { store.request(&binding, ARGUMENTS, now, ample()).await.unwrap() });
        }
        let (mut recorded, mut open) = (Vec::new(), Vec::new());
        for outcome in callers.join_all().await {
            match outcome {
                Requesting::Recorded(requested) => recorded.push(requested),
                Requesting::AlreadyOpen(found) => open.push(found),
                Requesting::TooMany { .. } | Requesting::Declined { .. } | Requesting::Over(_) => {
                    panic!("one start is not too many")
                }
            }
        }
        assert_eq!((recorded.len(), open.len()), (1, 1), "round {number}");
        let requested = recorded.pop().unwrap();
        assert_eq!(open[0].reference, requested.binding.reference);
        assert_eq!(table.starts(now.seconds() / 60).await.as_deref(), Some("1"));
        let ended = requested.end(Ending::Expired, now);
        assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    }
}

#[tokio::test]
async fn however_many_workers_spend_an_approval_one_gets_the_permit() {
    let (table, store) = approved().await;
    let store = Arc::new(store);
    let row = table.open_item().await;
    for number in 0..200 {
        table.put(super::table::TABLE, &row).await;
        let mut workers = JoinSet::new();
        let many = 2 + number % 19;
        for worker in 0..many {
            let store = Arc::clone(&store);
            let mut binding = binding(1);
            binding.expires_at = NOW.plus(90);
            let spending = spending(Approved::stored(binding, 3), &format!("worker-{worker}"));
            workers.spawn(async move { store.spend(spending, ample()).await.unwrap() });
        }
        let (mut permits, mut lost) = (Vec::new(), 0);
        for outcome in workers.join_all().await {
            match outcome {
                Spent::Yes(acting, permit) => permits.push((acting, permit)),
                Spent::Lost => lost += 1,
            }
        }
        assert_eq!((permits.len(), lost), (1, many - 1), "round {number}");
        let (acting, permit) = permits.pop().unwrap();
        assert_eq!(permit.binding().reference, named(1));
        let holder = table.open_item().await["holder"].as_s().unwrap().clone();
        assert_eq!(holder, acting.holder);
    }
}

#[tokio::test]
async fn an_approval_and_a_denial_at_once_leave_one_of_them() {
    let (table, store) = super::table::pending().await;
    let row = table.open_item().await;
    for number in 0..100 {
        table.restore(&row).await;
        let denied = super::started(1).end(Ending::Denied, NOW.plus(7));
        let agreed = super::table::agreed(1);
        let (first, second) = if number % 2 == 0 {
            let (end, yes) = tokio::join!(store.record_end(&denied, ample()), store.record_approved(&agreed, ample()));
            (end.unwrap(), yes.unwrap())
        } else {
            let (yes, end) = tokio::join!(store.record_approved(&agreed, ample()), store.record_end(&denied, ample()));
            (end.unwrap(), yes.unwrap())
        };
        assert_ne!(first, second, "round {number}");
        let outcome = store.outcome(&person(), &named(1), ample()).await.unwrap();
        assert_eq!(outcome.is_some(), first == Recording::Recorded);
        assert_eq!(super::read(&store).await.is_some(), second == Recording::Recorded);
    }
}
