//! The frame of every page, and the pages that need nobody's session. Text goes in as text: maud escapes it.

use auth::id::Reference;
use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

use crate::app::App;
use crate::person::Visitor;
use crate::problem::Problem;
use crate::routes;
use crate::settings::AgentKind;

/// The pages of somebody who is signed in.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    /// The chat, or what there is in its place.
    Start,
    Activity,
    Accounts,
    Client,
}

type Link = (Tab, &'static str, &'static str);

impl Tab {
    const OF_AGENT: [Link; 3] = [
        (Self::Start, "/", "Chat"),
        (Self::Activity, "/activity", "Activity"),
        (Self::Accounts, "/accounts", "Accounts"),
    ];
    const OF_GATEWAY: [Link; 4] = [
        (Self::Start, "/", "Approvals"),
        (Self::Activity, "/activity", "Activity"),
        (Self::Accounts, "/accounts", "Accounts"),
        (Self::Client, routes::CLIENT, "Your MCP client"),
    ];

    fn all(kind: &AgentKind) -> &'static [Link] {
        match kind {
            AgentKind::Classic(_) => &Self::OF_AGENT,
            AgentKind::AgentCore(_) => &Self::OF_GATEWAY,
        }
    }
}

/// A page of somebody who is signed in.
pub(crate) fn of(app: &App, visitor: &Visitor, tab: Tab, title: &str, body: &Markup) -> Html<String> {
    let header = html! {
        nav aria-label="Pages" {
            @for (own, path, name) in Tab::all(&app.site.agent_kind) {
                a href=(path) aria-current=[(*own == tab).then_some("page")] { (name) }
            }
        }
        form.who method="post" action="/sign-out" {
            span { "Signed in as " b { (visitor.name) } }
            (token(visitor))
            button.quiet { "Sign out" }
        }
    };
    frame(title, &header, body)
}

/// The hidden input that every form has.
pub(crate) fn token(visitor: &Visitor) -> Markup {
    html! { input type="hidden" name="token" value=(visitor.token.expose()); }
}

/// For whoever is not signed in.
pub(crate) fn welcome() -> Html<String> {
    let body = html! {
        section.card {
            h1 { "An agent that acts for you" }
            p { "It can do in Okta what you may do, and no more. What changes something waits for your yes on your phone." }
            p { a.button href="/sign-in" { "Sign in" } }
        }
    };
    frame("Welcome", &html! {}, &body)
}

/// Where a sign-out ends, `everywhere` or here only. The next sign-in asks who it is.
pub(crate) fn signed_out(everywhere: bool) -> Html<String> {
    let body = html! {
        section.card {
            h1 { "You are signed out" }
            p { "Your session here has ended." }
            @if !everywhere {
                p { "The one at your identity provider may last. If others use this browser, sign out there too." }
            }
            p { a.button href="/sign-in?again=yes" { "Sign in again" } }
        }
    };
    frame("Signed out", &html! {}, &body)
}

/// What went wrong, its code and reference, and what to do next.
pub(crate) fn problem(problem: &Problem, reference: &Reference) -> Html<String> {
    let body = html! {
        section.card role="alert" {
            h1 { (problem.refusal.sentence()) }
            p { (problem.next) }
            @if let Some(seconds) = problem.refusal.retry_after_seconds() {
                p { "Trying again may work in " (seconds) " seconds." }
            }
            p {
                @if problem.signs_in { a.button href="/sign-in" { "Sign in" } }
                @else { a.button href="/" { "Start page" } }
            }
            dl.small {
                dt { "Code" } dd { code { (problem.refusal.code().name()) } }
                dt { "Reference" } dd { code { (reference.as_str()) } }
            }
        }
    };
    frame("Something went wrong", &html! {}, &body)
}

/// A page that leads on by itself, for addresses that a form must not lead to (`form-action` of the content policy holds for a
/// form's redirects too).
pub(crate) fn onward(path: &'static str, title: &str, words: &str) -> Html<String> {
    let body = html! {
        meta http-equiv="refresh" content={ "0;url=" (path) };
        section.card { h1 { (title) } p { (words) } p { a.button href=(path) { "Continue" } } }
    };
    frame(title, &html! {}, &body)
}

fn frame(title: &str, header: &Markup, body: &Markup) -> Html<String> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Mandate" }
                link rel="icon" href=(routes::ICON) type="image/svg+xml";
                link rel="stylesheet" href=(routes::STYLE);
                script src=(routes::SCRIPT) defer {}
            }
            body {
                a.skip href="#main" { "Skip to the content" }
                header.top { a.brand href="/" { "Mandate" } (header) }
                main #main tabindex="-1" { (body) }
            }
        }
    };
    Html(page.into_string())
}
