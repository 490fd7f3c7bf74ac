//! Where somebody goes after a sign-in.

/// One of our own pages, so that nobody is ever sent elsewhere.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Place {
    /// The chat.
    #[default]
    Chat,
    /// What was done.
    Activity,
    /// Connected accounts.
    Accounts,
}

impl Place {
    const ALL: [Self; 3] = [Self::Chat, Self::Activity, Self::Accounts];

    /// Its path.
    #[must_use]
    pub const fn path(self) -> &'static str {
        match self {
            Self::Chat => "/",
            Self::Activity => "/activity",
            Self::Accounts => "/accounts",
        }
    }

    /// The page with exactly this path; the chat for any other text.
    #[must_use]
    pub fn of(path: &str) -> Self {
        Self::ALL.into_iter().find(|place| place.path() == path).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::Place;

    // O07
    #[test]
    fn a_path_of_ours_is_kept_and_every_other_text_leads_to_the_chat() {
        assert_eq!(Place::of("/activity"), Place::Activity);
        assert_eq!(Place::of("/accounts"), Place::Accounts);
        for text in [
            "",
            "//evil.test",
            "https://evil.test",
            "/\\evil.test",
            "\\\\evil.test",
            "/%2f%2fevil.test",
            "/activity/../x",
            "javascript:alert(1)",
            "/activity?x=https://evil.test",
            "\t//evil.test",
            "/\t/evil.test",
            "///evil.test",
            "http:evil.test",
            "/activity\r\nLocation: https://evil.test",
            "@evil.test",
            "/Activity",
            ".evil.test",
        ] {
            assert_eq!(Place::of(text).path(), "/", "{text}");
        }
    }
}
