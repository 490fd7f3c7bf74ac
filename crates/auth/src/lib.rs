//! The rules of Mandate: who a call acts for, what it may do, and when the answer is no.
//!
//! Nothing here reads a clock, an environment, a file or a network, and nothing waits: every function takes values, a
//! [`time::Timestamp`] where time matters and random bytes where chance matters, and gives values. The manifest has no
//! crate that could do otherwise. What a tool call goes through, in this order:
//!
//! 1. [`ticket`]: a signed statement of who is chatting with which agent in which session;
//! 2. [`session`]: the stored row of that person, confirmed by the ticket;
//! 3. [`decision`]: one question to the authorizer and its answer;
//! 4. [`mandate`]: the three become one value, the only thing that opens the vault or reaches an upstream.
//!
//! Each step can end in a [`refusal::Refusal`] instead; either way [`audit`] makes the one record of it.

pub mod approval;
pub mod audit;
pub mod canonical;
pub mod decision;
pub mod encryption_context;
pub mod gateway;
pub mod id;
pub mod jwt;
pub mod keycard;
pub mod mandate;
pub mod refusal;
pub mod scope;
pub mod secret;
pub mod session;
pub mod subject;
pub mod ticket;
pub mod time;
