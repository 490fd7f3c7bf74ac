//! M01 to M13 group the tests by the statement that they hold the code to.

mod forge;
mod outputs;
mod requests;
mod responses;
mod schema;
mod scopes;
