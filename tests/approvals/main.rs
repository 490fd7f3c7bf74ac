//! Approvals, from the question to the outcome: the two functions in this process, every delivery made by the test.

mod asking;
mod way;
