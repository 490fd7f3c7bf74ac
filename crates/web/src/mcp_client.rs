//! People's own MCP clients: what one needs to call tools through the gateway in its person's name.

mod needs;
mod page;
mod session;
mod start;

pub(crate) use page::page;
pub(crate) use session::session;
pub(crate) use start::start;
