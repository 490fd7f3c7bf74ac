//! The phone: `/phone` lists the people, `/phone/{sub}` shows one person's notifications and takes the answers.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::{get, post};
use axum::{Form, Router};
use http::StatusCode;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::super::page::{self, escape};
use super::super::tenant::Tenant;
use super::request::{Request, Standing};
use crate::clock;

type Shared = State<Arc<Tenant>>;

/// Every 2 seconds.
const REFRESH: &str = r#"<meta http-equiv="refresh" content="2">"#;
/// Notifications that are over and still shown.
const PAST: usize = 10;

pub(crate) fn routes() -> Router<Arc<Tenant>> {
    Router::new()
        .route("/phone", get(people))
        .route("/phone/answer", post(answer))
        .route("/phone/{sub}", get(notifications))
}

async fn people(State(tenant): Shared) -> Response {
    let mut links = String::new();
    for user in &tenant.users() {
        let (name, email) = (escape(&user.name), escape(&user.email));
        links.push_str(&format!(r#"<li><a href="{}">{name} ({email})</a></li>"#, address(&user.sub)));
    }
    page::page(StatusCode::OK, "Phones", "", &format!("<ul>{links}</ul>"))
}

async fn notifications(State(tenant): Shared, Path(sub): Path<String>) -> Response {
    let Some(user) = tenant.user(&sub) else {
        return page::page(StatusCode::NOT_FOUND, "Phone", "", "<p>Nobody has this phone</p>");
    };
    let now = clock::now_ms();
    let state = tenant.state();
    let open: String =
        state.ciba.of(&sub).filter(|request| request.open(now)).map(|request| card(request, now)).collect();
    let past: String = state
        .ciba
        .of(&sub)
        .rev()
        .filter(|request| !request.open(now))
        .take(PAST)
        .map(|request| line(request, now))
        .collect();
    let who = format!("<p>{} ({})</p>", escape(&user.name), escape(&user.email));
    let enrolled = if state.enrolled.contains(&sub) { "" } else { "<p>This phone is not enrolled.</p>" };
    let open = if open.is_empty() { "<p>Nothing to approve.</p>" } else { &open };
    page::page(StatusCode::OK, "Phone", REFRESH, &format!("{who}{enrolled}{open}<ul>{past}</ul>"))
}

#[derive(Deserialize)]
struct Answer {
    notice: String,
    answer: String,
}

/// Goes back to the person's page, which shows how the request stands: an answer that came too late changes nothing.
async fn answer(State(tenant): Shared, Form(form): Form<Answer>) -> Response {
    let approves = match form.answer.as_str() {
        "approve" => true,
        "deny" => false,
        _ => return page::error("Unknown choice"),
    };
    let now = clock::now_ms();
    let mut state = tenant.state();
    let which = |request: &Request| request.notice == form.notice;
    let Some(sub) = state.ciba.requests.iter().find(|request| which(request)).map(|request| request.grant.sub.clone())
    else {
        return page::error("Unknown notification");
    };
    let _too_late = state.ciba.answer(now, which, |request| {
        if approves { Standing::Approved(request.grant.sub.clone(), now) } else { Standing::Denied }
    });
    Redirect::to(&address(&sub)).into_response()
}

fn card(request: &Request, now: u64) -> String {
    let (notice, message) = (escape(&request.notice), escape(&request.binding_message));
    let (client, left) = (escape(&request.grant.client_id), request.expires_at.saturating_sub(now).div_ceil(1000));
    format!(
        r#"<form method="post" action="/phone/answer"><p><b>{message}</b><br>asked by {client}, {left} seconds left</p>
<input type="hidden" name="notice" value="{notice}"><button name="answer" value="approve">Approve</button>
<button name="answer" value="deny">Deny</button></form>"#
    )
}

fn line(request: &Request, now: u64) -> String {
    let standing = match request.standing {
        Standing::Denied => "denied",
        Standing::Redeemed => "approved",
        Standing::Waiting | Standing::Approved(..) if request.expired(now) => "expired",
        Standing::Approved(..) => "approved",
        Standing::Waiting => "waiting",
    };
    format!("<li>{}: {standing}</li>", escape(&request.binding_message))
}

/// Where the person's phone is.
pub(super) fn address(sub: &str) -> String {
    format!("/phone/{}", utf8_percent_encode(sub, NON_ALPHANUMERIC))
}
