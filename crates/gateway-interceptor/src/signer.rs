//! Signs tickets, with a seed that is read when the first of them is due.

use std::pin::Pin;

use auth::refusal::{Code, Refusal};
use auth::secret::{Secret, SecretSource};
use auth::ticket::Minter;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use tokio::sync::OnceCell;
use tokio::time::{Instant, timeout_at};
use upstream_secrets::Secrets;

/// The name that tickets of the gateway are signed in.
const MINTER: &str = "gateway";

type Reading = Pin<Box<dyn Future<Output = Result<Secret, &'static str>> + Send>>;

/// Signs, once it has its seed. A seed goes with its id, which is a setting, so one that was read is never read anew.
pub(crate) struct Signer {
    kid: String,
    read: Box<dyn Fn(Instant) -> Reading + Send + Sync>,
    minter: OnceCell<Minter>,
}

impl Signer {
    /// `secrets` reads a seed that is stored.
    pub(crate) fn new(seed: SecretSource, kid: String, secrets: Option<&Secrets>) -> Self {
        let read: Box<dyn Fn(Instant) -> Reading + Send + Sync> = match (seed, secrets) {
            (SecretSource::Given(seed), _) => Box::new(move |_| {
                let seed = seed.clone();
                Box::pin(async { Ok(seed) })
            }),
            (SecretSource::Stored(arn), Some(secrets)) => Box::new(secrets.reader(arn)),
            (SecretSource::Stored(_), None) => Box::new(|_| Box::pin(async { Err("nothing reads the seed") })),
        };
        Self { kid, read, minter: OnceCell::new() }
    }

    /// The minter. What could not be read is read again by the next call.
    pub(crate) async fn minter(&self, until: Instant) -> Result<&Minter, Refusal> {
        let made = self.minter.get_or_try_init(|| async {
            let unread = |cause| Refusal::new(Code::Unavailable, format!("gateway: ticket seed: {cause}"));
            let seed = (self.read)(until).await.map_err(unread)?;
            let wrong = || Refusal::new(Code::Internal, "gateway: ticket seed: not 32 bytes in base64url");
            minter(&seed, &self.kid).ok_or_else(wrong)
        });
        let late = |_| Refusal::new(Code::Unavailable, "gateway: ticket seed: not read in time");
        timeout_at(until, made).await.map_err(late)?
    }
}

/// Nothing if the text is no seed, or the id none of a key.
pub(crate) fn minter(seed: &Secret, kid: &str) -> Option<Minter> {
    let seed = URL_SAFE_NO_PAD.decode(seed.expose()).ok()?;
    Minter::from_seed(MINTER, kid, &seed)
}
