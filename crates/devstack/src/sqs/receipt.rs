//! Receipt handles: one for each delivery, good for its queue only.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::problem::Problem;
use crate::lambda::stamp;

/// What a handle says.
#[derive(Debug)]
pub(super) struct Receipt {
    pub(super) message: String,
    /// How often the message had been received with this delivery.
    pub(super) receives: u32,
}

pub(super) fn write(queue: &str, message: &str, receives: u32) -> String {
    STANDARD.encode(format!("{} {} {message} {receives}", stamp::uuid(), super::arn(queue)))
}

/// # Errors
/// When it is no handle of this queue.
pub(super) fn read(queue: &str, handle: &str) -> Result<Receipt, Problem> {
    let text = STANDARD.decode(handle).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    let parts: Vec<&str> = text.as_deref().unwrap_or_default().split(' ').collect();
    match parts.as_slice() {
        [_, arn, message, receives] if *arn == super::arn(queue) => {
            receives.parse().ok().map(|receives| (*message, receives))
        }
        _ => None,
    }
    .map(|(message, receives)| Receipt { message: message.to_owned(), receives })
    .ok_or_else(|| Problem::no_receipt(handle))
}
