//! The MD5 digests by which clients check what the service understood.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::attribute::Attribute;

/// Lower-case hexadecimal.
pub(super) fn of_body(body: &str) -> String {
    format!("{:x}", md5::compute(body))
}

/// The [digest of message attributes](https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html#sqs-attributes-md5-message-digest-calculation):
/// by name, each part after its length in four bytes. None without attributes.
pub(super) fn of_attributes(attributes: &BTreeMap<String, Attribute>) -> Option<String> {
    let mut bytes = Vec::new();
    let put = |bytes: &mut Vec<u8>, part: &[u8]| {
        bytes.extend(u32::try_from(part.len()).unwrap_or(u32::MAX).to_be_bytes());
        bytes.extend(part);
    };
    for (name, attribute) in attributes {
        put(&mut bytes, name.as_bytes());
        put(&mut bytes, attribute.data_type.as_bytes());
        let (binary, value) = attribute.value();
        bytes.push(if binary { 2 } else { 1 });
        match STANDARD.decode(value) {
            Ok(decoded) if binary => put(&mut bytes, &decoded),
            _ => put(&mut bytes, value.as_bytes()),
        }
    }
    (!attributes.is_empty()).then(|| format!("{:x}", md5::compute(bytes)))
}
