//! What a keycard can be for.

use super::KeyArn;
use crate::approval::PersonKey;
use crate::encryption_context::EncryptionContext;
use crate::id::SessionHash;

/// One thing that a keycard opens. Resources are whole ARNs; identifiers are hashes or names of their own types, so that
/// nothing that a model or a person wrote comes into a policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Grant {
    /// Reading the one row of this session.
    ReadSession {
        /// The table.
        table: String,
        /// The row.
        session: SessionHash,
    },
    /// Also changing it: the lease and the sealed tokens.
    RenewSession {
        /// The table.
        table: String,
        /// The row.
        session: SessionHash,
    },
    /// Reading one person's approvals.
    ReadApprovals {
        /// The table.
        table: String,
        /// Whose.
        person: PersonKey,
    },
    /// Also ending them, which is an outcome in place of what was open. They are neither begun nor moved.
    EndApprovals {
        /// The table.
        table: String,
        /// Whose.
        person: PersonKey,
    },
    /// Also beginning and moving them.
    ChangeApprovals {
        /// The table.
        table: String,
        /// Whose.
        person: PersonKey,
    },
    /// Adding to one person's audit records, which are in a partition of their own.
    Record {
        /// The table.
        table: String,
        /// Whose.
        person: PersonKey,
    },
    /// Opening what is sealed in this context, under the key that seals or one that did.
    Open {
        /// The KMS keys.
        keys: Vec<KeyArn>,
        /// What the data key is bound to.
        context: EncryptionContext,
    },
    /// Sealing anew in this context.
    Seal {
        /// The KMS key.
        key: KeyArn,
        /// What the data key is bound to.
        context: EncryptionContext,
    },
    /// Calling one function.
    Invoke {
        /// The function.
        function: String,
    },
    /// Sending to one queue.
    Send {
        /// The queue.
        queue: String,
    },
}
