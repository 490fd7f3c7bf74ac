use super::Parts;
use crate::seal::{Seal, SealError};
use crate::testing::ample;
use crate::testing::keys::Keys;
use crate::testing::people::another_reference;
use crate::testing::table::seal;

/// Version, mark and length stand before the encrypted data key.
const BEFORE_WRAPPED: usize = 1 + 8 + 2;

async fn sealed(seal: &Seal, parts: &Parts) -> Vec<u8> {
    seal.seal(&parts.place(), b"plain", ample()).await.unwrap()
}

async fn opened(seal: &Seal, parts: &Parts, sealed: &[u8]) -> Result<Vec<u8>, SealError> {
    seal.open(&parts.place(), sealed, ample()).await.map(|plain| plain.to_vec())
}

fn wrapped_length(sealed: &[u8]) -> usize {
    usize::from(u16::from_be_bytes([sealed[9], sealed[10]]))
}

#[tokio::test]
async fn what_one_process_sealed_another_opens_with_one_request() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let (one, two) = (keys.seal().await, keys.seal().await);
    let bytes = sealed(&one, &parts).await;
    assert_eq!(bytes[0], 2, "the seal version");
    assert_eq!(opened(&one, &parts, &bytes).await.unwrap(), b"plain");
    assert_eq!(keys.asked(), (1, 0), "who sealed it need not ask");
    for _ in 0..3 {
        assert_eq!(opened(&two, &parts, &bytes).await.unwrap(), b"plain");
    }
    assert_eq!(keys.asked(), (1, 1));
}

#[tokio::test]
async fn it_opens_in_no_other_row_table_or_purpose_even_with_the_data_key_in_memory() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let seal = keys.seal().await;
    let bytes = sealed(&seal, &parts).await;
    for (elsewhere, decrypts) in [
        // Another encryption context: KMS does not open the data key.
        (Parts { table: "u", ..Parts::alices() }, 1),
        (Parts { hash: another_reference().hash(), ..Parts::alices() }, 1),
        // The same: the associated data says no.
        (Parts { purpose: "q", ..Parts::alices() }, 0),
        (Parts { organization: None, ..Parts::alices() }, 0),
        (Parts { expires_at: Parts::alices().expires_at.plus(1), ..Parts::alices() }, 0),
    ] {
        keys.kms.forget();
        assert_eq!(opened(&seal, &elsewhere, &bytes).await, Err(SealError::Unreadable));
        assert_eq!(keys.asked(), (0, decrypts));
    }
}

#[tokio::test]
async fn no_byte_can_be_changed_and_none_left_out() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let seal = keys.seal().await;
    let bytes = sealed(&seal, &parts).await;
    for place in 0..bytes.len() {
        let mut bent = bytes.clone();
        bent[place] ^= 1 << (place % 8);
        assert_eq!(opened(&seal, &parts, &bent).await, Err(SealError::Unreadable), "byte {place}");
        assert_eq!(opened(&seal, &parts, &bytes[..place]).await, Err(SealError::Unreadable), "{place} bytes");
    }
    assert_eq!(opened(&seal, &parts, &bytes).await.unwrap(), b"plain");
}

#[tokio::test]
async fn no_head_can_be_put_before_what_was_sealed_under_another() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let one = sealed(&keys.seal().await, &parts).await;
    let two = sealed(&keys.seal().await, &parts).await;
    let end = BEFORE_WRAPPED + wrapped_length(&one);
    let mixed = [&two[..end], &one[end..]].concat();
    assert_eq!(opened(&keys.seal().await, &parts, &mixed).await, Err(SealError::Unreadable));
}

#[tokio::test]
async fn neither_kind_of_seal_opens_what_the_other_sealed() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let (local, kms) = (seal(1), keys.seal().await);
    let (by_local, by_kms) = (sealed(&local, &parts).await, sealed(&kms, &parts).await);
    keys.kms.forget();
    assert_eq!(opened(&kms, &parts, &by_local).await, Err(SealError::Unreadable));
    assert_eq!(opened(&local, &parts, &by_kms).await, Err(SealError::Unreadable));
    for bytes in [&by_local, &by_kms] {
        let mut renamed = bytes.clone();
        renamed[0] = 3 - renamed[0];
        assert_eq!(opened(&kms, &parts, &renamed).await, Err(SealError::Unreadable));
        assert_eq!(opened(&local, &parts, &renamed).await, Err(SealError::Unreadable));
    }
    assert_eq!(keys.asked(), (0, 0), "there is nothing to ask KMS");
}

#[tokio::test]
async fn what_is_longer_than_kms_takes_is_sealed_all_the_same() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let long = vec![7; 20_000];
    let bytes = keys.seal().await.seal(&parts.place(), &long, ample()).await.unwrap();
    assert_eq!(opened(&keys.seal().await, &parts, &bytes).await.unwrap(), long);
    assert_eq!(keys.asked(), (1, 1), "and never by Encrypt");
    assert!(wrapped_length(&bytes) < 4_096);
}
