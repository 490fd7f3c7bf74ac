//! Codes, causes and remedies: `docs/guides/errors.md`, and what `mandate why` advises.

mod asked;
mod broken;
mod denied;
#[cfg(test)]
mod tests;

use auth::refusal::Code;

/// A cause as the log has it, and what to do about it.
#[derive(Clone, Copy)]
pub(crate) struct Cause {
    /// How the log's text begins.
    pub(crate) begins: &'static str,
    /// What has happened.
    pub(crate) means: &'static str,
    /// What to do, and who.
    pub(crate) remedy: &'static str,
}

const fn cause(begins: &'static str, means: &'static str, remedy: &'static str) -> Cause {
    Cause { begins, means, remedy }
}

/// The causes that end in `code`.
pub(crate) fn causes_of(code: Code) -> &'static [Cause] {
    match code {
        Code::AuthRequired => denied::AUTH_REQUIRED,
        Code::ReconnectRequired => denied::RECONNECT_REQUIRED,
        Code::AccessDenied => denied::ACCESS_DENIED,
        Code::ApprovalPending => asked::APPROVAL_PENDING,
        Code::ApprovalDenied => asked::APPROVAL_DENIED,
        Code::ApprovalExpired => asked::APPROVAL_EXPIRED,
        Code::Busy => broken::BUSY,
        Code::Unavailable => broken::UNAVAILABLE,
        Code::InvalidInput => asked::INVALID_INPUT,
        Code::Internal => broken::INTERNAL,
    }
}

/// What to do about a cause of the log; of several that fit, the longest.
pub(crate) fn remedy_of(code: &str, cause: &str) -> Option<&'static str> {
    let code = Code::ALL.into_iter().find(|known| known.name() == code)?;
    let fitting = causes_of(code).iter().filter(|known| cause.starts_with(known.begins));
    fitting.max_by_key(|known| known.begins.len()).map(|known| known.remedy)
}

/// The whole of `docs/guides/errors.md`.
pub(crate) fn guide() -> String {
    let mut text = include_str!("errors/head.md").to_owned();
    for code in Code::ALL {
        text.push_str(&format!("\n## {}\n> {}\n\n", code.name(), code.sentence()));
        text.push_str("| the log's cause begins with | what it means | what to do |\n|---|---|---|\n");
        for Cause { begins, means, remedy } in causes_of(code) {
            text.push_str(&format!("| `{}` | {means} | {remedy} |\n", begins.trim_end()));
        }
    }
    text
}
