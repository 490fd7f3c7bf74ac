//! The tools of one function, under the name of its action group.

#[cfg(test)]
mod tests;

use std::pin::Pin;
use std::sync::Arc;

use auth::refusal::Refusal;
use auth::ticket::TicketKeys;

use crate::answer::Answer;
use crate::approval::{Approvable, Desk};
use crate::arguments::Undeclarable;
use crate::catalog::{Entry, Kind};
use crate::declaration::{Declaration, Declared};
use crate::door::Call;
use crate::guard::{self, Way};
use crate::identity::Tells;
use crate::own::Own;
use crate::tool::Tool;

/// The tools of one function.
pub struct Registry {
    action_group: String,
    pub(crate) keys: TicketKeys,
    tools: Vec<(Declaration, Box<dyn AnyTool>)>,
}

/// A call on its way.
pub(crate) type Running<'a> = Pin<Box<dyn Future<Output = Result<Answer, Refusal>> + 'a>>;

/// A tool whose type is not named.
pub(crate) trait AnyTool {
    fn kind(&self) -> Kind;

    fn run<'a>(&'a self, declaration: &'a Declaration, call: &'a Call, way: Way<'a>) -> Running<'a>;
}

struct Acts<T>(T);
struct Waits<T>(T, Arc<Desk>);
struct Reads<T>(T);
struct Identifies<T>(T);

impl<T: Tool> AnyTool for Acts<T> {
    fn kind(&self) -> Kind {
        Kind::Acts
    }

    fn run<'a>(&'a self, declaration: &'a Declaration, call: &'a Call, way: Way<'a>) -> Running<'a> {
        Box::pin(guard::lead(&self.0, declaration, call, way))
    }
}

impl<T: Approvable> AnyTool for Waits<T> {
    fn kind(&self) -> Kind {
        Kind::Waits
    }

    fn run<'a>(&'a self, declaration: &'a Declaration, call: &'a Call, way: Way<'a>) -> Running<'a> {
        Box::pin(guard::lead_to_approval(&self.0, &self.1, declaration, call, way))
    }
}

impl<T: Own> AnyTool for Reads<T> {
    fn kind(&self) -> Kind {
        Kind::ReadsOwn
    }

    fn run<'a>(&'a self, declaration: &'a Declaration, call: &'a Call, way: Way<'a>) -> Running<'a> {
        Box::pin(guard::lead_to_own(&self.0, declaration, call, way))
    }
}

impl<T: Tells> AnyTool for Identifies<T> {
    fn kind(&self) -> Kind {
        Kind::TellsIdentity
    }

    fn run<'a>(&'a self, declaration: &'a Declaration, call: &'a Call, way: Way<'a>) -> Running<'a> {
        Box::pin(std::future::ready(guard::lead_to_identity(&self.0, declaration, call, &way)))
    }
}

impl Registry {
    /// No tools yet. A call must name this action group and bring a ticket under one of these keys.
    #[must_use]
    pub fn of(action_group: String, keys: TicketKeys) -> Self {
        Self { action_group, keys, tools: Vec::new() }
    }

    /// With one more tool.
    ///
    /// # Errors
    /// [`Undeclarable`], for a tool that Bedrock could not be told of, or one whose name another tool has: calls of it
    /// would all go to the first.
    pub fn with<T: Tool + 'static>(self, tool: T) -> Result<Self, Undeclarable> {
        self.and::<T>(Box::new(Acts(tool)))
    }

    /// With one more tool that asks for the person's approval at this desk, and is done by the worker.
    ///
    /// # Errors
    /// As [`Registry::with`]; also for a label that the phone could not show.
    pub fn with_approval<T: Approvable + 'static>(self, tool: T, desk: &Arc<Desk>) -> Result<Self, Undeclarable> {
        crate::approval::check_label(T::LABEL)?;
        self.and::<T>(Box::new(Waits(tool, Arc::clone(desk))))
    }

    /// With one more tool that reads what is kept about the person.
    ///
    /// # Errors
    /// As [`Registry::with`].
    pub fn with_own<T: Own + 'static>(self, tool: T) -> Result<Self, Undeclarable> {
        self.and::<T>(Box::new(Reads(tool)))
    }

    /// With one more tool that tells the caller who they are.
    ///
    /// # Errors
    /// As [`Registry::with`].
    pub fn with_identity<T: Tells + 'static>(self, tool: T) -> Result<Self, Undeclarable> {
        self.and::<T>(Box::new(Identifies(tool)))
    }

    fn and<T: Declared>(mut self, tool: Box<dyn AnyTool>) -> Result<Self, Undeclarable> {
        let declaration = T::declaration()?;
        if self.tools.iter().any(|(other, _)| other.name == declaration.name) {
            return Err(Undeclarable::Twice(T::NAME));
        }
        self.tools.push((declaration, tool));
        Ok(self)
    }

    /// Its tools as a [`crate::catalog::Catalog`] has them, in the order in which they were registered.
    #[must_use]
    pub fn entries(&self) -> Vec<Entry> {
        let entry = |(declaration, tool): &(Declaration, Box<dyn AnyTool>)| Entry {
            declaration: declaration.clone(),
            kind: tool.kind(),
        };
        self.tools.iter().map(entry).collect()
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
