//! What a tool says of itself, once: the rest of its surface follows from it.

#[cfg(test)]
mod tests;

use schemars::JsonSchema;
use serde::de::DeserializeOwned;

use crate::arguments::{Parameters, Undeclarable};
use crate::door::{Action, Envelope};

/// Whether a tool changes anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// It only reads: a failed call may be tried again.
    Reads,
    /// It changes something: a call whose outcome is unknown may not be tried again.
    Changes,
}

impl Effect {
    /// The HTTP method of such a tool at the OpenAPI door.
    #[must_use]
    pub const fn method(self) -> &'static str {
        match self {
            Self::Reads => "GET",
            Self::Changes => "POST",
        }
    }
}

/// The constant part of a tool.
pub trait Declared {
    /// What the model may pass.
    type Args: DeserializeOwned + JsonSchema;

    /// The function's name, as in `list_groups`; its path at the OpenAPI door is `/` and this.
    const NAME: &'static str;
    /// What the model is told about it: 1 to 1200 characters.
    const DESCRIPTION: &'static str;
    /// Whether it changes anything.
    const EFFECT: Effect;
    /// The provider's scopes that it needs, separated by spaces, as in `okta.users.read`.
    const SCOPES: &'static str;
    /// The scopes that a caller's own access token must all have at an AgentCore Gateway, separated by spaces, as in
    /// `api/read`. Never empty: a tool for everybody is a mistake until somebody says otherwise.
    const GATEWAY_SCOPES: &'static str;

    /// All of it as a value. Read it once, when the function starts.
    ///
    /// # Errors
    /// [`Undeclarable`] if Bedrock could not be told, or the arguments' type says what would not be checked.
    fn declaration() -> Result<Declaration, Undeclarable> {
        let parameters = Parameters::of::<Self::Args>()?;
        if !crate::arguments::is_api_name(Self::NAME) || !(1..=1200).contains(&Self::DESCRIPTION.chars().count()) {
            return Err(Undeclarable::Misnamed(Self::NAME.to_owned()));
        }
        Ok(Declaration {
            name: Self::NAME,
            description: Self::DESCRIPTION,
            effect: Self::EFFECT,
            scopes: Self::SCOPES,
            gateway_scopes: Self::GATEWAY_SCOPES,
            parameters,
        })
    }
}

/// A tool's declaration as a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// [`Declared::NAME`]
    pub name: &'static str,
    /// [`Declared::DESCRIPTION`]
    pub description: &'static str,
    /// [`Declared::EFFECT`]
    pub effect: Effect,
    /// [`Declared::SCOPES`]
    pub scopes: &'static str,
    /// [`Declared::GATEWAY_SCOPES`]
    pub gateway_scopes: &'static str,
    /// The arguments it takes.
    pub parameters: Parameters,
}

impl Declaration {
    /// Whether a call is for this tool in `action_group`: by its function's name, by its path and method, or by its full
    /// name behind a target that is named as the action group. Names must be equal to the letter; a method may come in
    /// either case.
    #[must_use]
    pub fn serves(&self, action_group: &str, envelope: &Envelope) -> bool {
        let named = match envelope.action() {
            Action::Function(function) => function == self.name,
            Action::Tool(full) => full.split_once("___").is_some_and(|(_, name)| name == self.name),
            Action::Operation { path, method } => {
                path.strip_prefix('/') == Some(self.name) && method.eq_ignore_ascii_case(self.effect.method())
            }
        };
        named && envelope.action_group() == action_group
    }
}
