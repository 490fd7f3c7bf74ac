use serde_json::value::RawValue;
use serde_json::{Map, Value};

/// What is said to one line.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    ok: bool,
    members: Map<String, Value>,
}

impl Answer {
    /// It was taken, built or decided; [`Answer::with`] adds what came out.
    #[must_use]
    pub fn good() -> Self {
        Self { ok: true, members: Map::new() }
    }

    /// It was not, because of this: a short fixed word, as in `signature`.
    #[must_use]
    pub fn refused(code: &str) -> Self {
        Self { ok: false, members: Map::new() }.with("error", code)
    }

    /// Adds a member, in the place of one of the same name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.members.insert(name.to_owned(), value.into());
        self
    }

    /// The answer that another program wrote, without its `id`; nothing if it is none.
    #[must_use]
    pub fn read(line: &str) -> Option<Self> {
        let mut members: Map<String, Value> = serde_json::from_str(line).ok()?;
        members.remove("id");
        let ok = members.remove("ok")?.as_bool()?;
        Some(Self { ok, members })
    }

    /// The line, without its end.
    pub(crate) fn written(&self, id: Option<&RawValue>) -> String {
        let id = id.map(|id| format!("\"id\":{id},")).unwrap_or_default();
        let members = Value::Object(self.members.clone()).to_string();
        let members = members.strip_prefix('{').unwrap_or_default();
        let comma = if self.members.is_empty() { "" } else { "," };
        format!("{{{id}\"ok\":{}{comma}{members}", self.ok)
    }
}
