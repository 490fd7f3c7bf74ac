//! Clients for the AWS services that Mandate asks: the session table, the approval table and the audit records in it, the keys
//! that seal rows, the worker's queue and the authorizer function.
//!
//! Each client is made from one [`connection::Aws`] and takes, with every call, the moment by which it must be done. None of
//! them reads a clock or a setting. What comes back is either a value whose every part was checked, or an error that
//! becomes one [`auth::refusal::Refusal`]; no text of AWS's goes into either.

pub mod approval_store;
pub mod audit_store;
pub mod connection;
pub mod invoke;
pub mod keycard;
pub mod queue;
pub mod seal;
pub mod session_store;
#[cfg(test)]
mod testing;
pub mod web_store;

pub use approval_store::{
    ApprovalError, ApprovalStore, EndedApproval, OpenApproval, OpenRequest, OpenState, Panel, Recording, Requesting,
    Spent, Sweep, Swept, Unread,
};
pub use audit_store::{AuditError, AuditPage, AuditStore};
pub use connection::{Aws, AwsSettings, Common, ConnectError, Identity};
pub use invoke::Authorizer;
pub use keycard::{Keycard, KeycardError, KeycardIssuer, Wanted};
pub use queue::{ApprovalKey, Queue, QueueError};
pub use seal::{KmsKeys, Seal, SealKeyError, SealKeys};
pub use session_store::{
    Creation, Fence, LeaseOutcome, SealedRow, SessionPage, SessionStore, SessionsOf, StoreError, StoreOutcome, Taken,
};
pub use upstream_secrets::{SecretError, Secrets};
pub use web_store::{Replacing, WebItem, WebKey, WebKind, WebStore};
