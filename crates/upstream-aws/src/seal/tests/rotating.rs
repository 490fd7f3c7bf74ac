use auth::keycard::KeyArn;

use super::Parts;
use crate::seal::SealError;
use crate::testing::ample;
use crate::testing::keys::Keys;

#[tokio::test]
async fn what_kms_rotates_by_itself_changes_nothing() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let old = keys.seal().await.seal(&parts.place(), b"plain", ample()).await.unwrap();
    assert!(keys.kms.rotate(&keys.id));
    let seal = keys.seal().await;
    let new = seal.seal(&parts.place(), b"plain", ample()).await.unwrap();
    for sealed in [old, new] {
        assert_eq!(seal.open(&parts.place(), &sealed, ample()).await.unwrap().as_slice(), b"plain");
    }
}

#[tokio::test]
async fn rows_of_an_old_key_open_new_ones_are_under_the_new_key_and_a_removed_keys_are_unreadable() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let (old_key, new_key) = (keys.arn.clone(), keys.another());
    let old = keys.seal().await.seal(&parts.place(), b"plain", ample()).await.unwrap();
    let both = keys.seal_by(&new_key, std::slice::from_ref(&old_key)).await;
    assert_eq!(both.open(&parts.place(), &old, ample()).await.unwrap().as_slice(), b"plain");
    let new = both.seal(&parts.place(), b"plain", ample()).await.unwrap();
    assert_ne!(old[1..9], new[1..9], "the head says which key");

    keys.kms.forget();
    let new_only = keys.seal_by(&new_key, &[]).await;
    assert_eq!(new_only.open(&parts.place(), &old, ample()).await.err(), Some(SealError::Unreadable));
    assert_eq!(keys.asked(), (0, 0), "KMS might still open it");
    assert_eq!(new_only.open(&parts.place(), &new, ample()).await.unwrap().as_slice(), b"plain");
    let old_only = keys.seal().await;
    assert_eq!(old_only.open(&parts.place(), &new, ample()).await.err(), Some(SealError::Unreadable));
}

#[tokio::test]
async fn a_key_that_is_not_there_seals_nothing() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let nobody = KeyArn::parse("arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000").unwrap();
    let seal = keys.seal_by(&nobody, &[]).await;
    assert_eq!(seal.seal(&parts.place(), b"plain", ample()).await.err(), Some(SealError::Misconfigured));
}
