//! Which tools a function has, told without setting any of them up: for all that is made from their declarations.

use crate::approval::Approvable;
use crate::arguments::Undeclarable;
use crate::declaration::{Declaration, Declared};
use crate::identity::Tells;
use crate::own::Own;
use crate::tool::Tool;

/// What a tool gets to do its work, by the trait that it implements.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// It acts at once, with a mandate: a [`Tool`].
    Acts,
    /// It waits for the person's approval: an [`Approvable`].
    Waits,
    /// It reads what is kept about the person: an [`Own`].
    ReadsOwn,
    /// It tells the caller who they are: a [`Tells`].
    TellsIdentity,
}

impl Kind {
    /// Whether it needs the person's session. Such a tool is out of reach for people of an issuer that is not the
    /// sign-in's.
    #[must_use]
    pub const fn needs_session(self) -> bool {
        match self {
            Self::Acts | Self::Waits | Self::ReadsOwn => true,
            Self::TellsIdentity => false,
        }
    }

    /// Whether it tells the caller who they are, and so is told how far they reach at the gateway.
    #[must_use]
    pub const fn tells_identity(self) -> bool {
        match self {
            Self::Acts | Self::Waits | Self::ReadsOwn => false,
            Self::TellsIdentity => true,
        }
    }

    /// Whether an answer of it may be about an approval.
    #[must_use]
    pub const fn tells_of_approvals(self) -> bool {
        match self {
            Self::Acts | Self::TellsIdentity => false,
            Self::Waits | Self::ReadsOwn => true,
        }
    }
}

/// One tool of a function.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// What it says of itself.
    pub declaration: Declaration,
    /// What it gets.
    pub kind: Kind,
}

/// The tools of one function, in the order in which they were named. The methods that take them are bound as those of
/// [`crate::registry::Registry`], so a tool cannot be listed as another kind than it is; that none is left out is a test.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalog {
    action_group: &'static str,
    entries: Vec<Entry>,
}

impl Catalog {
    /// No tools yet. The action group is the one that the function has where no setting names another; it is also the name
    /// of its target at a gateway, so it has neither `_` nor more than 100 letters and digits.
    #[must_use]
    pub const fn of(action_group: &'static str) -> Self {
        Self { action_group, entries: Vec::new() }
    }

    /// With a tool that acts at once.
    ///
    /// # Errors
    /// [`Undeclarable`], for a tool that Bedrock could not be told of, or a second one of its name.
    pub fn with<T: Tool>(self) -> Result<Self, Undeclarable> {
        self.and::<T>(Kind::Acts)
    }

    /// With a tool that waits for an approval.
    ///
    /// # Errors
    /// As [`Catalog::with`].
    pub fn with_approval<T: Approvable>(self) -> Result<Self, Undeclarable> {
        self.and::<T>(Kind::Waits)
    }

    /// With a tool that reads what is kept about the person.
    ///
    /// # Errors
    /// As [`Catalog::with`].
    pub fn with_own<T: Own>(self) -> Result<Self, Undeclarable> {
        self.and::<T>(Kind::ReadsOwn)
    }

    /// With a tool that tells the caller who they are.
    ///
    /// # Errors
    /// As [`Catalog::with`].
    pub fn with_identity<T: Tells>(self) -> Result<Self, Undeclarable> {
        self.and::<T>(Kind::TellsIdentity)
    }

    fn and<T: Declared>(mut self, kind: Kind) -> Result<Self, Undeclarable> {
        if self.entries.iter().any(|entry| entry.declaration.name == T::NAME) {
            return Err(Undeclarable::Twice(T::NAME));
        }
        self.entries.push(Entry { declaration: T::declaration()?, kind });
        Ok(self)
    }

    /// The function's action group, and the name of its target.
    #[must_use]
    pub const fn action_group(&self) -> &'static str {
        self.action_group
    }

    /// The tools.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }
}
