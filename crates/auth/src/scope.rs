//! OAuth scopes: whole words, case-sensitive (RFC 6749 section 3.3).

use std::collections::BTreeSet;

/// A set of scopes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(BTreeSet<String>);

impl Scopes {
    /// From a space-separated list. Some providers of the vault answer with commas; those separate too.
    #[must_use]
    pub fn parse(list: &str) -> Self {
        Self(list.split([' ', ',']).filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Whether every scope of `needed` is here, as a whole word in the same case.
    #[must_use]
    pub fn cover(&self, needed: &Self) -> bool {
        needed.0.is_subset(&self.0)
    }

    /// The scopes of `needed` that are not here.
    #[must_use]
    pub fn missing(&self, needed: &Self) -> Self {
        Self(needed.0.difference(&self.0).cloned().collect())
    }

    /// Each, in alphabetical order.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// As one text, separated by single spaces, in alphabetical order.
    #[must_use]
    pub fn joined(&self) -> String {
        self.iter().collect::<Vec<_>>().join(" ")
    }
}

#[cfg(test)]
mod tests {
    use super::Scopes;

    #[test]
    fn a_longer_word_does_not_grant_a_shorter_one() {
        let granted = Scopes::parse("api/readonly API/read");
        assert!(!granted.cover(&Scopes::parse("api/read")));
        assert_eq!(granted.missing(&Scopes::parse("api/read api/readonly")), Scopes::parse("api/read"));
    }

    #[test]
    fn a_set_is_told_in_alphabetical_order() {
        let scopes = Scopes::parse("openid api/read openid");
        assert_eq!(scopes.iter().collect::<Vec<_>>(), ["api/read", "openid"]);
        assert_eq!(scopes.joined(), "api/read openid");
    }

    #[test]
    fn commas_separate_as_spaces_do() {
        assert!(Scopes::parse("a,b  c").cover(&Scopes::parse("a b c")));
    }
}
