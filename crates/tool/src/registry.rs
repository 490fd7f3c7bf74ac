//! The tools of one function, under the name of its action group.

#[cfg(test)]
mod tests;

use std::pin::Pin;

use auth::refusal::Refusal;

use crate::answer::Answer;
use crate::arguments::Undeclarable;
use crate::declaration::Declaration;
use crate::door::Call;
use crate::guard::{self, Way};
use crate::tool::Tool;

/// The tools of one function.
pub struct Registry {
    action_group: String,
    tools: Vec<(Declaration, Box<dyn AnyTool>)>,
}

/// A call on its way.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + 'a>>;

/// A tool whose argument type is not named.
pub(crate) trait AnyTool {
    fn run<'a>(&'a self, declaration: &'a Declaration, call: &'a Call, way: Way<'a>) -> Running<'a>;
}

impl<T: Tool> AnyTool for T {
    fn run<'a>(&'a self, declaration: &'a Declaration, call: &'a Call, way: Way<'a>) -> Running<'a> {
        Box::pin(guard::lead(self, declaration, call, way))
    }
}

impl Registry {
    /// No tools yet. A call must name this action group.
    #[must_use]
    pub fn of(action_group: String) -> Self {
        Self { action_group, tools: Vec::new() }
    }

    /// With one more tool.
    ///
    /// # Errors
    /// [`Undeclarable`], for a tool that Bedrock could not be told of, or one whose name another tool has: calls of it
    /// would all go to the first.
    pub fn with<T: Tool + 'static>(mut self, tool: T) -> Result<Self, Undeclarable> {
        let declaration = T::declaration()?;
        if self.tools.iter().any(|(other, _)| other.name == declaration.name) {
            return Err(Undeclarable::Twice(T::NAME));
        }
        self.tools.push((declaration, Box::new(tool)));
        Ok(self)
    }

    /// The tool that a call is for; `invalid_input` if there is none. The names that the call gave are not repeated.
    pub(crate) fn find(&self, call: &Call) -> Result<(&Declaration, &dyn AnyTool), Refusal> {
        self.tools
            .iter()
            .find(|(declaration, _)| declaration.serves(&self.action_group, &call.envelope))
            .map(|(declaration, tool)| (declaration, tool.as_ref()))
            .ok_or_else(|| Refusal::invalid_input("there is no such action here"))
    }
}
