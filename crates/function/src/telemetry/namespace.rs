//! Under which name CloudWatch keeps the metrics.

use std::sync::Arc;

use crate::settings::Reader;

const NAME: &str = "METRICS_NAMESPACE";
const USUAL: &str = "Mandate";
/// As CloudWatch has it.
const LONGEST: usize = 255;

/// The namespace of a function's metrics: 1 to 255 letters, digits and `._-/#:`, not one of AWS's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace(Arc<str>);

impl Namespace {
    /// Reads `METRICS_NAMESPACE`, which is `Mandate` unless it says something else. A deployment names itself in it, so that two
    /// of one account are told apart. The
    /// [characters](https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html) are CloudWatch's.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let text = reader.text_or(NAME, USUAL)?;
        let known = |byte: u8| byte.is_ascii_alphanumeric() || b"._-/#:".contains(&byte);
        if text.len() <= LONGEST && text.bytes().all(known) && !text.starts_with("AWS/") && !text.starts_with(':') {
            return Some(Self(text.into()));
        }
        reader.refuse(
            NAME,
            "is no namespace of metrics",
            "at most 255 letters, digits and ._-/#:, as in Mandate/trial",
        );
        None
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Namespace {
    fn default() -> Self {
        Self(USUAL.into())
    }
}

#[cfg(test)]
mod tests {
    use super::Namespace;
    use crate::settings::{Environment, Reader};

    fn read(text: &str) -> Result<Namespace, Vec<String>> {
        let environment = Environment::from_pairs([("METRICS_NAMESPACE", text)]);
        let mut reader = Reader::new(&environment);
        let namespace = Namespace::read(&mut reader);
        reader.finish(namespace).map_err(|problems| problems.names().into_iter().map(str::to_owned).collect())
    }

    #[test]
    fn a_deployment_has_a_namespace_of_its_own_and_a_laptop_the_usual_one() {
        assert_eq!(read("Mandate/mandate-trial").unwrap().as_str(), "Mandate/mandate-trial");
        assert_eq!(read("").unwrap(), Namespace::default());
        for wrong in ["AWS/Lambda", ":x", "a b", "Mandate\"", &"x".repeat(256)] {
            assert_eq!(read(wrong).unwrap_err(), ["METRICS_NAMESPACE"], "{wrong}");
        }
    }
}
