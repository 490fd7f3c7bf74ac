//! Stands in for the model: rules that map words in the text to a tool and its parameters. Nothing is understood.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// One rule.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Rule {
    /// It matches when the text, in lower case, holds one of these, in lower case too.
    pub mentions: Vec<String>,
    /// The tool that it asks for. The agent need not have it.
    pub tool: String,
    /// Where the tool's parameters come from. What is not found is left out.
    #[serde(default)]
    pub parameters: BTreeMap<String, Source>,
}

/// Where a parameter's value comes from.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Source {
    /// The first e-mail address in the text.
    Email,
    /// The first whole number in the text.
    Number,
    /// The first text in double quotes.
    Quoted,
    /// Always this, whatever the text says: what a misled model would do.
    Fixed(String),
}

/// What the text asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Intent {
    pub(super) tool: String,
    pub(super) parameters: BTreeMap<String, String>,
}

/// A new password by `password`, the list of groups by `group`; both with the e-mail address in the text as `user`.
#[must_use]
pub fn usual_rules() -> Vec<Rule> {
    let rule = |word: &str, tool: &str| Rule {
        mentions: vec![word.to_owned()],
        tool: tool.to_owned(),
        parameters: BTreeMap::from([("user".to_owned(), Source::Email)]),
    };
    vec![rule("password", "reset_password"), rule("group", "list_groups")]
}

/// What the first rule that matches makes of the text.
pub(super) fn find(rules: &[Rule], text: &str) -> Option<Intent> {
    let lower = text.to_lowercase();
    let rule = rules.iter().find(|rule| rule.mentions.iter().any(|word| lower.contains(word.as_str())))?;
    let found = rule.parameters.iter().filter_map(|(name, source)| Some((name.clone(), value(source, text)?)));
    Some(Intent { tool: rule.tool.clone(), parameters: found.collect() })
}

fn value(source: &Source, text: &str) -> Option<String> {
    match source {
        Source::Email => text.split_whitespace().map(bare).find(|word| is_email(word)).map(str::to_owned),
        Source::Number => text
            .split_whitespace()
            .map(bare)
            .find(|word| !word.is_empty() && word.chars().all(|c| c.is_ascii_digit()))
            .map(str::to_owned),
        Source::Quoted => text.split('"').nth(1).map(str::to_owned),
        Source::Fixed(value) => Some(value.clone()),
    }
}

/// A word without the punctuation around it, and without a possessive.
fn bare(word: &str) -> &str {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    word.strip_suffix("'s").or_else(|| word.strip_suffix("’s")).unwrap_or(word)
}

fn is_email(word: &str) -> bool {
    word.split_once('@').is_some_and(|(local, domain)| !local.is_empty() && domain.contains('.'))
}

#[cfg(test)]
mod tests {
    use super::{Intent, Rule, Source, find, usual_rules};

    fn asked(text: &str) -> Option<(String, Option<String>)> {
        find(&usual_rules(), text).map(|Intent { tool, mut parameters }| (tool, parameters.remove("user")))
    }

    #[test]
    fn a_word_picks_the_tool_and_an_address_the_user() {
        let own = Some(("list_groups".to_owned(), None));
        assert_eq!(asked("Which GROUPS am I in?"), own);
        assert_eq!(asked("list my groups"), own);
        let bobs = Some(("list_groups".to_owned(), Some("bob@example.com".to_owned())));
        assert_eq!(asked("which groups is <bob@example.com> in?"), bobs);
        assert_eq!(asked("show bob@example.com's groups."), bobs);
        assert_eq!(asked("Reset my password"), Some(("reset_password".to_owned(), None)));
        assert_eq!(asked("good morning @all"), None);
    }

    #[test]
    fn a_rule_of_ones_own_takes_numbers_quoted_and_fixed_text() {
        let sources = [("a", Source::Number), ("b", Source::Quoted), ("c", Source::Fixed("x".to_owned()))];
        let parameters = sources.map(|(name, source)| (name.to_owned(), source)).into();
        let rules = [Rule { mentions: vec!["do".to_owned()], tool: "t".to_owned(), parameters }];
        let intent = find(&rules, "do \"two words\", 12 times").unwrap();
        let found: Vec<_> = intent.parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(found, [("a", "12"), ("b", "two words"), ("c", "x")]);
        assert_eq!(find(&rules, "do it").unwrap().parameters.len(), 1);
    }
}
