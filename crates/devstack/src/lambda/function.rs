//! What is hosted.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use crate::iam::Credentials;

/// One function: a program that speaks the Runtime API, and its configuration.
#[derive(Clone)]
pub struct Function {
    /// Name in calls and in the ARN.
    pub name: String,
    /// The program.
    pub binary: PathBuf,
    /// Its environment, beside what Lambda itself sets. May replace the placeholder credentials and the region.
    pub environment: BTreeMap<String, String>,
    /// How long one call may take. The sandbox is killed after that.
    pub timeout: Duration,
    /// Told to the program, not enforced. Megabytes.
    pub memory_mb: u32,
    /// Sandboxes that may run at once. Further calls wait.
    pub concurrency: usize,
    /// Calls that one sandbox may have at once, as on Lambda Managed Instances, if more than one: its process is told by
    /// `AWS_LAMBDA_MAX_CONCURRENCY`.
    pub events_at_once: usize,
}

impl Function {
    /// A function with an empty environment, 3 seconds and 128 MB (Lambda's defaults), and one sandbox with one
    /// call at a time.
    #[must_use]
    pub fn new(name: impl Into<String>, binary: impl Into<PathBuf>) -> Self {
        Self {
            name: name.into(),
            binary: binary.into(),
            environment: BTreeMap::new(),
            timeout: Duration::from_secs(3),
            memory_mb: 128,
            concurrency: 1,
            events_at_once: 1,
        }
    }

    /// The same with one more environment variable.
    #[must_use]
    pub fn with(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.environment.insert(name.into(), value.into());
        self
    }

    /// The same with credentials instead of the placeholders.
    #[must_use]
    pub fn signing(self, credentials: &Credentials) -> Self {
        self.with("AWS_ACCESS_KEY_ID", &credentials.access_key_id)
            .with("AWS_SECRET_ACCESS_KEY", &credentials.secret_access_key)
            .with("AWS_SESSION_TOKEN", &credentials.session_token)
    }

    /// The same with another timeout.
    #[must_use]
    pub fn within(mut self, timeout: Duration) -> Self {
        self.timeout = timeout;
        self
    }
}

/// The function's name in what the path of a call holds: a name, `name:qualifier`, a partial or a whole ARN.
pub(super) fn name_in(reference: &str) -> Option<&str> {
    let parts: Vec<&str> = reference.split(':').collect();
    let name = match parts.as_slice() {
        [name] | [name, _] => name,
        ["arn", _, "lambda", _, _, "function", name] | ["arn", _, "lambda", _, _, "function", name, _] => name,
        [_, "function", name] | [_, "function", name, _] => name,
        _ => return None,
    };
    let known = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    (!name.is_empty() && name.len() <= 64 && name.chars().all(known)).then_some(*name)
}

/// The version or alias that goes with the name, in the forms that have one.
pub(super) fn qualifier_in(reference: &str) -> Option<&str> {
    match reference.split(':').collect::<Vec<_>>().as_slice() {
        [_, qualifier] | ["arn", _, "lambda", _, _, "function", _, qualifier] | [_, "function", _, qualifier] => {
            Some(qualifier)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::name_in;

    #[test]
    fn a_name_is_found_in_every_form_that_the_service_takes() {
        let arn = "arn:aws:lambda:us-east-1:123456789012:function:okta-groups";
        for reference in ["okta-groups", "okta-groups:live", arn, "123456789012:function:okta-groups"] {
            assert_eq!(name_in(reference), Some("okta-groups"), "{reference}");
        }
        assert_eq!(name_in(&format!("{arn}:$LATEST")), Some("okta-groups"));
    }

    #[test]
    fn what_is_no_function_has_no_name() {
        for reference in ["", "a b", "arn:aws:s3:us-east-1:123456789012:function:x", "a:b:c:d:e", &"x".repeat(65)] {
            assert_eq!(name_in(reference), None, "{reference}");
        }
    }
}
