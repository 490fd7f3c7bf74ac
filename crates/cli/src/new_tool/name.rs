//! The names of a new tool.

use crate::trouble::Trouble;

/// In words of small letters and digits.
pub(super) struct Name(Vec<String>);

impl Name {
    /// From `list-events` or `list_events`.
    ///
    /// # Errors
    /// When it is not made of such words, or is longer than Bedrock and a gateway allow together with the function's name.
    pub(super) fn parse(text: &str) -> Result<Self, Trouble> {
        let words: Vec<String> = text.split(['-', '_']).map(str::to_owned).collect();
        let word = |word: &String| {
            word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
                && word.bytes().next().is_some_and(|byte| byte.is_ascii_lowercase())
        };
        if text.len() <= 30 && words.len() > 1 && words.iter().all(word) {
            return Ok(Self(words));
        }
        let what =
            "a tool's name is two or more words of small letters and digits, at most 30 in all, as in list-events";
        Err(Trouble::usage(format!("{what}, unlike `{text}`")))
    }

    /// `list-events`: the crate, the function and its action group.
    pub(super) fn of_crate(&self) -> String {
        self.0.join("-")
    }

    /// `list_events`: the tool and its file.
    pub(super) fn of_tool(&self) -> String {
        self.0.join("_")
    }

    /// `ListEvents`: its type.
    pub(super) fn of_type(&self) -> String {
        let capital = |word: &String| {
            let mut letters = word.chars();
            letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect::<String>()
        };
        self.0.iter().map(capital).collect()
    }
}

/// A connection's name, as Auth0 takes it.
///
/// # Errors
/// When it is not made of letters, digits and `-`.
pub(super) fn connection(text: &str) -> Result<&str, Trouble> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
    if !text.is_empty() && text.len() <= 128 && text.bytes().all(plain) {
        return Ok(text);
    }
    Err(Trouble::usage(format!("a connection's name is made of letters, digits and `-`, unlike `{text}`")))
}
