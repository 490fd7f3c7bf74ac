//! What was done in the person's name, and what was refused: their own audit records, newest first.

mod record;

use auth::approval::PersonKey;
use axum::extract::{Query, State};
use axum::response::Html;
use http::HeaderMap;
use maud::{Markup, html};
use serde::Deserialize;
use upstream_aws::AuditPage;

use self::record::Record;
use crate::app::App;
use crate::page::{self, Tab};
use crate::person::{Touch, Visitor};
use crate::problem::Problem;
use crate::words;

/// Records of one page.
const A_PAGE: u32 = 20;

#[derive(Deserialize)]
pub(crate) struct Ask {
    before: Option<String>,
}

/// `GET /activity`.
pub(crate) async fn page(
    State(app): State<App>,
    headers: HeaderMap,
    Query(ask): Query<Ask>,
) -> Result<Html<String>, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::Yes).await?;
    let person = PersonKey::of(&visitor.row.subject);
    let before = ask.before.filter(|before| is_place(before));
    let found = app.records.newest(&person, A_PAGE, before.as_deref(), App::until()).await?;
    let body = html! {
        div.narrow {
        h1 { "What was done in your name" }
        p.faint { "Calls of tools in your name, allowed or refused, newest first. By its reference your administrator finds a call." }
        (list(&found, before.is_some()))
        }
    };
    Ok(page::of(&app, &visitor, Tab::Activity, "Activity", &body))
}

fn list(page: &AuditPage, later: bool) -> Markup {
    html! {
        @if page.records.is_empty() {
            p.card { @if later { "There is nothing older." } @else { "Nothing yet. Every call of a tool will be here." } }
        }
        @else { ol.records.card { @for text in &page.records { (one(&Record::read(text))) } } }
        p.row {
            @if later { a href="/activity" { "Newest" } }
            @if let Some(before) = &page.before {
                a href={ "/activity?before=" (before.replace('#', "%23")) } rel="next" { "Older" }
            }
        }
    }
}

fn one(record: &Record) -> Markup {
    html! {
        li {
            div.row {
                span.what { (words::tool(&record.tool)) }
                time.small datetime=(words::stamp(record.at)) { (words::time(record.at)) }
            }
            p class=(record.class()) { (record.words()) }
            p.small {
                "Reference " code { (record.reference) }
                @if let Some(approval) = &record.approval { " · Approval " code { (approval) } }
                @if !record.reached.is_empty() { " · Asked " (record.reached.join(", ")) }
            }
        }
    }
}

/// The form of a record's sort key.
fn is_place(text: &str) -> bool {
    let Some((time, reference)) = text.split_once('#') else { return false };
    let digits = time.len() == 13 && time.bytes().all(|byte| byte.is_ascii_digit());
    digits && reference.len() == 12 && reference.bytes().all(|byte| byte.is_ascii_alphanumeric())
}
