use serde_json::Value;

use crate::jwt::Claims;
use crate::scope::Scopes;

/// The longest lists that a ticket says, as the bytes of their words together: a ticket also travels in the client context,
/// which has 3,583 bytes of base64 for everything.
const LONGEST_TOOLS: usize = 400;
const LONGEST_SCOPES: usize = 200;

/// How far a caller reaches, as the gateway's interceptor decided it when it made the ticket. It is told to the caller and
/// decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    scopes: Scopes,
    tools: Vec<String>,
    all: bool,
}

impl Reach {
    /// The scopes of the caller's access token, and the full names of the tools that they may call. The first of both are kept:
    /// 200 bytes of scopes, 400 of names.
    #[must_use]
    pub fn new<'n>(scopes: &Scopes, tools: impl IntoIterator<Item = &'n str>) -> Self {
        let (scopes, all_scopes) = first(scopes.iter(), LONGEST_SCOPES);
        let (tools, all_tools) = first(tools, LONGEST_TOOLS);
        Self { scopes: Scopes::parse(&scopes.join(" ")), tools, all: all_scopes && all_tools }
    }

    /// The scopes.
    #[must_use]
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// The tools, by full name.
    #[must_use]
    pub fn tools(&self) -> &[String] {
        &self.tools
    }

    /// Whether these are all scopes and all tools.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.all
    }

    pub(in crate::ticket) fn claims(&self) -> [(String, Value); 3] {
        [
            ("scope".to_owned(), Value::from(self.scopes.joined())),
            ("tools".to_owned(), Value::from(self.tools.clone())),
            ("whole".to_owned(), Value::from(self.all)),
        ]
    }

    /// Nothing within if the ticket says none; nothing at all if it says it in another form.
    pub(super) fn read(claims: &Claims) -> Option<Option<Self>> {
        let Some(tools) = claims.json().get("tools") else { return Some(None) };
        let tools = tools.as_array()?.iter().map(|name| Some(name.as_str()?.to_owned())).collect::<Option<_>>()?;
        let all = claims.json().get("whole")?.as_bool()?;
        Some(Some(Self { scopes: Scopes::parse(claims.text("scope")?), tools, all }))
    }
}

/// The first of these words, and whether they are all.
fn first<'w>(words: impl IntoIterator<Item = &'w str>, longest: usize) -> (Vec<String>, bool) {
    let (mut kept, mut length, mut all) = (Vec::new(), 0_usize, true);
    for word in words {
        length = length.saturating_add(word.len());
        all &= length <= longest;
        if all {
            kept.push(word.to_owned());
        }
    }
    (kept, all)
}
