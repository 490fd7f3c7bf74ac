//! The pages: plain forms, no script.

use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use http::{HeaderName, StatusCode};

use super::grant::Grant;
use super::tenant::Tenant;

const HEADERS: [(HeaderName, &str); 4] = [
    (CONTENT_TYPE, "text/html; charset=utf-8"),
    (CACHE_CONTROL, "no-store"),
    (REFERRER_POLICY, "no-referrer"),
    (CONTENT_SECURITY_POLICY, "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"),
];
const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:26rem;margin:4rem auto;padding:0 1rem}\
                     button,input{font:inherit;padding:.4rem .8rem;margin:.2rem 0;display:block;width:100%;\
                     box-sizing:border-box}";

/// A button for each user of the connection, and e-mail with password. 400 if the last attempt `failed`.
pub(crate) fn login(tenant: &Tenant, id: &str, connection: Option<&str>, failed: bool) -> Response {
    let mut buttons = String::new();
    for user in tenant.users().iter().filter(|user| connection.is_none_or(|name| name == user.connection)) {
        let (sub, name, email) = (escape(&user.sub), escape(&user.name), escape(&user.email));
        buttons.push_str(&format!(r#"<button name="user" value="{sub}">{name} ({email})</button>"#));
    }
    let inputs = r#"<label>E-mail <input name="email" type="email" required></label>
<label>Password <input name="password" type="password"></label><button>Continue</button>"#;
    let complaint = if failed { "<p>Wrong email or password</p>" } else { "" };
    let body = format!("{complaint}{}{}", form("/u/login", id, &buttons), form("/u/login", id, inputs));
    page(if failed { StatusCode::BAD_REQUEST } else { StatusCode::OK }, "Log in", "", &body)
}

/// What the application asks for, to accept or decline.
pub(crate) fn consent(tenant: &Tenant, id: &str, grant: &Grant) -> Response {
    let email = tenant.user(&grant.sub).map_or_else(String::new, |user| user.email);
    let scopes: String = grant.scope.iter().map(|scope| format!("<li>{}</li>", escape(scope))).collect();
    let choice = r#"<button name="action" value="accept">Accept</button>
<button name="action" value="decline">Decline</button>"#;
    let (email, client) = (escape(&email), escape(&grant.client_id));
    let asked = format!("<p>Hi {email}, <b>{client}</b> is requesting access to your account.</p><ul>{scopes}</ul>");
    page(StatusCode::OK, "Authorize app", "", &format!("{asked}{}", form("/u/consent", id, choice)))
}

/// Enrolment of a device for push approvals.
pub(crate) fn enrolment(id: &str, can_skip: bool) -> Response {
    let skip = if can_skip { r#"<button name="action" value="skip">Skip</button>"# } else { "" };
    let choice = format!(r#"<button name="action" value="enrol">Enrol this phone</button>{skip}"#);
    let body = format!("<p>Approvals will come to your phone.</p>{}", form("/u/mfa-push-enrollment", id, &choice));
    page(StatusCode::OK, "Secure your account", "", &body)
}

/// 400 with a fixed sentence.
pub(crate) fn error(sentence: &'static str) -> Response {
    page(StatusCode::BAD_REQUEST, "Something went wrong", "", &format!("<p>{sentence}</p>"))
}

fn form(action: &str, id: &str, inside: &str) -> String {
    let id = escape(id);
    format!(
        r#"<form method="post" action="{action}"><input type="hidden" name="transaction" value="{id}">{inside}</form>"#
    )
}

/// `head` is put behind the title and the style; nothing is escaped here.
pub(crate) fn page(status: StatusCode, title: &str, head: &str, body: &str) -> Response {
    let head = format!("<meta charset=\"utf-8\"><title>{title}</title><style>{STYLE}</style>{head}");
    let html =
        format!("<!doctype html><html lang=\"en\"><head>{head}</head><body><h1>{title}</h1>{body}</body></html>");
    (status, HEADERS, html).into_response()
}

/// For text and for attribute values in double quotes.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&#39;"),
            other => escaped.push(other),
        }
    }
    escaped
}
