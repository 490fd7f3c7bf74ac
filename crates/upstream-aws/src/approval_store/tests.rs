mod ends;
mod faults;
mod fences;
mod races;
mod sealed;
mod shown;
mod starts;
mod table;

use auth::approval::{Approval, Ending, Requested, Started};
use auth::refusal::{Code, Refusal};
use auth::secret::Secret;
use aws_sdk_dynamodb::types::AttributeValue;
use table::{ARGUMENTS, approved, binding, named, pending, person, read, recorded, requested, spend, started};

use super::{ApprovalError, EndedApproval, OpenState, Recording, Requesting, Spent};
use crate::testing::ample;
use crate::testing::people::NOW;

#[tokio::test]
async fn a_request_reads_back_as_it_was_made_with_its_arguments() {
    let (_table, store) = requested().await;
    let (approval, arguments) = read(&store).await.unwrap();
    let Approval::Requested(found) = approval else { panic!("not requested") };
    assert_eq!((found.binding, found.version), (binding(1), 1));
    assert_eq!(arguments.expose(), ARGUMENTS);
}

#[tokio::test]
async fn a_pending_request_keeps_the_providers_id_and_its_times() {
    let (_table, store) = pending().await;
    let Some((Approval::Pending(found), arguments)) = read(&store).await else { panic!("not pending") };
    assert_eq!(found.auth_req_id.expose(), "request-sample");
    assert_eq!((found.interval, found.next_poll_at, found.version), (7, NOW.plus(7), 2));
    assert_eq!(found.binding.expires_at, NOW.plus(90), "cut to the provider's");
    assert_eq!(arguments.expose(), ARGUMENTS);
}

#[tokio::test]
async fn a_poll_moves_the_times_and_the_version() {
    let (_table, store) = pending().await;
    let Some((Approval::Pending(found), _)) = read(&store).await else { panic!("not pending") };
    let auth::approval::Polled::StillPending(later) = found.polled(auth::approval::Poll::Pending, NOW.plus(8)) else {
        panic!("not pending")
    };
    assert_eq!(store.record_poll(&later, ample()).await, Ok(Recording::Recorded));
    let Some((Approval::Pending(found), _)) = read(&store).await else { panic!("not pending") };
    assert_eq!((found.next_poll_at, found.version), (NOW.plus(15), 3));
    assert_eq!(found.auth_req_id.expose(), "request-sample");
}

#[tokio::test]
async fn an_approved_row_has_nothing_left_to_poll_by() {
    let (table, store) = approved().await;
    let Some((Approval::Approved(found), arguments)) = read(&store).await else { panic!("not approved") };
    assert_eq!((found.version(), arguments.expose()), (3, ARGUMENTS));
    let item = table.open_item().await;
    assert!(!["interval", "next_poll_at", "holder", "lease_until"].iter().any(|name| item.contains_key(*name)));
}

#[tokio::test]
async fn spending_leaves_a_row_that_says_who_acts_and_until_when() {
    let (_table, store) = approved().await;
    let Spent::Yes(acting, permit) = spend(&store, "one").await else { panic!("lost") };
    assert_eq!((acting.version, permit.binding().reference.clone()), (4, named(1)));
    let Some((Approval::Acting(found), arguments)) = read(&store).await else { panic!("not acting") };
    assert_eq!((found.holder.as_str(), found.lease_until, found.version), ("one", NOW.plus(39), 4));
    assert_eq!(arguments.expose(), ARGUMENTS);
}

