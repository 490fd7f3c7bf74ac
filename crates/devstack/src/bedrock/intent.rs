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
    /// The first word of 16 capital letters other than I and O, and digits: the name of an approval.
    Reference,
    /// Always this, whatever the text says: what a misled model would do.
    Fixed(String),
}

/// What the text asks for.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(super) struct Intent {
    pub(super) tool: String,
    pub(super) parameters: BTreeMap<String, String>,
}

/// The first of these that the text holds decides, wherever in the text it stands:
///
/// | words | tool | parameters |
/// |---|---|---|
/// | `to the group` | `add_to_group` | the e-mail address as `user`, the text in double quotes as `group` |
/// | `from the group` | `remove_from_group` | the same |
/// | `approvals` | `list_approvals` | |
/// | `approval` | `check_approval` | the name of an approval as `reference` |
/// | `unlock` | `unlock_user` | the e-mail address as `user` |
/// | `password` | `reset_password` | |
/// | `group` | `list_groups` | the e-mail address as `user` |
#[must_use]
pub fn usual_rules() -> Vec<Rule> {
    let rule = |words: &str, tool: &str, parameters: &[(&str, Source)]| Rule {
        mentions: vec![words.to_owned()],
        tool: tool.to_owned(),
        parameters: parameters.iter().map(|(name, source)| ((*name).to_owned(), source.clone())).collect(),
    };
    let (user, group) = (("user", Source::Email), ("group", Source::Quoted));
    let (whom, member) = ([user.clone()], [user, group]);
    vec![
        rule("to the group", "add_to_group", &member),
        rule("from the group", "remove_from_group", &member),
        rule("approvals", "list_approvals", &[]),
        rule("approval", "check_approval", &[("approval", Source::Reference)]),
        rule("unlock", "unlock_user", &whom),
        rule("password", "reset_password", &[]),
        rule("group", "list_groups", &whom),
    ]
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
        Source::Reference => text.split_whitespace().map(bare).find(|word| is_reference(word)).map(str::to_owned),
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

fn is_reference(word: &str) -> bool {
    let letter = |byte: u8| byte.is_ascii_digit() || (byte.is_ascii_uppercase() && byte != b'I' && byte != b'O');
    word.len() == 16 && word.bytes().all(letter)
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

    /// The tool, and its parameters in the order of their names.
    fn found(text: &str) -> (String, Vec<(String, String)>) {
        let intent = find(&usual_rules(), text).unwrap();
        (intent.tool, intent.parameters.into_iter().collect())
    }

    fn expected(tool: &str, parameters: &[(&str, &str)]) -> (String, Vec<(String, String)>) {
        let own = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        (tool.to_owned(), parameters.iter().map(own).collect())
    }

    #[test]
    fn a_change_is_picked_by_its_words_and_takes_just_what_its_tool_takes() {
        let both = [("group", "VPN users"), ("user", "bob@example.com")];
        let add = "Add bob@example.com to the group \"VPN users\"";
        assert_eq!(found(add), expected("add_to_group", &both));
        let remove = "take bob@example.com's account from the group \"VPN users\", please";
        assert_eq!(found(remove), expected("remove_from_group", &both));
        assert_eq!(found("Unlock bob@example.com!"), expected("unlock_user", &both[1..]));
        assert_eq!(found("New password for bob@example.com"), expected("reset_password", &[]));
        assert_eq!(found("add me to the group VPN"), expected("add_to_group", &[]));
    }

    #[test]
    fn an_approval_is_asked_for_by_its_name_of_sixteen_characters() {
        let one = expected("check_approval", &[("approval", "ABCDEFGH23456789")]);
        assert_eq!(found("How is the approval (ABCDEFGH23456789)?"), one);
        assert_eq!(found("How is my password's approval ABCDEFGH23456789?"), one);
        for unlike in ["ABCDEFGH2345678", "ABCDEFGH234567890", "ABCDEFGHIJKLMNOP", "abcdefgh23456789"] {
            assert_eq!(found(&format!("approval {unlike}")), expected("check_approval", &[]), "{unlike}");
        }
        assert_eq!(found("List my approvals"), expected("list_approvals", &[]));
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
