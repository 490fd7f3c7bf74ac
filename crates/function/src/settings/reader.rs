//! One method for each kind of setting.

use std::ops::RangeInclusive;

use auth::keycard::SecretArn;
use auth::secret::{Secret, SecretSource};
use url::Url;

use super::environment::{Environment, Value};
use super::problems::{Problem, Problems};
use super::{file, upstream_url};

const TEXT: &str = "a text that does not start or end with white space";

/// Reads settings by name and notes what is wrong with them.
///
/// Every method gives `None` if the setting has a problem, which is then noted; for an optional setting that is absent
/// it gives `Some(None)`. A setting that is set to the empty text counts as absent, because a template cannot leave a
/// variable out.
pub struct Reader<'a> {
    environment: &'a Environment,
    problems: Vec<Problem>,
}

impl<'a> Reader<'a> {
    /// A reader that has noted nothing yet.
    #[must_use]
    pub fn new(environment: &'a Environment) -> Self {
        Self { environment, problems: Vec::new() }
    }

    /// The settings, if nothing was wrong with any of them.
    ///
    /// # Errors
    /// Every problem that was noted.
    pub fn finish<T>(self, settings: Option<T>) -> Result<T, Problems> {
        match settings {
            Some(settings) if self.problems.is_empty() => Ok(settings),
            _ => Err(Problems(self.problems)),
        }
    }

    /// Settings that belong together and are read by a function of their own.
    pub fn with<T>(&mut self, read: impl FnOnce(&mut Self) -> Option<T>) -> Option<T> {
        read(self)
    }

    /// A text that must be there.
    pub fn text(&mut self, name: &'static str) -> Option<String> {
        self.required(name, TEXT, one_text)
    }

    /// A text that may be absent.
    pub fn optional_text(&mut self, name: &'static str) -> Option<Option<String>> {
        self.optional(name, TEXT, one_text)
    }

    /// A text, or `default`.
    pub fn text_or(&mut self, name: &'static str, default: &str) -> Option<String> {
        Some(self.optional_text(name)?.unwrap_or_else(|| default.to_owned()))
    }

    /// A secret that must be there, byte for byte.
    pub fn secret(&mut self, name: &'static str) -> Option<Secret> {
        self.required(name, "a secret text", |text| Ok(Secret::new(text.to_owned())))
    }

    /// A secret that may be absent.
    pub fn optional_secret(&mut self, name: &'static str) -> Option<Option<Secret>> {
        self.optional(name, "a secret text", |text| Ok(Secret::new(text.to_owned())))
    }

    /// A secret in `name`, or the ARN in `arn` of a secret at Secrets Manager: one of the two, and not the other.
    pub fn secret_source(&mut self, name: &'static str, arn: &'static str) -> Option<SecretSource> {
        let given = self.optional_secret(name);
        let stored = self.optional(arn, "the ARN of a secret, with the six characters at its end", |text| {
            SecretArn::parse(text).map_err(|_| "is not the ARN of a secret".to_owned())
        });
        match (given?, stored?) {
            (Some(secret), None) => Some(SecretSource::Given(secret)),
            (None, Some(arn)) => Some(SecretSource::Stored(arn)),
            (given, _) => {
                let wrong = if given.is_some() { "is set beside the other" } else { "is missing" };
                let takes = format!("one of {name}, a secret text, and {arn}, its ARN at Secrets Manager");
                self.refuse(name, wrong, &takes);
                self.refuse(arn, wrong, &takes);
                None
            }
        }
    }

    /// The URL of a service that we call: https, or http to this machine; no user name, password or fragment.
    pub fn url(&mut self, name: &'static str) -> Option<Url> {
        self.required(name, upstream_url::TAKES, |text| upstream_url::parse(text).map_err(str::to_owned))
    }

    /// As [`Self::url`], or absent.
    pub fn optional_url(&mut self, name: &'static str) -> Option<Option<Url>> {
        self.optional(name, upstream_url::TAKES, |text| upstream_url::parse(text).map_err(str::to_owned))
    }

    /// As [`Self::url`], or `default`, which has to keep the same rules.
    pub fn url_or(&mut self, name: &'static str, default: &str) -> Option<Url> {
        match self.optional_url(name)? {
            Some(url) => Some(url),
            None => self.checked(name, upstream_url::TAKES, upstream_url::parse(default).map_err(str::to_owned)),
        }
    }

