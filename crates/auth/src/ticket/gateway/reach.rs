use serde_json::Value;

use crate::jwt::Claims;
use crate::scope::Scopes;

/// The longest list of tools that a ticket says, as the bytes of their names together: a ticket also travels in the client
/// context, which has 3,583 bytes of base64 for everything.
const LONGEST_TOOLS: usize = 600;

/// How far a caller reaches, as the gateway's interceptor decided it when it made the ticket. It is told to the caller and
/// decides nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    scopes: Scopes,
    tools: Vec<String>,
    all: bool,
}

impl Reach {
    /// The scopes of the caller's access token, and the full names of the tools that they may call, of which the first are
    /// kept: 600 bytes of names.
    #[must_use]
    pub fn new<'n>(scopes: Scopes, tools: impl IntoIterator<Item = &'n str>) -> Self {
        let (mut kept, mut length, mut all) = (Vec::new(), 0_usize, true);
        for name in tools {
            length = length.saturating_add(name.len());
            all &= length <= LONGEST_TOOLS;
            if all {
                kept.push(name.to_owned());
            }
        }
        Self { scopes, tools: kept, all }
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

    /// Whether these are all tools.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.all
    }

    pub(in crate::ticket) fn claims(&self) -> [(String, Value); 3] {
        [
            ("scope".to_owned(), Value::from(self.scopes.joined())),
            ("tools".to_owned(), Value::from(self.tools.clone())),
            ("all_tools".to_owned(), Value::from(self.all)),
        ]
    }

    /// Nothing within if the ticket says none; nothing at all if it says it in another form.
    pub(super) fn read(claims: &Claims) -> Option<Option<Self>> {
        let Some(tools) = claims.json().get("tools") else { return Some(None) };
        let tools = tools.as_array()?.iter().map(|name| Some(name.as_str()?.to_owned())).collect::<Option<_>>()?;
        let all = claims.json().get("all_tools")?.as_bool()?;
        Some(Some(Self { scopes: Scopes::parse(claims.text("scope")?), tools, all }))
    }
}
