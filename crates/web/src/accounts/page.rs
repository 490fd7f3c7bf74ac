//! `GET /accounts`.

use axum::extract::State;
use axum::response::Html;
use http::HeaderMap;
use maud::{Markup, html};
use upstream_http::auth0::connected_accounts::Account;

use super::token::token;
use crate::app::App;
use crate::page::{self, Tab};
use crate::person::{Touch, Visitor};
use crate::problem::Problem;

pub(crate) async fn page(State(app): State<App>, headers: HeaderMap) -> Result<Html<String>, Problem> {
    let visitor = Visitor::required(&app, &headers, Touch::Yes).await?;
    let token = token(&app, &visitor.row, "read:me:connected_accounts").await?;
    let accounts = Box::pin(app.accounts.list(&token, None, app.clock.now(), App::until())).await?;
    let connected = accounts.iter().any(|account| account.connection == app.site.connection);
    let body = html! {
        div.narrow {
        h1 { "Connected accounts" }
        p.faint { "The agent reads and changes things in Okta with your own account, once you have connected it here." }
        @for account in &accounts { (one(&visitor, account, account.connection == app.site.connection)) }
        @if !connected {
            section.card {
                h2 { "Okta" }
                p { "Not connected. Until it is, the agent can do nothing in Okta for you." }
                (connect(&visitor, "Connect Okta"))
            }
        }
        }
    };
    Ok(page::of(&app, &visitor, Tab::Accounts, "Accounts", &body))
}

fn one(visitor: &Visitor, account: &Account, ours: bool) -> Markup {
    html! {
        section.card {
            h2 { @if ours { "Okta" } @else { (account.connection) } }
            p.allowed { "Connected (" (account.connection) ")." }
            @if !account.scopes.joined().is_empty() {
                details { summary { "What you agreed to" } p.small { (account.scopes.joined()) } }
            }
            div.actions {
                @if ours { (connect(visitor, "Reconnect")) }
                form method="post" action="/accounts/disconnect" {
                    (page::token(visitor))
                    input type="hidden" name="id" value=(account.id);
                    button.quiet { "Disconnect" }
                }
            }
            p.small {
                "Disconnecting takes the account out of the vault here. It does not revoke anything at Okta: to do that, remove \
                 the application's access in your Okta settings, or ask your administrator."
            }
        }
    }
}

fn connect(visitor: &Visitor, words: &str) -> Markup {
    html! { form method="post" action="/accounts/connect" { (page::token(visitor)) button { (words) } } }
}
