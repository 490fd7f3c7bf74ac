//! The right to act once.

use super::binding::Binding;
use super::states::{Acting, Approved};
use crate::mandate::Mandate;
use crate::refusal::{Code, Refusal};
use crate::time::Timestamp;

/// An approval about to be spent: what the conditional write approved → acting must say.
pub struct Spending {
    pub(super) acting: Acting,
    pub(super) version: u64,
}

/// The right to act once, for one mandate. The act takes it; it cannot be cloned, kept or made again.
///
/// ```compile_fail
/// fn twice(permit: auth::approval::Permit) -> (auth::approval::Permit, auth::approval::Permit) { (permit.clone(), permit) }
/// ```
pub struct Permit {
    binding: Binding,
}

impl Approved {
    /// Begins to spend it for `mandate`, in the name of the worker `holder`, who may act for `seconds`.
    ///
    /// # Errors
    /// `access_denied` if the mandate is for another person, session, organization, agent, tool or other arguments, and
    /// `approval_expired` if the request's time is over; the approval comes back with it, to be ended.
    pub fn spend<A>(
        self,
        mandate: &Mandate<A>,
        tool: &str,
        holder: &str,
        now: Timestamp,
        seconds: u64,
    ) -> Result<Spending, Box<(Self, Refusal)>> {
        let binding = &self.binding;
        let same = binding.subject == *mandate.subject()
            && binding.session == *mandate.session_hash()
            && binding.organization.as_ref() == mandate.organization()
            && binding.agent == *mandate.agent()
            && binding.tool == tool
            && mandate.arguments_hash() == Some(&binding.arguments);
        if !same {
            return Err(Box::new((self, Refusal::new(Code::AccessDenied, "approval: given for something else"))));
        }
        if now >= binding.expires_at {
            return Err(Box::new((self, Refusal::new(Code::ApprovalExpired, "approval: spent too late"))));
        }
        let (version, holder) = (self.version, holder.to_owned());
        let acting = Acting { binding: self.binding, holder, lease_until: now.plus(seconds), version: version + 1 };
        Ok(Spending { acting, version })
    }
}

impl Spending {
    /// The version of the row that the write must find.
    #[must_use]
    pub fn version(&self) -> u64 {
        self.version
    }

    /// What the write says.
    #[must_use]
    pub fn acting(&self) -> &Acting {
        &self.acting
    }

    /// The permit. Only the store calls this, after its conditional write has succeeded; if the write was lost, the
    /// spending is dropped.
    #[must_use]
    pub fn written(self) -> (Acting, Permit) {
        let permit = Permit { binding: self.acting.binding.clone() };
        (self.acting, permit)
    }
}

impl Permit {
    /// What was approved.
    #[must_use]
    pub fn binding(&self) -> &Binding {
        &self.binding
    }
}
