//! Cedar policies over the tools of an AgentCore Gateway.
//!
//! The entity model is the one that Amazon Bedrock AgentCore Policy documents ("Core concepts", "Schema constraints"):
//! principals `AgentCore::OAuthUser` with `id` and the token's claims as tags, actions `AgentCore::Action::"target___tool"`,
//! resource `AgentCore::Gateway::"ARN"`, arguments in `context.input`. Policies that are loaded here can be given to
//! AgentCore's own engine. Its generated schema cannot be had without an account, so what holds here holds for our copy of
//! the documented model.
//!
//! Two things are stricter than Cedar: a policy that cannot be evaluated makes the decision a denial, where Cedar would go
//! on without it (a `forbid` included), and policies that the validator so much as warns of are not loaded.

mod decide;
mod entities;
mod load;
mod model;

pub use decide::{Shadow, Verdict};
pub use load::{Policies, PolicyProblem, Which};
pub use model::{Asked, Model};
