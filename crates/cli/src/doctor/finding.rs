//! What was found, and what there was to look at.

use serde::Serialize;
use serde_json::Value;

/// Why a check is not content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Finding {
    /// It is not as it must be.
    Wrong(Words),
    /// Nobody could be asked.
    Unasked(Words),
    /// There is nothing of the kind here, and need not be.
    Unused(&'static str),
}

/// What is wrong, and how to mend it; in lower case, without full stops.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) what: String,
    pub(crate) mend: String,
}

/// What a check says if it is content, in the same form.
pub(crate) type Judged = Result<String, Finding>;

impl Finding {
    pub(crate) fn wrong(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Wrong(Words { what: what.into(), mend: mend.into() })
    }

    pub(crate) fn unasked(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Unasked(Words { what: what.into(), mend: mend.into() })
    }
}

/// What a service told.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    /// This.
    Answer(Value),
    /// That there is no such thing.
    Absent,
    /// Nothing: nobody could be asked, or there is nothing to ask about.
    Nothing(Finding),
}

impl Told {
    pub(crate) fn unasked(what: impl Into<String>, mend: impl Into<String>) -> Self {
        Self::Nothing(Finding::unasked(what, mend))
    }

    /// The answer; what is absent is wrong.
    ///
    /// # Errors
    /// The finding, if there is none.
    pub(crate) fn or_wrong(&self, what: impl Into<String>, mend: impl Into<String>) -> Result<&Value, Finding> {
        match self {
            Self::Answer(value) => Ok(value),
            Self::Absent => Err(Finding::wrong(what, mend)),
            Self::Nothing(finding) => Err(finding.clone()),
        }
    }

    /// The answer, for a check that is about a part of what another looks for.
    ///
    /// # Errors
    /// The finding, if there is none.
    pub(crate) fn there(&self) -> Result<&Value, Finding> {
        match self {
            Self::Answer(value) => Ok(value),
            Self::Absent => Err(Finding::unasked("what it is about is not there", "mend the line that says so")),
            Self::Nothing(finding) => Err(finding.clone()),
        }
    }
}

/// How a line begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// As it must be.
    Ok,
    /// Not as it must be.
    Wrong,
    /// Could not be asked.
    Unasked,
    /// Not there, and need not be.
    Unused,
}

/// One line.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Line {
    pub(crate) check: &'static str,
    pub(crate) verdict: Verdict,
    pub(crate) what: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) mend: Option<String>,
}

impl Line {
    pub(crate) fn of(check: &'static str, judged: Judged) -> Self {
        let (verdict, what, mend) = match judged {
            Ok(what) => (Verdict::Ok, what, None),
            Err(Finding::Wrong(words)) => (Verdict::Wrong, words.what, Some(words.mend)),
            Err(Finding::Unasked(words)) => (Verdict::Unasked, words.what, Some(words.mend)),
            Err(Finding::Unused(what)) => (Verdict::Unused, what.to_owned(), None),
        };
        Self { check, verdict, what, mend }
    }
}

/// The texts of a list, or none.
pub(crate) fn texts(value: Option<&Value>) -> Vec<&str> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
}

/// The text at a JSON pointer, or the empty one.
pub(crate) fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}
