//! The operations. Each reads its own parameters and answers a JSON object.

use aws_lc_rs::rand;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::api::Guard;
use super::blob::Blob;
use super::context::{EncryptionContext, canonical};
use super::problem::Problem;
use super::store::Keys;
use crate::lambda::ACCOUNT;

/// The longest text that is encrypted, in bytes.
const LONGEST_TEXT: usize = 4096;
/// The longest ciphertext that is read, in bytes.
const LONGEST_BLOB: usize = 6144;
/// The longest data key, in bytes.
const LONGEST_DATA_KEY: usize = 1024;
/// The one algorithm of symmetric keys.
const ALGORITHM: &str = "SYMMETRIC_DEFAULT";

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct GenerateDataKey {
    key_id: String,
    key_spec: Option<String>,
    number_of_bytes: Option<usize>,
    #[serde(default)]
    encryption_context: EncryptionContext,
}

/// [GenerateDataKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateDataKey.html)
pub(super) fn generate_data_key(keys: &Keys, guard: &Guard, wish: GenerateDataKey) -> Result<Value, Problem> {
    let length = match (wish.key_spec.as_deref(), wish.number_of_bytes) {
        (Some("AES_256"), None) => 32,
        (Some("AES_128"), None) => 16,
        (Some(_), None) => return Err(Problem::constraint("keySpec", "satisfy enum value set: [AES_256, AES_128]")),
        (None, Some(0)) => return Err(Problem::constraint("numberOfBytes", "have value greater than or equal to 1")),
        (None, Some(bytes)) if bytes <= LONGEST_DATA_KEY => bytes,
        (None, Some(_)) => return Err(Problem::constraint("numberOfBytes", "have value less than or equal to 1024")),
        _ => return Err(Problem::validation("Please specify either number of bytes or key spec.")),
    };
    let id = keys.resolve(&wish.key_id)?;
    guard.admit(&id, &wish.encryption_context)?;
    let mut key = vec![0; length];
    rand::fill(&mut key).map_err(|_| Problem::internal())?;
    let blob = keys.seal(&id, &key, &canonical(&wish.encryption_context))?;
    Ok(json!({
        "KeyId": super::arn(&id),
        "Plaintext": STANDARD.encode(key),
        "CiphertextBlob": STANDARD.encode(blob),
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Encrypt {
    key_id: String,
    plaintext: String,
    #[serde(default)]
    encryption_context: EncryptionContext,
    encryption_algorithm: Option<String>,
}

/// [Encrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Encrypt.html)
pub(super) fn encrypt(keys: &Keys, guard: &Guard, wish: Encrypt) -> Result<Value, Problem> {
    let text = bytes(&wish.plaintext, "plaintext", LONGEST_TEXT)?;
    algorithm(wish.encryption_algorithm.as_deref())?;
    let id = keys.resolve(&wish.key_id)?;
    guard.admit(&id, &wish.encryption_context)?;
    let blob = keys.seal(&id, &text, &canonical(&wish.encryption_context))?;
    Ok(json!({
        "KeyId": super::arn(&id),
        "CiphertextBlob": STANDARD.encode(blob),
        "EncryptionAlgorithm": ALGORITHM,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Decrypt {
    ciphertext_blob: String,
    key_id: Option<String>,
    #[serde(default)]
    encryption_context: EncryptionContext,
    encryption_algorithm: Option<String>,
}

/// [Decrypt](https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html)
pub(super) fn decrypt(keys: &Keys, guard: &Guard, wish: Decrypt) -> Result<Value, Problem> {
    let bytes = bytes(&wish.ciphertext_blob, "ciphertextBlob", LONGEST_BLOB)?;
    algorithm(wish.encryption_algorithm.as_deref())?;
    let named = wish.key_id.as_deref().map(|name| keys.resolve(name)).transpose()?;
    let blob = Blob::parse(&bytes).filter(|blob| keys.told(blob.key_id).is_some());
    let id = named.as_deref().or(blob.as_ref().map(|blob| blob.key_id)).ok_or_else(Problem::invalid_ciphertext)?;
    guard.admit(id, &wish.encryption_context)?;
    let blob = blob.as_ref().ok_or_else(Problem::invalid_ciphertext)?;
    if blob.key_id != id {
        return Err(Problem::incorrect_key());
    }
    let text = keys.open(blob, &canonical(&wish.encryption_context))?;
    Ok(json!({
        "KeyId": super::arn(id),
        "Plaintext": STANDARD.encode(text),
        "EncryptionAlgorithm": ALGORITHM,
    }))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct DescribeKey {
    key_id: String,
}

/// [DescribeKey](https://docs.aws.amazon.com/kms/latest/APIReference/API_DescribeKey.html)
pub(super) fn describe_key(keys: &Keys, guard: &Guard, wish: DescribeKey) -> Result<Value, Problem> {
    let id = keys.resolve(&wish.key_id)?;
    guard.admit(&id, &EncryptionContext::new())?;
    let told = keys.told(&id).ok_or_else(|| Problem::no_key(&super::arn(&id)))?;
    Ok(json!({ "KeyMetadata": {
        "AWSAccountId": ACCOUNT,
        "KeyId": id,
        "Arn": super::arn(&id),
        "CreationDate": told.created,
        "Enabled": told.enabled,
        "Description": "",
        "KeyUsage": "ENCRYPT_DECRYPT",
        "KeyState": if told.enabled { "Enabled" } else { "Disabled" },
        "Origin": "AWS_KMS",
        "KeyManager": "CUSTOMER",
        "KeySpec": ALGORITHM,
        "CustomerMasterKeySpec": ALGORITHM,
        "EncryptionAlgorithms": [ALGORITHM],
        "MultiRegion": false,
    } }))
}

fn bytes(base64: &str, at: &str, most: usize) -> Result<Vec<u8>, Problem> {
    let bytes = STANDARD.decode(base64).map_err(|_| Problem::not_json(format!("`{at}` is not base64")))?;
    match bytes.len() {
        0 => Err(Problem::constraint(at, "have length greater than or equal to 1")),
        length if length > most => Err(Problem::constraint(at, &format!("have length less than or equal to {most}"))),
        _ => Ok(bytes),
    }
}

fn algorithm(given: Option<&str>) -> Result<(), Problem> {
    match given {
        None | Some(ALGORITHM) => Ok(()),
        Some(_) => Err(Problem::constraint("encryptionAlgorithm", "be SYMMETRIC_DEFAULT for a symmetric key")),
    }
}
