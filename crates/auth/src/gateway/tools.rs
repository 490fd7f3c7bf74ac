//! The tools behind a gateway, and what a caller needs for each.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::jwt::Caller;
use crate::scope::Scopes;

/// The longest full name of a tool that a gateway takes, in bytes.
const LONGEST_NAME: usize = 256;

/// The tools behind a gateway, by full name. Never empty.
pub struct Tools(BTreeMap<String, Tool>);

/// One tool.
pub struct Tool {
    name: String,
    scopes: Scopes,
    vault: bool,
    identity: bool,
    arguments: BTreeMap<String, Argument>,
}

/// One argument of a tool.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Argument {
    /// Of which JSON type it is.
    pub kind: ArgumentKind,
    /// Whether a call has it always.
    #[serde(default)]
    pub required: bool,
}

/// JSON types of arguments. Fractions have no canonical form and so no place in a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ArgumentKind {
    /// A string.
    String,
    /// A whole number of at most 53 bits.
    Integer,
    /// `true` or `false`.
    Boolean,
    /// An array of strings.
    Strings,
}

/// What is wrong with the table. It says where and never what stands there; a tool is named by its position, the first
/// being 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum ToolsProblem {
    /// Not the expected JSON.
    #[error(
        "must be JSON of the form {{\"tools\":[{{\"name\":…,\"scopes\":[…],\"vault\":…,\"arguments\":{{…}}}}]}}; it is not at line {line} column {column}"
    )]
    Shape {
        /// From 1.
        line: usize,
        /// From 1; 0 before the first.
        column: usize,
    },
    /// Nothing could be called.
    #[error("must name at least one tool")]
    None,
    /// Not `target___tool`.
    #[error("the name of tool {0} must be a target, three underscores and a tool, of letters, digits, `-` and `_`")]
    Name(usize),
    /// The same name a second time.
    #[error("the name of tool {0} is used twice")]
    Twice(usize),
    /// A tool that everybody may call is a mistake until somebody says otherwise.
    #[error("tool {0} must need at least one scope, each a word without white space")]
    Scopes(usize),
    /// An argument's name that no tool has.
    #[error("an argument of tool {0} must be named with letters, digits and `_`, and not as the ticket is")]
    Argument(usize),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Setting {
    tools: Vec<ToolSetting>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ToolSetting {
    name: String,
    scopes: Vec<String>,
    vault: bool,
    #[serde(default)]
    identity: bool,
    #[serde(default)]
    arguments: BTreeMap<String, Argument>,
}

impl Tools {
    /// Reads `{"tools":[{"name":"okta___list_groups","scopes":["api/read"],"vault":true,"identity":false,"arguments":
    /// {"limit":{"kind":"integer","required":false}}}]}`, where `identity`, `arguments` and `required` may be left out.
    ///
    /// # Errors
    /// The first problem found.
    pub fn parse(json: &str) -> Result<Self, ToolsProblem> {
        let setting: Setting = serde_json::from_str(json)
            .map_err(|error| ToolsProblem::Shape { line: error.line(), column: error.column() })?;
        let mut tools = BTreeMap::new();
        for (place, setting) in (1..).zip(setting.tools) {
            let tool = Tool::of(setting, place)?;
            if tools.insert(tool.name.clone(), tool).is_some() {
                return Err(ToolsProblem::Twice(place));
            }
        }
        if tools.is_empty() { Err(ToolsProblem::None) } else { Ok(Self(tools)) }
    }

    /// The tool of exactly this name. Other letter case, look-alikes, white space and a further `___` make another name.
    #[must_use]
    pub fn named(&self, name: &str) -> Option<&Tool> {
        self.0.get(name)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = &Tool> {
        self.0.values()
    }
}

impl Tool {
    fn of(setting: ToolSetting, place: usize) -> Result<Self, ToolsProblem> {
        let ToolSetting { name, scopes, vault, identity, arguments } = setting;
        let word = |text: &str, also: &[u8]| {
            !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || also.contains(&byte))
        };
        let (target, tool) = name.split_once("___").ok_or(ToolsProblem::Name(place))?;
        if name.len() > LONGEST_NAME || !word(target, b"-") || !word(tool, b"-_") || tool.contains("___") {
            return Err(ToolsProblem::Name(place));
        }
        let words = |scope: &String| !scope.is_empty() && scope.bytes().all(|byte| byte.is_ascii_graphic());
        if scopes.is_empty() || !scopes.iter().all(words) || scopes.iter().any(|scope| scope.contains(',')) {
            return Err(ToolsProblem::Scopes(place));
        }
        if arguments.keys().any(|argument| !word(argument, b"_") || argument == super::TICKET_ARGUMENT) {
            return Err(ToolsProblem::Argument(place));
        }
        Ok(Self { scopes: Scopes::parse(&scopes.join(" ")), name, vault, identity, arguments })
    }

    /// The full name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// All the scopes that a caller needs.
    #[must_use]
    pub fn scopes(&self) -> &Scopes {
        &self.scopes
    }

    /// Whether it acts with the person's own token at an upstream, and so needs their session.
    #[must_use]
    pub fn needs_vault(&self) -> bool {
        self.vault
    }

    /// Whether it tells the caller who they are and how far they reach, and so is told it.
    #[must_use]
    pub fn tells_identity(&self) -> bool {
        self.identity
    }

    /// Its arguments, by name.
    pub fn arguments(&self) -> impl Iterator<Item = (&str, Argument)> {
        self.arguments.iter().map(|(name, argument)| (name.as_str(), *argument))
    }

    /// Whether it has an argument of this name.
    #[must_use]
    pub fn takes(&self, argument: &str) -> bool {
        self.arguments.contains_key(argument)
    }

    /// Whether a caller has its scopes, and an issuer that can have a session where it needs one. Policies may still forbid
    /// it.
    #[must_use]
    pub fn is_within_reach_of(&self, caller: &Caller) -> bool {
        caller.scopes().cover(&self.scopes) && (caller.signs_in_here() || !self.vault)
    }
}
