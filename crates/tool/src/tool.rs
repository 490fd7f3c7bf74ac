//! The one trait that a tool implements beyond its declaration: what it does with a mandate.

use auth::mandate::{Asks, Mandate};
use auth::refusal::Refusal;
use auth::scope::Scopes;
use auth::session::FederatedToken;
use function::serve::Invocation;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::declaration::Declared;
use crate::house::{House, Rooms};
use crate::token;

/// A tool: declared by [`Declared`], asked for by [`auth::mandate::Asks`], done here.
pub trait Tool: Declared + Asks<Self::Args> {
    /// What the person's token at the provider must be good for. [`Declared::SCOPES`] unless a setting decides.
    fn scopes(&self) -> Scopes {
        Scopes::parse(Self::SCOPES)
    }

    /// Does it, for the person and the arguments of the mandate.
    ///
    /// # Errors
    /// A refusal; then nothing was changed.
    fn act(&self, acting: Acting<'_, Self::Args>) -> impl Future<Output = Result<Answer, Refusal>>;
}

/// A mandate at work, and what it may use.
pub struct Acting<'a, A> {
    /// Who it acts for, with which arguments.
    pub mandate: Mandate<A>,
    pub(crate) invocation: &'a Invocation,
    pub(crate) house: &'a House,
    pub(crate) rooms: &'a Rooms,
    pub(crate) needed: Scopes,
}

impl<A> Acting<'_, A> {
    /// When the invocation must be done.
    #[must_use]
    pub fn until(&self) -> Instant {
        self.invocation.until
    }

    /// The person's token at the provider: the stored one, or a fresh exchange.
    ///
    /// # Errors
    /// `reconnect_required`, `auth_required`, `busy`, `unavailable` or `internal`, as the vault answers.
    pub async fn token(&mut self) -> Result<FederatedToken, Refusal> {
        Box::pin(token::obtain((self.house, self.rooms), &mut self.mandate, &self.needed, None, self.invocation)).await
    }

    /// Another token than `refused`, which the provider no longer takes.
    ///
    /// # Errors
    /// As [`Acting::token`].
    pub async fn fresh_token(&mut self, refused: &FederatedToken) -> Result<FederatedToken, Refusal> {
        Box::pin(token::obtain(
            (self.house, self.rooms),
            &mut self.mandate,
            &self.needed,
            Some(refused),
            self.invocation,
        ))
        .await
    }
}
