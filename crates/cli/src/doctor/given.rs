//! The settings that are looked at: those of all functions under their own names, and the doctor's own.

use std::path::Path;

use function::settings::{Environment, Reader};

use super::finding::Finding;
use crate::trouble::Trouble;

/// Names and values.
pub(crate) struct Given(pub(crate) Environment);

impl Given {
    /// The value of a setting; nothing if it is absent, empty or no text.
    pub(crate) fn get(&self, name: &'static str) -> Option<String> {
        Reader::new(&self.0).optional_text(name).flatten()
    }

    pub(crate) fn or(&self, name: &'static str, default: &str) -> String {
        self.get(name).unwrap_or_else(|| default.to_owned())
    }

    /// The value of a setting without which nobody can be asked.
    pub(crate) fn need(&self, name: &'static str) -> Result<String, Finding> {
        self.get(name).ok_or_else(|| Finding::unasked(format!("{name} is not set"), format!("set {name}")))
    }

    /// `laptop`, `trial` or `production`; the last unless it is said otherwise.
    pub(crate) fn is_production(&self) -> bool {
        !matches!(self.get("PROFILE").as_deref(), Some("laptop" | "trial"))
    }
}

/// Reads `NAME=value` lines; a line may begin with `export `, and a value may stand in single or double quotes.
///
/// # Errors
/// When the file cannot be read, or a line is none of these; the line's number is told and nothing of it.
pub(crate) fn read(file: &Path) -> Result<Vec<(String, String)>, Trouble> {
    let shown = format!("`{}`", file.display());
    let text = std::fs::read_to_string(file).map_err(|error| Trouble::because(&shown, error))?;
    let lines = (1..).zip(text.lines().map(str::trim)).filter(|(_, line)| !line.is_empty() && !line.starts_with('#'));
    let wrong = |number: usize| Trouble::usage(format!("line {number} of {shown} is not NAME=value"));
    lines.map(|(number, line)| pair(line).ok_or_else(|| wrong(number))).collect()
}

fn pair(line: &str) -> Option<(String, String)> {
    let (name, value) = line.strip_prefix("export ").unwrap_or(line).split_once('=')?;
    let named = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let within = |quote: char| value.strip_prefix(quote)?.strip_suffix(quote);
    let value = within('"').or_else(|| within('\'')).unwrap_or(value);
    named.then(|| (name.to_owned(), value.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_file_of_settings_is_read_line_by_line_and_a_wrong_line_is_told_by_its_number_alone() {
        let path = std::env::temp_dir().join(format!("mandate-env-{}", std::process::id()));
        std::fs::write(&path, "# ours\n\nA=1\nexport B=\"x=y\"\nC='z'\nD=\n").unwrap();
        let pairs = read(&path).unwrap();
        let expected = [("A", "1"), ("B", "x=y"), ("C", "z"), ("D", "")];
        assert!(pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).eq(expected));
        std::fs::write(&path, "A=1\nhunter-2\n").unwrap();
        let told = read(&path).unwrap_err();
        assert!(told.to_string().starts_with("line 2 of ") && !told.to_string().contains("hunter-2"), "{told}");
        assert_eq!(told.exit_code(), 2);
        std::fs::remove_file(&path).unwrap();
        assert_eq!(read(&path).unwrap_err().exit_code(), 1);
    }
}
