//! What a tool function is made with: the doors that calls come through, typed arguments, declarations and answers.

pub mod answer;
pub mod arguments;
pub mod declaration;
pub mod door;
