//! Data keys from AWS KMS, and what is sealed under them (AWS KMS API Reference, `GenerateDataKey` and `Decrypt`).

use std::collections::HashMap;
use std::future::Future;
use std::sync::Arc;

use auth::encryption_context::EncryptionContext;
use auth::keycard::KeyArn;
use auth::time::Clock;
use aws_lc_rs::digest;
use aws_sdk_kms::Client;
use aws_sdk_kms::config::http::HttpResponse;
use aws_sdk_kms::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::DataKeySpec;
use tokio::time::Instant;
use zeroize::Zeroizing;

use super::data_keys::{DataKey, DataKeys};
use super::form::{self, Key};
use super::{KmsKeys, Place, SealError};
use crate::connection::Aws;
use upstream_secrets::failure::{Failure, answer};

const VERSION: u8 = 2;
/// Which KMS key: the first bytes of the SHA-256 of its ARN.
const MARK_BYTES: usize = 8;
/// The longest ciphertext that `Decrypt` takes, in bytes.
const LONGEST_WRAPPED: usize = 6_144;

#[derive(Clone)]
pub(super) struct KmsSeal {
    client: Client,
    keys: Arc<KmsKeys>,
    data_keys: Arc<DataKeys>,
}

/// What was sealed, taken apart.
struct Sealed<'a> {
    head: &'a [u8],
    mark: [u8; MARK_BYTES],
    wrapped: &'a [u8],
    rest: &'a [u8],
}

impl KmsSeal {
    pub(super) fn new(aws: &Aws, keys: KmsKeys, clock: Clock) -> Self {
        Self { client: aws.kms.clone(), keys: Arc::new(keys), data_keys: Arc::new(DataKeys::new(clock)) }
    }

    pub(super) fn by(&self, aws: &Aws) -> Self {
        Self { client: aws.kms.clone(), ..self.clone() }
    }

    /// A plain form of any length: KMS sees the data key only, never the plain form, of which it would take 4,096 bytes.
    pub(super) async fn seal(&self, place: &impl Place, plain: &[u8], until: Instant) -> Result<Vec<u8>, SealError> {
        let (arn, context) = (&self.keys.current, place.context());
        let (wrapped, key) = match self.data_keys.to_seal(arn, &context) {
            Some(found) => found,
            None => self.generate(arn, context, until).await?,
        };
        form::seal(&key, &head(arn, &wrapped)?, place, plain)
    }

    pub(super) async fn open(
        &self,
        place: &impl Place,
        sealed: &[u8],
        until: Instant,
    ) -> Result<Zeroizing<Vec<u8>>, SealError> {
        self.data_keys.sweep();
        let Sealed { head, mark: marked, wrapped, rest } = Sealed::parse(sealed).ok_or(SealError::Unreadable)?;
        let mut known = std::iter::once(&self.keys.current).chain(&self.keys.old);
        let arn = known.find(|arn| mark(arn) == Some(marked)).ok_or(SealError::Unreadable)?;
        let context = place.context();
        let key = match self.data_keys.to_open(arn, &context, wrapped) {
            Some(key) => key,
            None => self.decrypt(arn, context, wrapped, until).await?,
        };
        form::open(&key, head, place, rest)
    }

    async fn generate(
        &self,
        arn: &KeyArn,
        context: EncryptionContext,
        until: Instant,
    ) -> Result<(Vec<u8>, Key), SealError> {
        let request = self
            .client
            .generate_data_key()
            .key_id(arn.as_str())
            .key_spec(DataKeySpec::Aes256)
            .set_encryption_context(Some(members(&context)));
        let reply = asked(until, || request.clone().send()).await?;
        let plain = plain(reply.plaintext);
        let wrapped =
            reply.ciphertext_blob.map(Blob::into_inner).filter(|_| reply.key_id.as_deref() == Some(arn.as_str()));
        let (Some(key), Some(wrapped)) = (plain, wrapped) else { return Err(SealError::Unavailable) };
        let (arn, ours) = (arn.clone(), true);
        self.data_keys.keep(DataKey { arn, context, wrapped: wrapped.clone(), key: key.clone(), ours });
        Ok((wrapped, key))
    }

    async fn decrypt(
        &self,
        arn: &KeyArn,
        context: EncryptionContext,
        wrapped: &[u8],
        until: Instant,
    ) -> Result<Key, SealError> {
        let request = self
            .client
            .decrypt()
            .key_id(arn.as_str())
            .ciphertext_blob(Blob::new(wrapped))
            .set_encryption_context(Some(members(&context)));
        let reply = asked(until, || request.clone().send()).await?;
        // KMS says which key it was. Whatever else it opened, it is not what we sealed.
        let key = plain(reply.plaintext).filter(|_| reply.key_id.as_deref() == Some(arn.as_str()));
        let key = key.ok_or(SealError::Unreadable)?;
        let (arn, wrapped, ours) = (arn.clone(), wrapped.to_vec(), false);
        self.data_keys.keep(DataKey { arn, context, wrapped, key: key.clone(), ours });
        Ok(key)
    }
}

impl<'a> Sealed<'a> {
    fn parse(sealed: &'a [u8]) -> Option<Self> {
        let (version, after) = sealed.split_first()?;
        let (mark, after) = after.split_first_chunk::<MARK_BYTES>()?;
        let (length, after) = after.split_first_chunk::<2>()?;
        let length = usize::from(u16::from_be_bytes(*length));
        let (wrapped, rest) = after.split_at_checked(length)?;
        let head = sealed.get(..sealed.len() - rest.len())?;
        let good = *version == VERSION && (1..=LONGEST_WRAPPED).contains(&length);
        good.then_some(Self { head, mark: *mark, wrapped, rest })
    }
}

fn head(arn: &KeyArn, wrapped: &[u8]) -> Result<Vec<u8>, SealError> {
    let length = u16::try_from(wrapped.len()).ok().filter(|_| (1..=LONGEST_WRAPPED).contains(&wrapped.len()));
    let (length, mark) = (length.ok_or(SealError::Unavailable)?, mark(arn).ok_or(SealError::Misconfigured)?);
    Ok([&[VERSION][..], &mark, &length.to_be_bytes(), wrapped].concat())
}

fn mark(arn: &KeyArn) -> Option<[u8; MARK_BYTES]> {
    digest::digest(&digest::SHA256, arn.as_str().as_bytes()).as_ref().first_chunk().copied()
}

fn members(context: &EncryptionContext) -> HashMap<String, String> {
    context.members().map(|(name, value)| (name.to_owned(), value.to_owned())).into()
}

/// The copies that the client made on the way from the wire are not ours to wipe.
fn plain(plaintext: Option<Blob>) -> Option<Key> {
    form::key(&Zeroizing::new(plaintext?.into_inner()))
}

/// The answer of KMS. Asked once more if it was throttled or the connection failed: asking changes nothing.
async fn asked<T, E, F>(until: Instant, send: impl Fn() -> F) -> Result<T, SealError>
where
    E: ProvideErrorMetadata,
    F: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
{
    // KMS has looked at what it was to open, and it was not under this key in this context.
    let once = || async {
        match send().await {
            Err(error) if error.code().is_some_and(|code| UNREADABLE.contains(&code)) => Ok(None),
            other => other.map(Some),
        }
    };
    let reply = match answer(until, once()).await {
        Err(Failure::Throttled | Failure::Connection) => answer(until, once()).await?,
        first => first?,
    };
    reply.ok_or(SealError::Unreadable)
}

const UNREADABLE: [&str; 2] = ["InvalidCiphertextException", "IncorrectKeyException"];
