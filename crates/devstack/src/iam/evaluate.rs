//! Whether documents allow a request.

use super::caller::Signer;
use super::context::Context;
use super::document::{Document, Patterns, Statement};
use super::operator;

/// What is asked.
pub(crate) struct Request<'a> {
    /// As in `dynamodb:GetItem`.
    pub(crate) action: &'a str,
    /// An ARN, or `*` for what has none.
    pub(crate) resource: &'a str,
    pub(crate) caller: Signer<'a>,
    pub(crate) context: &'a Context,
}

/// What documents say together.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Outcome {
    /// A statement denies.
    Denied,
    /// None denies and one allows.
    Allowed,
    /// None applies.
    Silent,
}

/// A denial anywhere wins.
pub(crate) fn decide<'d>(documents: impl IntoIterator<Item = &'d Document>, request: &Request<'_>) -> Outcome {
    let mut outcome = Outcome::Silent;
    for statement in documents.into_iter().flat_map(|Document(statements)| statements) {
        if !statement.applies(request) {
            continue;
        }
        if statement.denies {
            return Outcome::Denied;
        }
        outcome = Outcome::Allowed;
    }
    outcome
}

impl Statement {
    fn applies(&self, request: &Request<'_>) -> bool {
        let Request { action, resource, caller, context } = request;
        let principals = &self.principals;
        self.variables().all(|name| context.single(name).is_some())
            && (principals.is_empty() || principals.iter().any(|principal| principal.is(*caller)))
            && self.actions.mean(|pattern| pattern.matches_ignoring_case(action, context))
            && self
                .resources
                .as_ref()
                .is_none_or(|resources| resources.mean(|pattern| operator::arn_matches(pattern, resource, context)))
            && self.clauses.iter().all(|clause| clause.holds(context, self.denies))
    }

    fn variables(&self) -> impl Iterator<Item = &str> {
        let resources = self.resources.iter().flat_map(|patterns| &patterns.list);
        resources
            .flat_map(|pattern| pattern.variables())
            .chain(self.clauses.iter().flat_map(|clause| clause.variables()))
    }
}

impl Patterns {
    fn mean(&self, matches: impl Fn(&super::pattern::Pattern) -> bool) -> bool {
        self.list.iter().any(matches) != self.negated
    }
}
