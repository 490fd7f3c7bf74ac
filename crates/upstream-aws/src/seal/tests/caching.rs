use std::sync::Arc;

use auth::encryption_context::EncryptionContext;
use auth::id::SessionReference;

use super::Parts;
use crate::seal::data_keys::{DataKey, DataKeys, MOST_KEPT};
use crate::seal::form;
use crate::testing::ample;
use crate::testing::keys::Keys;
use crate::testing::people::another_reference;

#[tokio::test]
async fn a_data_key_seals_and_opens_for_five_minutes_and_not_a_second_longer() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let (one, two) = (keys.seal().await, keys.seal().await);
    let sealed = one.seal(&parts.place(), b"plain", ample()).await.unwrap();
    two.open(&parts.place(), &sealed, ample()).await.unwrap();
    for (seconds, asked) in [(299, (1, 1)), (300, (2, 2)), (599, (2, 2)), (600, (3, 3))] {
        keys.set(seconds);
        one.seal(&parts.place(), b"plain", ample()).await.unwrap();
        two.open(&parts.place(), &sealed, ample()).await.unwrap();
        assert_eq!(keys.asked(), asked, "after {seconds} s");
    }
    keys.set(-1);
    two.open(&parts.place(), &sealed, ample()).await.unwrap();
    assert_eq!(keys.asked(), (3, 4), "a clock that was set back says nothing of its age");
}

#[tokio::test]
async fn each_row_has_a_data_key_of_its_own_and_an_opened_one_does_not_seal() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let (one, two) = (keys.seal().await, keys.seal().await);
    let sealed = one.seal(&parts.place(), b"plain", ample()).await.unwrap();
    let other = Parts { hash: another_reference().hash(), ..Parts::alices() };
    one.seal(&other.place(), b"plain", ample()).await.unwrap();
    assert_eq!(keys.asked(), (2, 0));
    two.open(&parts.place(), &sealed, ample()).await.unwrap();
    two.seal(&parts.place(), b"plain", ample()).await.unwrap();
    assert_eq!(keys.asked(), (3, 1));
}

#[tokio::test]
async fn clones_and_those_with_other_rights_share_what_is_in_memory() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let seal = keys.seal().await;
    let sealed = seal.seal(&parts.place(), b"plain", ample()).await.unwrap();
    // Nobody would answer there.
    let elsewhere = seal.clone().by(&crate::testing::aws_at("http://127.0.0.1:9").await);
    assert_eq!(elsewhere.open(&parts.place(), &sealed, ample()).await.unwrap().as_slice(), b"plain");
    assert_eq!(keys.asked(), (1, 0));
}

fn context(number: usize) -> EncryptionContext {
    EncryptionContext::of_session("t", &SessionReference::parse(&format!("session-{number}")).unwrap().hash())
}

fn data_key(keys: &Keys, number: usize) -> DataKey {
    let key = form::key(&[7; 32]).unwrap();
    DataKey { arn: keys.arn.clone(), context: context(number), wrapped: vec![1, 2, 3], key, ours: true }
}

#[tokio::test]
async fn of_many_data_keys_the_oldest_gives_way() {
    let keys = Keys::start().await;
    let kept = Arc::new(DataKeys::new(keys.clock()));
    for number in 0..=MOST_KEPT {
        kept.keep(data_key(&keys, number));
    }
    assert_eq!(kept.count(), MOST_KEPT);
    assert!(kept.to_open(&keys.arn, &context(0), &[1, 2, 3]).is_none());
    assert!(kept.to_open(&keys.arn, &context(1), &[1, 2, 3]).is_some());
    assert!(kept.to_open(&keys.arn, &context(MOST_KEPT), &[1, 2, 3]).is_some());
}

#[tokio::test]
async fn a_data_key_is_found_by_all_that_it_belongs_to_and_by_nothing_less() {
    let keys = Keys::start().await;
    let kept = Arc::new(DataKeys::new(keys.clock()));
    kept.keep(data_key(&keys, 1));
    kept.keep(DataKey { ours: false, ..data_key(&keys, 2) });
    assert!(kept.to_open(&keys.arn, &context(1), &[1, 2, 3]).is_some());
    assert!(kept.to_open(&keys.another(), &context(1), &[1, 2, 3]).is_none());
    assert!(kept.to_open(&keys.arn, &context(2), &[1, 2]).is_none());
    assert!(kept.to_open(&keys.arn, &context(3), &[1, 2, 3]).is_none());
    assert!(kept.to_seal(&keys.arn, &context(1)).is_some());
    assert!(kept.to_seal(&keys.another(), &context(1)).is_none());
    assert!(kept.to_seal(&keys.arn, &context(2)).is_none(), "it was only opened");
}

#[tokio::test]
async fn what_has_expired_is_wiped_by_whoever_comes_next_and_by_nobody_at_all() {
    let keys = Keys::start().await;
    let kept = Arc::new(DataKeys::new(keys.clock()));
    kept.keep(data_key(&keys, 1));
    keys.set(100);
    kept.keep(data_key(&keys, 2));
    assert!(kept.is_tended());
    assert_eq!(kept.swept().map(|pause| pause.as_secs()), Some(200), "until the first expires");
    keys.set(300);
    assert!(kept.to_open(&keys.arn, &context(9), &[]).is_none());
    assert_eq!(kept.count(), 1, "whoever it was that looked");
    keys.set(400);
    assert_eq!(kept.count(), 1);
    assert_eq!(kept.swept(), None, "what the timer does, and then ends");
    assert_eq!((kept.count(), kept.is_tended()), (0, false));
}
