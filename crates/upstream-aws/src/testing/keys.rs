//! Keys at the double of KMS, and seals as several processes have them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use auth::keycard::KeyArn;
use auth::time::{Clock, Timestamp};
use devstack::fault::{Effect, Fault};
use devstack::kms::Kms;
use tokio::net::TcpListener;

use super::aws_at;
use super::people::NOW;
use crate::seal::{KmsKeys, Seal};

pub(crate) struct Keys {
    pub(crate) kms: Kms,
    /// The key's id, and its ARN.
    pub(crate) id: String,
    pub(crate) arn: KeyArn,
    now: Arc<AtomicU64>,
}

impl Keys {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let kms = devstack::kms::start(listener).await.unwrap();
        let id = kms.create_key("rows");
        let arn = arn(&id);
        Self { kms, id, arn, now: Arc::new(AtomicU64::new(NOW.seconds())) }
    }

    /// A seal by the key, with no data key in memory.
    pub(crate) async fn seal(&self) -> Seal {
        self.seal_by(&self.arn, &[]).await
    }

    /// The same by another key, which also opens what is under old ones.
    pub(crate) async fn seal_by(&self, current: &KeyArn, old: &[KeyArn]) -> Seal {
        let keys = KmsKeys { current: current.clone(), old: old.to_vec() };
        Seal::kms(&aws_at(&self.kms.double.url()).await, keys, self.clock())
    }

    pub(crate) fn clock(&self) -> Clock {
        let now = Arc::clone(&self.now);
        Clock::new(move || Timestamp::from_seconds(now.load(Ordering::Relaxed)))
    }

    /// Sets the clock, in seconds from [`NOW`].
    pub(crate) fn set(&self, seconds: i64) {
        self.now.store(NOW.seconds().checked_add_signed(seconds).unwrap(), Ordering::Relaxed);
    }

    pub(crate) fn another(&self) -> KeyArn {
        arn(&self.kms.create_key("another"))
    }

    /// How often KMS was asked to generate and to decrypt.
    pub(crate) fn asked(&self) -> (u64, u64) {
        let (generated, decrypted) =
            (self.kms.requests_by_operation("GenerateDataKey"), self.kms.requests_by_operation("Decrypt"));
        assert_eq!(self.kms.operations().len() as u64, generated + decrypted, "nothing else");
        (generated, decrypted)
    }

    /// Answers so, as often as is said.
    pub(crate) fn refuse(&self, status: u16, code: &str, times: Option<u32>) {
        let body = format!(r#"{{"__type":"{code}","message":"text of the service"}}"#);
        self.fail(Effect::Answer { status, headers: [].into(), body }, times);
    }

    pub(crate) fn fail(&self, effect: Effect, times: Option<u32>) {
        self.kms.fault(Fault { on: String::new(), times, skip: 0, effect });
    }
}

fn arn(id: &str) -> KeyArn {
    KeyArn::parse(&devstack::kms::arn(id)).unwrap()
}
