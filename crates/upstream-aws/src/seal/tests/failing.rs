use devstack::fault::Effect;

use super::Parts;
use crate::seal::SealError;
use crate::testing::keys::Keys;
use crate::testing::{ample, brief};

#[tokio::test]
async fn each_refusal_of_kms_has_its_kind_and_only_limits_are_asked_twice() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let sealed = keys.seal().await.seal(&parts.place(), b"plain", ample()).await.unwrap();
    for (status, code, expected, times) in [
        (400, "ThrottlingException", SealError::Busy, 2),
        (500, "KMSInternalException", SealError::Unavailable, 1),
        (503, "DependencyTimeoutException", SealError::Unavailable, 1),
        (500, "KeyUnavailableException", SealError::Unavailable, 1),
        (400, "AccessDeniedException", SealError::Misconfigured, 1),
        (400, "DisabledException", SealError::Misconfigured, 1),
        (409, "KMSInvalidStateException", SealError::Misconfigured, 1),
        (400, "NotFoundException", SealError::Misconfigured, 1),
        (400, "ValidationException", SealError::Misconfigured, 1),
        (400, "UnrecognizedClientException", SealError::Misconfigured, 1),
        (400, "InvalidCiphertextException", SealError::Unreadable, 1),
        (400, "IncorrectKeyException", SealError::Unreadable, 1),
    ] {
        keys.kms.mend();
        keys.kms.forget();
        keys.refuse(status, code, None);
        let seal = keys.seal().await;
        let opened = seal.open(&parts.place(), &sealed, ample()).await;
        assert_eq!((opened.err(), keys.asked()), (Some(expected), (0, times)), "{code}");
        let anew = seal.seal(&parts.place(), b"plain", ample()).await;
        assert_eq!((anew.err(), keys.asked()), (Some(expected), (times, times)), "{code}");
    }
}

#[tokio::test]
async fn one_throttled_request_or_broken_connection_is_survived() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    keys.refuse(400, "ThrottlingException", Some(1));
    let sealed = keys.seal().await.seal(&parts.place(), b"plain", ample()).await.unwrap();
    keys.fail(Effect::Reset, Some(1));
    assert!(keys.seal().await.open(&parts.place(), &sealed, ample()).await.is_ok());
    assert_eq!(keys.asked(), (2, 2));
}

#[tokio::test]
async fn whoever_does_not_answer_in_time_is_left() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let sealed = keys.seal().await.seal(&parts.place(), b"plain", ample()).await.unwrap();
    keys.fail(Effect::Hang, None);
    let seal = keys.seal().await;
    assert_eq!(seal.open(&parts.place(), &sealed, brief()).await.err(), Some(SealError::Unavailable));
    assert_eq!(seal.seal(&parts.place(), b"plain", brief()).await.err(), Some(SealError::Unavailable));
}

#[tokio::test]
async fn an_answer_that_is_not_about_our_key_is_not_used() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let sealed = keys.seal().await.seal(&parts.place(), b"plain", ample()).await.unwrap();
    for (at, value) in [
        ("/KeyId", keys.another().as_str().to_owned()),
        ("/Plaintext", "AAAA".to_owned()),
        ("/CiphertextBlob", String::new()),
    ] {
        keys.kms.mend();
        keys.fail(Effect::Patch([(at.to_owned(), value.into())].into()), None);
        let anew = keys.seal().await.seal(&parts.place(), b"plain", ample()).await;
        assert_eq!(anew.err(), Some(SealError::Unavailable), "{at}");
        if at != "/CiphertextBlob" {
            let opened = keys.seal().await.open(&parts.place(), &sealed, ample()).await;
            assert_eq!(opened.err(), Some(SealError::Unreadable), "{at}");
        }
        keys.kms.mend();
        keys.fail(Effect::Remove(vec![at.to_owned()]), None);
        assert!(keys.seal().await.seal(&parts.place(), b"plain", ample()).await.is_err(), "without {at}");
    }
}

#[tokio::test]
async fn a_disabled_key_is_ours_to_mend_and_works_again_when_it_is() {
    let (keys, parts) = (Keys::start().await, Parts::alices());
    let sealed = keys.seal().await.seal(&parts.place(), b"plain", ample()).await.unwrap();
    keys.kms.set_enabled(&keys.id, false);
    let seal = keys.seal().await;
    assert_eq!(seal.open(&parts.place(), &sealed, ample()).await.err(), Some(SealError::Misconfigured));
    assert_eq!(seal.seal(&parts.place(), b"plain", ample()).await.err(), Some(SealError::Misconfigured));
    keys.kms.set_enabled(&keys.id, true);
    assert_eq!(seal.open(&parts.place(), &sealed, ample()).await.unwrap().as_slice(), b"plain");
}
