//! `GET /` where there is no chat: what waits for the person's yes, and the way to their client.

use axum::extract::{Extension, State};
use axum::response::Html;
use http::HeaderMap;
use maud::html;

use crate::app::App;
use crate::page::{self, Tab};
use crate::person::{Touch, Visitor};
use crate::problem::Problem;
use crate::rim::Shown;
use crate::{approvals, routes};

pub(crate) async fn start(
    State(app): State<App>,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    let Some(visitor) = Visitor::of(&app, &headers, Touch::Yes).await? else { return Ok(page::welcome()) };
    let panel = approvals::part(&app, &visitor, &shown).await;
    let body = html! {
        div.narrow {
            h1 { "Your client asks, and you decide" }
            p.faint {
                "There is no chat here. An MCP client of yours calls the tools in your name; what changes something waits for your \
                 yes on your phone, and is shown here."
            }
            p { a.button href=(routes::CLIENT) { "Set up your MCP client" } }
            section.later aria-labelledby="approvals-title" { (panel) }
        }
    };
    Ok(page::of(&app, &visitor, Tab::Start, "Approvals", &body))
}
