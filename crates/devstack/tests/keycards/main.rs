//! Temporary credentials for one person, one tool and one minute, against every double that enforces them.
//!
//! A function's own role opens nothing: it may assume the role of its tool, with a tag and a source identity. That role
//! opens what is tagged with the session; a session policy narrows it to one row, one data key and one function, for a
//! minute.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "what cannot be had ends the test")]

mod house;
mod opens;
mod roles;
