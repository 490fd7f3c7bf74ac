//! The web application: the person's side of the product.
//!
//! Pages are made on the server; one small script streams answers and keeps panels fresh, and there is no inline script.
//! What runs it is in `main.rs`; [`router`] is the application, wherever it runs: behind [`server`], or behind [`lambda`].
//!
//! - [`settings`] says where everything is; [`app`] holds the clients;
//! - `rim` stands around every request: address, size, time, origin, headers, and the page that says what went wrong;
//! - `person` is who is signed in: cookies, the session in the browser, sign-in, sign-out;
//! - `chat` talks to the agent, or `mcp_client` tells people what their own client needs; `approvals`, `activity` and `accounts` show what was asked, what was done, and what is connected.

mod accounts;
mod activity;
pub mod app;
mod approvals;
mod assets;
mod chat;
mod health;
pub mod lambda;
mod list;
mod mcp_client;
mod page;
mod person;
mod problem;
mod random;
mod rim;
mod routes;
pub mod server;
pub mod settings;
mod words;

pub use app::App;
pub use person::Place;
pub use person::cookies;
pub use rim::{Peer, Proxies};
pub use routes::router;
