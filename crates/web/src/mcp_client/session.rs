//! `POST /client/session`: shows the session's id. It is in this one answer and nowhere else: in no page that is only asked for, no
//! address, no log line and no audit record.

use auth::secret::Secret;
use axum::Form;
use axum::extract::State;
use axum::response::Html;
use http::HeaderMap;
use serde::Serialize;

use super::page;
use crate::app::App;
use crate::person::{Given, Touch, Visitor, handed};
use crate::problem::Problem;
use crate::rim::CHANGES;

pub(crate) async fn session(
    State(app): State<App>,
    headers: HeaderMap,
    Form(form): Form<Given>,
) -> Result<Html<String>, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::Yes).await?;
    visitor.gave(&form.token)?;
    app.limits
        .take(&format!("change {}", visitor.session.hash().as_str()), CHANGES, app.clock.now())
        .map_err(|seconds| Problem::too_many("limits: changes", seconds))?;
    let gateway = app.site.agent_kind.gateway().ok_or_else(Problem::not_found)?;
    let id = visitor.session.expose();
    let configuration = configuration(gateway.url.as_str(), id)?;
    handed::hand(&app, &visitor).await?;
    page::of(&app, &visitor, Some(&page::Shown { id, configuration: &configuration }))
}

/// A client's configuration, as Claude Code and Cursor read it; Visual Studio Code calls the outer member `servers`.
/// <https://code.claude.com/docs/en/mcp>, <https://cursor.com/docs/mcp>,
/// <https://code.visualstudio.com/docs/copilot/reference/mcp-configuration>
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration<'a> {
    mcp_servers: Servers<'a>,
}

#[derive(Serialize)]
struct Servers<'a> {
    mandate: Server<'a>,
}

#[derive(Serialize)]
struct Server<'a> {
    #[serde(rename = "type")]
    kind: &'static str,
    url: &'a str,
    headers: Headers<'a>,
}

#[derive(Serialize)]
struct Headers<'a> {
    #[serde(rename = "x-session-id")]
    session: &'a str,
}

fn configuration(url: &str, id: &str) -> Result<Secret, Problem> {
    let mandate = Server { kind: "http", url, headers: Headers { session: id } };
    let text = serde_json::to_string_pretty(&Configuration { mcp_servers: Servers { mandate } });
    text.map(Secret::new).map_err(|_| Problem::internal("client: no configuration"))
}

#[cfg(test)]
mod tests {
    use super::configuration;

    #[test]
    fn a_configuration_has_the_members_that_clients_read() {
        let text = configuration("https://gw.example/mcp", "an-id").unwrap();
        let read: serde_json::Value = serde_json::from_str(text.expose()).unwrap();
        let server = serde_json::json!({
            "type": "http", "url": "https://gw.example/mcp", "headers": { "x-session-id": "an-id" },
        });
        assert_eq!(read, serde_json::json!({ "mcpServers": { "mandate": server } }));
    }
}
