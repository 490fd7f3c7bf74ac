//! What the seal relies on at KMS, asked of the double and of moto's server.

use super::{Parts, SealError, another_reference};
use crate::connection::Aws;
use crate::seal::{KmsKeys, Seal};
use crate::testing::keys::Keys;
use crate::testing::{EMULATOR, ample, aws_at};
use auth::keycard::KeyArn;
use auth::time::Clock;
use aws_sdk_kms::error::ProvideErrorMetadata as _;

struct World {
    aws: Aws,
    key: KeyArn,
    another: KeyArn,
    /// Why another key does not open it. AWS says `IncorrectKeyException`; moto decrypts by the key that the ciphertext names and takes
    /// any other for a denial. The seal reads neither: it asks for no key but the one that it put into its head.
    incorrect_key: &'static str,
}

impl World {
    /// A seal with no data key in memory.
    fn seal(&self, key: &KeyArn) -> Seal {
        let clock = Clock::new(|| crate::testing::people::NOW);
        Seal::kms(&self.aws, KmsKeys { current: key.clone(), old: vec![] }, clock)
    }
}

async fn a_data_key_opens_under_its_encryption_context_only(world: &World) {
    let parts = Parts::alices();
    let sealed = world.seal(&world.key).seal(&parts.place(), b"plain", ample()).await.unwrap();
    let opened = world.seal(&world.key).open(&parts.place(), &sealed, ample()).await;
    assert_eq!(opened.unwrap().as_slice(), b"plain");
    for elsewhere in
        [Parts { table: "u", ..Parts::alices() }, Parts { hash: another_reference().hash(), ..Parts::alices() }]
    {
        let opened = world.seal(&world.key).open(&elsewhere.place(), &sealed, ample()).await;
        assert_eq!(opened.err(), Some(SealError::Unreadable));
    }
    let opened = world.seal(&world.another).open(&parts.place(), &sealed, ample()).await;
    assert_eq!(opened.err(), Some(SealError::Unreadable), "another key");
}

/// The services' own errors, by the names that our code reads.
async fn each_refusal_has_its_name(world: &World) {
    let context = |value: &str| Some([("row".to_owned(), value.to_owned())].into());
    let generate = world.aws.kms.generate_data_key().key_spec(aws_sdk_kms::types::DataKeySpec::Aes256);
    let made = generate.clone().key_id(world.key.as_str()).set_encryption_context(context("a")).send().await.unwrap();
    assert_eq!(made.plaintext().unwrap().as_ref().len(), 32);
    assert_eq!(made.key_id(), Some(world.key.as_str()));
    let wrapped = made.ciphertext_blob().unwrap().clone();
    let decrypt = |key: &KeyArn, value: &str| {
        world
            .aws
            .kms
            .decrypt()
            .key_id(key.as_str())
            .ciphertext_blob(wrapped.clone())
            .set_encryption_context(context(value))
            .send()
    };
    assert_eq!(decrypt(&world.key, "a").await.unwrap().plaintext(), made.plaintext());
    let wrong = decrypt(&world.key, "b").await.unwrap_err().into_service_error();
    assert!(wrong.is_invalid_ciphertext_exception(), "{wrong:?}");
    let other = decrypt(&world.another, "a").await.unwrap_err().into_service_error();
    assert_eq!(other.code(), Some(world.incorrect_key), "{other:?}");
    let absent = world.key.as_str().rsplit_once('/').unwrap().0.to_owned() + "/00000000-0000-4000-8000-000000000000";
    let absent = generate.key_id(absent).send().await.unwrap_err().into_service_error();
    assert!(absent.is_not_found_exception(), "{absent:?}");
}

async fn double() -> (Keys, World) {
    let keys = Keys::start().await;
    let world = World {
        aws: aws_at(&keys.kms.double.url()).await,
        key: keys.arn.clone(),
        another: keys.another(),
        incorrect_key: "IncorrectKeyException",
    };
    (keys, world)
}

async fn emulator() -> World {
    let aws = aws_at(EMULATOR).await;
    let mut made = Vec::new();
    for _ in 0..2 {
        let key = aws.kms.create_key().send().await.unwrap();
        made.push(KeyArn::parse(key.key_metadata().unwrap().arn().unwrap()).unwrap());
    }
    World { aws, another: made.pop().unwrap(), key: made.pop().unwrap(), incorrect_key: "AccessDeniedException" }
}

#[tokio::test]
async fn the_double_of_kms_binds_a_data_key_to_its_context() {
    let (_keys, world) = double().await;
    a_data_key_opens_under_its_encryption_context_only(&world).await;
}

#[tokio::test]
async fn the_double_of_kms_names_its_refusals() {
    let (_keys, world) = double().await;
    each_refusal_has_its_name(&world).await;
}

#[tokio::test]
#[ignore = "needs moto: make conformance"]
async fn moto_kms_binds_a_data_key_to_its_context() {
    a_data_key_opens_under_its_encryption_context_only(&emulator().await).await;
}

#[tokio::test]
#[ignore = "needs moto: make conformance"]
async fn moto_kms_names_its_refusals() {
    each_refusal_has_its_name(&emulator().await).await;
}