#[tokio::test]
async fn every_ending_reads_back_and_leaves_the_place_free() {
    let (table, store) = requested().await;
    let mut endings = vec![
        Ending::Done { words: "bob@example.com is in \"VPN users\" now.".to_owned() },
        Ending::Denied,
        Ending::Expired,
        Ending::Unknown,
    ];
    endings.extend(Code::ALL.map(|code| Ending::Failed { code, words: format!("said\nof {}", code.name()) }));
    for (number, ending) in (1..).zip(endings) {
        let now = NOW.plus(60 * u64::from(number));
        if number > 1 {
            let again = store.request(&binding(number), ARGUMENTS, now, ample()).await.unwrap();
            assert!(matches!(again, Requesting::Recorded(_)), "{number}");
        }
        assert_eq!(store.outcome(&person(), &named(number), ample()).await, Ok(None));
        let ended = Requested { binding: binding(number), version: 1 }.end(ending.clone(), now);
        assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
        let expected = EndedApproval {
            reference: named(number),
            tool: "add_to_group".to_owned(),
            code: binding(number).code(),
            session: binding(number).session,
            ending,
            at: now,
        };
        assert_eq!(store.outcome(&person(), &named(number), ample()).await, Ok(Some(expected)));
        assert_eq!(store.read_open(&person(), ample()).await, Ok(vec![]));
        assert!(store.read(&person(), "add_to_group", &named(number), ample()).await.unwrap().is_none());
    }
    let item = table.item(&format!("done#{}", named(1).as_str())).await;
    assert_eq!(item["ttl"], AttributeValue::N(NOW.plus(60 + 7 * 86_400).seconds().to_string()));
}

#[tokio::test]
async fn open_approvals_are_listed_for_their_own_person_only() {
    let (_table, store) = pending().await;
    let other_tool = auth::approval::Binding { tool: "unlock_user".to_owned(), ..binding(2) };
    let _ = recorded(&store, &other_tool).await;
    let open = store.read_open(&person(), ample()).await.unwrap();
    let seen: Vec<_> = open.iter().map(|open| (open.tool.as_str(), open.state, open.reference.clone())).collect();
    assert_eq!(seen, [("add_to_group", OpenState::Pending, named(1)), ("unlock_user", OpenState::Requested, named(2))]);
    assert_eq!((open[0].code.clone(), open[0].expires_at), (binding(1).code(), NOW.plus(90)));
    assert_eq!(store.read_open(&table::bob(), ample()).await, Ok(vec![]));
}

#[tokio::test]
async fn another_name_tool_or_person_reads_nothing() {
    let (_table, store) = requested().await;
    assert!(store.read(&person(), "add_to_group", &named(2), ample()).await.unwrap().is_none());
    assert!(store.read(&person(), "unlock_user", &named(1), ample()).await.unwrap().is_none());
    assert!(store.read(&table::bob(), "add_to_group", &named(1), ample()).await.unwrap().is_none());
}

#[tokio::test]
async fn the_row_shows_neither_the_arguments_nor_the_providers_id() {
    let (table, store) = pending().await;
    let mut seen = format!("{:?}", table.open_item().await);
    let ending = Ending::Done { words: "bob@example.com is in it".to_owned() };
    let ended = started(1).end(ending, NOW.plus(9));
    assert_eq!(store.record_end(&ended, ample()).await, Ok(Recording::Recorded));
    seen.push_str(&format!("{:?}", table.item(&format!("done#{}", named(1).as_str())).await));
    for secret in ["bob@example.com", "request-sample", "VPN"] {
        let as_bytes = format!("{:?}", secret.as_bytes());
        let as_bytes = as_bytes.trim_matches(['[', ']']);
        assert!(!seen.contains(secret) && !seen.contains(as_bytes), "{secret}");
    }
}

#[test]
fn each_problem_is_refused_in_its_own_way() {
    for (error, code, seconds) in [
        (ApprovalError::Unreadable, Code::Internal, None),
        (ApprovalError::Busy, Code::Busy, Some(2)),
        (ApprovalError::Unavailable, Code::Unavailable, None),
        (ApprovalError::Misconfigured, Code::Internal, None),
    ] {
        let refusal = Refusal::from(error);
        assert_eq!((refusal.code(), refusal.retry_after_seconds()), (code, seconds));
    }
}

fn answer_of_the_provider() -> Started {
    Started { auth_req_id: Secret::new("request-sample".to_owned()), expires_in: 90, interval: Some(7) }
}