    /// A whole number in `range`, in decimal digits, or `default`.
    pub fn number(&mut self, name: &'static str, range: RangeInclusive<u64>, default: u64) -> Option<u64> {
        let takes = format!("a whole number from {} to {}", range.start(), range.end());
        let number = self.optional(name, &takes, |text| {
            let digits = text.bytes().all(|byte| byte.is_ascii_digit());
            let number = text.parse().ok().filter(|_| digits).ok_or("is not a whole number")?;
            if range.contains(&number) { Ok(number) } else { Err("is out of range".to_owned()) }
        });
        Some(number?.unwrap_or(default))
    }

    /// `true` or `false`, or `default`.
    pub fn flag(&mut self, name: &'static str, default: bool) -> Option<bool> {
        self.choice_or(name, &[("true", true), ("false", false)], default)
    }

    /// One of these words, which must be there.
    pub fn choice<T: Clone>(&mut self, name: &'static str, choices: &[(&str, T)]) -> Option<T> {
        self.required(name, &one_of(choices), |text| chosen(text, choices))
    }

    /// One of these words, or `default`.
    pub fn choice_or<T: Clone>(&mut self, name: &'static str, choices: &[(&str, T)], default: T) -> Option<T> {
        Some(self.optional(name, &one_of(choices), |text| chosen(text, choices))?.unwrap_or(default))
    }

    /// Texts separated by commas, without the white space around each. An absent list has nothing on it: if the list says
    /// what is allowed, then nothing is.
    pub fn list(&mut self, name: &'static str) -> Option<Vec<String>> {
        let list = self.optional(name, "texts separated by commas, none of them empty", |text| {
            let entries: Vec<String> = text.split(',').map(|entry| entry.trim().to_owned()).collect();
            if entries.iter().any(String::is_empty) { Err("has an empty entry".to_owned()) } else { Ok(entries) }
        });
        Some(list?.unwrap_or_default())
    }

    /// The text of the file at this path, such as a bundle of root certificates; at most 1 MiB.
    pub fn file(&mut self, name: &'static str) -> Option<String> {
        self.required(name, file::TAKES, file::read)
    }

    /// The texts of several files, in order: paths separated by `:`, each read as by [`Self::file`]. There is at least one.
    pub fn files(&mut self, name: &'static str) -> Option<Vec<String>> {
        self.required(name, "paths of readable UTF-8 files of 1 byte to 1 MiB, separated by `:`", |paths| {
            let files = (1..).zip(paths.split(':'));
            files.map(|(place, path)| file::read(path).map_err(|wrong| format!("in place {place} {wrong}"))).collect()
        })
    }

    /// As [`Self::file`], or absent.
    pub fn optional_file(&mut self, name: &'static str) -> Option<Option<String>> {
        self.optional(name, file::TAKES, file::read)
    }

    /// The text of the file at this path, such as a private key; at most 1 MiB.
    pub fn secret_file(&mut self, name: &'static str) -> Option<Secret> {
        self.required(name, file::TAKES, |path| file::read(path).map(Secret::new))
    }

    /// Notes a problem that only shows when settings are looked at together.
    pub fn refuse(&mut self, name: &'static str, wrong: &str, takes: &str) {
        self.problems.push(Problem { name, wrong: wrong.to_owned(), takes: takes.to_owned() });
    }

    fn required<T>(
        &mut self,
        name: &'static str,
        takes: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        let absent = if self.environment.get(name).is_some() { "is empty" } else { "is missing" };
        let value = self.optional(name, takes, parse)?;
        self.checked(name, takes, value.ok_or_else(|| absent.to_owned()))
    }

    fn optional<T>(
        &mut self,
        name: &'static str,
        takes: &str,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<Option<T>> {
        let value = match self.environment.get(name) {
            None => Ok(None),
            Some(Value::Text(text)) if text.is_empty() => Ok(None),
            Some(Value::Text(text)) => parse(text).map(Some),
            Some(Value::NotUnicode) => Err("is not UTF-8".to_owned()),
        };
        self.checked(name, takes, value)
    }

    fn checked<T>(&mut self, name: &'static str, takes: &str, value: Result<T, String>) -> Option<T> {
        value.map_err(|wrong| self.refuse(name, &wrong, takes)).ok()
    }
}

fn one_text(text: &str) -> Result<String, String> {
    if text.trim() == text { Ok(text.to_owned()) } else { Err("starts or ends with white space".to_owned()) }
}

fn one_of<T>(choices: &[(&str, T)]) -> String {
    let words: Vec<String> = choices.iter().map(|(word, _)| format!("`{word}`")).collect();
    format!("one of {}", words.join(", "))
}

fn chosen<T: Clone>(text: &str, choices: &[(&str, T)]) -> Result<T, String> {
    let choice = choices.iter().find(|(word, _)| *word == text);
    choice.map(|(_, value)| value.clone()).ok_or_else(|| "is none of the known words".to_owned())
}
