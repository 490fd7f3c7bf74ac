//! Which address is whose.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn_with_state;
use axum::routing::{get, post};

use crate::app::App;
use crate::person::{back_channel, sign_in, sign_out};
use crate::settings::AgentKind;
use crate::{accounts, activity, approvals, assets, chat, health, mcp_client, rim};

/// The largest body of a request, in bytes: a message of the longest kind, percent-encoded.
const LARGEST_BODY: usize = 64 * 1024;

pub(crate) const STYLE: &str = "/style.css";
pub(crate) const SCRIPT: &str = "/script.js";
pub(crate) const ICON: &str = "/icon.svg";
pub(crate) const SIGNED_OUT: &str = "/signed-out";
/// To the provider's logout.
pub(crate) const LOG_OUT: &str = "/sign-out/go";
/// Where a conversation begins anew.
pub(crate) const NEW_CHAT: &str = "/chat/new";
/// What an MCP client needs, and where its person is shown the session's id.
pub(crate) const CLIENT: &str = "/client";
pub(crate) const CLIENT_SESSION: &str = "/client/session";
pub(crate) const BACK_CHANNEL: &str = "/back-channel-logout";

/// Paths, and how log lines and metrics name what is there. A name is a dimension, so there are few.
const NAMES: [(&str, &str); 21] = [
    ("/", "web_chat_page"),
    ("/chat", "web_chat"),
    (NEW_CHAT, "web_chat"),
    ("/chat/stop", "web_chat"),
    ("/chat/messages", "web_chat_page"),
    ("/sign-in", "web_sign_in"),
    ("/callback", "web_callback"),
    ("/sign-out", "web_sign_out"),
    (LOG_OUT, "web_sign_out"),
    ("/approvals", "web_approvals"),
    ("/activity", "web_activity"),
    ("/accounts", "web_accounts"),
    ("/accounts/connect", "web_connect"),
    ("/accounts/go", "web_connect"),
    ("/accounts/callback", "web_connect"),
    ("/accounts/disconnect", "web_disconnect"),
    (CLIENT, "web_client"),
    (CLIENT_SESSION, "web_client_session"),
    (SIGNED_OUT, "web_page"),
    ("/health", "web_health"),
    (BACK_CHANNEL, "web_back_channel"),
];

/// How the log names a path.
pub(crate) fn name(path: &str) -> &'static str {
    NAMES.into_iter().find(|(known, _)| *known == path).map_or("web_other", |(_, name)| name)
}

/// The whole application. Whoever serves it puts a [`crate::Peer`] on every request.
pub fn router(app: App) -> Router {
    let own = match app.site.agent_kind {
        AgentKind::Classic(_) => with_agent(),
        AgentKind::AgentCore(_) => with_gateway(),
    };
    own.route("/sign-in", get(sign_in::start))
        .route("/callback", get(sign_in::callback))
        .route("/sign-out", post(sign_out::sign_out))
        .route(LOG_OUT, get(sign_out::log_out))
        .route(BACK_CHANNEL, post(back_channel::logout).layer(DefaultBodyLimit::max(back_channel::LARGEST_BODY)))
        .route("/approvals", get(approvals::fresh))
        .route("/activity", get(activity::page))
        .route("/accounts", get(accounts::page))
        .route("/accounts/connect", post(accounts::connect))
        .route("/accounts/go", get(accounts::go))
        .route("/accounts/callback", get(accounts::callback))
        .route("/accounts/disconnect", post(accounts::disconnect))
        .route(SIGNED_OUT, get(sign_out::signed_out))
        .route(STYLE, get(assets::style))
        .route(SCRIPT, get(assets::script))
        .route(ICON, get(assets::icon))
        .route("/health", get(health::health))
        .layer(DefaultBodyLimit::max(LARGEST_BODY))
        .layer(from_fn_with_state(app.clone(), rim::finish))
        .with_state(app)
}

fn with_agent() -> Router<App> {
    Router::new()
        .route("/", get(chat::page))
        .route("/chat", post(chat::send))
        .route("/chat/stop", post(chat::stop))
        .route("/chat/messages", get(chat::messages))
        .route(NEW_CHAT, post(chat::anew))
}

fn with_gateway() -> Router<App> {
    Router::new()
        .route("/", get(mcp_client::start))
        .route(CLIENT, get(mcp_client::page))
        .route(CLIENT_SESSION, post(mcp_client::session))
}
