//! AWS IAM: who a request comes from, and what that one may do.
//!
//! Nothing here listens. The doubles of DynamoDB, SQS, Lambda and KMS are handed an [`Iam`] (`enforce`, or
//! [`crate::stack::Stack::secure`] for all of them) and then evaluate every request before they act on it; [`crate::sts`]
//! issues the sessions. Without one, a double takes every request, signed or not.
//!
//! # What of IAM is covered
//! - [Documents](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html) of version
//!   2012-10-17: `Id`, `Sid`, `Effect`, `Action` or `NotAction`, `Resource` or `NotResource`, `Condition`, and in trust
//!   policies `Principal` instead of a resource.
//! - The operators `String…`, `Arn…`, `Numeric…`, `Date…` with their negations, `Bool` and `Null`; `ForAllValues:`,
//!   `ForAnyValue:` and `IfExists`. Names of condition keys and of actions are told apart without regard to case.
//! - The variables `${aws:PrincipalTag/KEY}`, `${aws:SourceIdentity}` and `${aws:userid}`, and `${*}`, `${?}`, `${$}`.
//!   What a variable stands for is text: a `*` in it is a `*`. A statement with a variable that stands for nothing in a
//!   request does not apply to it.
//! - [Evaluation](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics.html)
//!   within one account: a `Deny` anywhere wins; the role's policies must allow; in a session with a session policy,
//!   that one must allow too.
//! - Context keys of every request: `aws:CurrentTime`, `aws:EpochTime`, `aws:SecureTransport` (false on loopback),
//!   `aws:userid`, `aws:PrincipalArn`, `aws:PrincipalAccount`, `aws:PrincipalType`, `aws:PrincipalTag/KEY` and
//!   `aws:SourceIdentity`. Of `sts:AssumeRole`: `aws:RequestTag/KEY`, `aws:TagKeys`, `sts:TransitiveTagKeys`,
//!   `sts:SourceIdentity`, `sts:RoleSessionName` and `sts:ExternalId`; of `sts:TagSession` the first three, of
//!   `sts:SetSourceIdentity` the fourth. Of DynamoDB: `dynamodb:LeadingKeys`, `dynamodb:Attributes`, `dynamodb:Select`,
//!   `dynamodb:ReturnValues` and `dynamodb:EnclosingOperation`. Of KMS: `kms:EncryptionContext:KEY` and
//!   `kms:EncryptionContextKeys`. SQS and Lambda have none.
//!
//! # What is refused, never ignored
//! Everything else in a document: other versions or none, unknown and repeated members, unknown operators and variables,
//! values of another type, empty lists, resources that are no ARNs, statements without a resource. `IpAddress` and
//! `BinaryEquals` are among the unknown.
//!
//! # Where it is stricter than AWS
//! - To assume a role takes the caller's policies and the trust policy, each of them for `sts:AssumeRole`, and for
//!   `sts:TagSession` and `sts:SetSourceIdentity` if tags and a source identity are sent. Within one account AWS is
//!   content with less in some cases.
//! - A condition without `ForAllValues:` or `ForAnyValue:` on a key with several values is undefined at AWS. Here it does
//!   not hold in an `Allow` and does hold in a `Deny`.
//!
//! # Left out
//! Signatures: a caller is known by the access key id and the session token, and neither the signature nor the secret is
//! checked. Users, groups, policies of resources (a function's own is asked only when a service of AWS calls it; keys and
//! queues leave all to IAM), boundaries, service and resource control policies, and other accounts.

mod caller;
mod condition;
mod context;
mod date;
mod decision;
mod document;
mod evaluate;
mod gate;
mod members;
mod operator;
mod pattern;
mod principal;
mod refusal;
mod registry;
mod role;
mod service;
mod session;
mod strict;
#[cfg(test)]
pub(crate) mod tests;
mod trial;

pub use decision::Decision;
pub use document::Malformed;
pub use registry::Iam;
pub use role::{Role, role_arn};
pub use session::{Credentials, Session};
pub use trial::{Policies, Trial};

pub(crate) use caller::Caller;
pub(crate) use context::Context;
pub(crate) use document::{Document, Kind};
pub(crate) use gate::{Ask, Gate};
pub(crate) use refusal::Refusal;
pub(crate) use service::{PASS, SOURCE, pass};
pub(crate) use session::Grant;
