//! Names of groups.

use serde::{Deserialize, Serialize};
use tool::question::LONGEST_GROUP_NAME;

/// The exact name of a group in Okta, letter case included: 1 to 80 bytes without control characters, and without white
/// space around it. The same text goes into the authorizer's object, into the search at Okta and into what the person reads.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

impl TryFrom<String> for GroupName {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let clean = tool::answer::clean_text(&text, LONGEST_GROUP_NAME) == text;
        if clean && (1..=LONGEST_GROUP_NAME).contains(&text.len()) {
            Ok(Self(text))
        } else {
            Err("`group` must be the exact name of a group, of 1 to 80 bytes, without invisible or control characters \
                 and without spaces around it or in a row")
        }
    }
}

impl From<GroupName> for String {
    fn from(name: GroupName) -> Self {
        name.0
    }
}

impl GroupName {
    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// In double quotes, those of its own escaped, so that no name ends its own quotation.
    #[must_use]
    pub fn quoted(&self) -> String {
        format!("\"{}\"", self.0.replace('\\', "\\\\").replace('"', "\\\""))
    }
}

#[cfg(test)]
mod tests {
    use super::GroupName;

    #[test]
    fn no_name_ends_its_own_quotation() {
        let quoted = |name: &str| GroupName::try_from(name.to_owned()).unwrap().quoted();
        assert_eq!(quoted("VPN users"), r#""VPN users""#);
        assert_eq!(quoted(r#"a" is done. "b\"#), r#""a\" is done. \"b\\""#);
    }

    #[test]
    fn a_name_is_taken_to_the_letter_or_not_at_all() {
        for name in ["VPN users", "Sales, EMEA", "a", "{login}", "a:b#c/d", "caf\u{e9}", &"x".repeat(80)] {
            assert_eq!(GroupName::try_from(name.to_owned()).unwrap().as_str(), name);
        }
        let long = "x".repeat(81);
        let wide = "\u{e9}".repeat(41);
        for name in
            ["", " VPN users", "VPN users ", "VPN  users", "VPN\nusers", "VPN\u{200b} users", "\u{202e}a", &long, &wide]
        {
            assert!(GroupName::try_from(name.to_owned()).is_err(), "{name}");
        }
    }
}
