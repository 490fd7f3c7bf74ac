//! `GET /client`: what to tell an MCP client. The session's id is not in it.

use auth::secret::Secret;
use axum::extract::State;
use axum::response::Html;
use http::HeaderMap;
use maud::{Markup, html};

use super::needs::{Needs, needs};
use crate::app::App;
use crate::page::{self, Tab};
use crate::person::{Touch, Visitor};
use crate::problem::Problem;
use crate::settings::Gateway;
use crate::{routes, words};

/// What is shown once the button was pressed.
pub(super) struct Shown<'a> {
    pub(super) id: &'a str,
    pub(super) configuration: &'a Secret,
}

pub(crate) async fn page(State(app): State<App>, headers: HeaderMap) -> Result<Html<String>, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::Yes).await?;
    of(&app, &visitor, None)
}

/// The page, with the id or with the button for it.
pub(super) fn of(app: &App, visitor: &Visitor, shown: Option<&Shown<'_>>) -> Result<Html<String>, Problem> {
    let gateway = app.site.agent_kind.gateway().ok_or_else(Problem::not_found)?;
    let needs = needs().ok_or_else(|| Problem::internal("client: the table of tools is none"))?;
    let body = html! {
        div.narrow {
            h1 { "Your MCP client" }
            p.faint {
                "A client of yours, such as an editor or an assistant, can call the tools in your name. It needs an address, a \
                 sign-in of its own, and one header. First " a href="/accounts" { "connect your Okta account" } "."
            }
            section.card {
                h2 { "1. The address" }
                p { "Add a server of the type HTTP (streamable HTTP) with this address:" }
                p { code { (gateway.url) } }
            }
            (sign_in(app, gateway, &needs))
            section.card {
                h2 { "3. The header " code { "x-session-id" } }
                p {
                    "What you connected here belongs to your session here. The client names that session in the header "
                    code { "x-session-id" } ", beside its own access token. Without it, tools that act in Okta refuse."
                }
                @match shown {
                    None => (button(visitor)),
                    Some(shown) => (value(shown)),
                }
                (promises(visitor))
            }
        }
    };
    Ok(page::of(app, visitor, Tab::Client, "Your MCP client", &body))
}

/// How it signs in: RFC 9728 leads from the address to the provider.
fn sign_in(app: &App, gateway: &Gateway, needs: &Needs) -> Markup {
    html! {
        section.card {
            h2 { "2. Its own sign-in" }
            p {
                "The client signs you in by itself, with OAuth. The gateway names the server to ask; what else of this you have to "
                "tell your client depends on it:"
            }
            dl {
                dt { "Server" } dd { code { (app.auth0.issuer) } }
                dt { "Audience" } dd { code { (gateway.audience) } }
                dt { "Client id" } dd { @for id in &gateway.clients { code { (id) } " " } }
                @if let Some(organization) = &app.site.organization {
                    dt { "Organization" } dd { code { (organization.0) } }
                }
                @for (scopes, tools) in needs {
                    dt { "Scope" } dd { code { (scopes) } " for: " (tools.join(", ")) }
                }
            }
            p.small {
                "Sign in there as the same person as here. You are given those of the scopes that you may have; tools that need \
                 others are not listed."
            }
        }
    }
}

fn button(visitor: &Visitor) -> Markup {
    html! {
        form method="post" action=(routes::CLIENT_SESSION) {
            (page::token(visitor))
            button { "Show my session id" }
        }
    }
}

fn value(shown: &Shown<'_>) -> Markup {
    html! {
        p.small { "Your session id:" }
        p.row { code #session-id { (shown.id) } (copy("session-id", "Copy the id")) }
        p.small { "Or the whole configuration, as Claude Code and Cursor read it. Visual Studio Code calls the outer member "
            code { "servers" } "; other clients have other names for the same." }
        pre.text { code #configuration { (shown.configuration.expose()) } }
        p.row { (copy("configuration", "Copy the configuration")) }
        p #copied.small role="status" {}
    }
}

/// The script shows it where it can copy.
fn copy(id: &'static str, words: &'static str) -> Markup {
    html! { button.quiet type="button" data-copy=(id) hidden { (words) } }
}

fn promises(visitor: &Visitor) -> Markup {
    html! {
        h3.later { "What this value is" }
        ul {
            li {
                "By itself it is of no use to anybody: the gateway wants an access token of yours beside it, and a token of \
                 somebody else with it is refused. Whoever has both acts as you, so keep it out of files that others read."
            }
            li { "It ends when you sign out, in this browser or in another, and at " (words::time(visitor.row.expires_at)) " at the latest." }
            li {
                "If you leave this browser alone for 30 minutes, you have to sign in here again. Once the id was shown, your client \
                 goes on all the same until it ends: the next sign-in has an id of its own, and the one before stays good."
            }
        }
    }
}
