//! `GET /`: the chat of somebody who is signed in, and a welcome for anybody else.

use axum::extract::State;
use axum::response::Html;
use http::HeaderMap;
use maud::{Markup, html};

use super::conversation::{Conversation, From, Message, State as Ended};
use super::history::History;
use super::send::LONGEST_MESSAGE;
use crate::app::App;
use crate::approvals;
use crate::page::{self, Tab};
use crate::person::{Touch, Visitor};
use crate::problem::Problem;

/// What an empty chat offers.
const TO_TRY: [&str; 4] = [
    "What are my Okta groups?",
    "Which groups is bob@example.com in?",
    "Reset my password",
    "Add bob@example.com to the group \"VPN users\"",
];

pub(crate) async fn page(State(app): State<App>, headers: HeaderMap) -> Result<Html<String>, Problem> {
    let Some(visitor) = Visitor::of(&app, &headers, Touch::Yes).await? else { return Ok(page::welcome()) };
    let history = History::of(&visitor.session.hash(), visitor.row.expires_at);
    let conversation = history.conversation(&app).await?;
    let panel = approvals::shown(&app, &visitor).await?;
    let answering = conversation.is_answering(app.clock.now());
    let body = html! {
        div.columns {
            section.chat aria-labelledby="chat" {
                h1 #chat { "Chat" }
                (messages(&conversation, answering))
                (form(&visitor))
            }
            aside aria-labelledby="approvals-title" {
                h2 #approvals-title { "Approvals" }
                div #approvals data-now=(app.clock.now().seconds()) { (panel.html) }
                p #approvals-said.unseen role="status" aria-live="polite" {}
            }
        }
    };
    Ok(page::of(&visitor, Tab::Chat, "Chat", &body))
}

fn messages(conversation: &Conversation, answering: bool) -> Markup {
    let last = conversation.messages.len().saturating_sub(1);
    html! {
        ol #messages.messages aria-label="Conversation" {
            @for (place, message) in conversation.messages.iter().enumerate() {
                (one(message, answering && place == last))
            }
        }
        @if conversation.messages.is_empty() {
            div #empty.empty {
                p { "Nothing said yet. Things to try:" }
                ul.try { @for text in TO_TRY { li { button.suggestion type="button" data-say=(text) { (text) } } } }
            }
        }
    }
}

fn one(message: &Message, under_way: bool) -> Markup {
    let (class, who) = match message.from {
        From::Person => ("message person", "You"),
        From::Agent => ("message agent", "Agent"),
    };
    html! {
        li class=(class) {
            p.from { (who) }
            p.text { (message.text) }
            @match message.state {
                Ended::Complete => {}
                Ended::Incomplete if under_way => { p.note { "The answer is still on its way. Reload the page to see it." } }
                Ended::Incomplete => { p.note { "Incomplete: the answer broke off." } }
                Ended::Stopped => { p.note { "Incomplete: stopped. What the agent had begun may be done all the same." } }
            }
            @if message.reconnect { p { a.button href="/accounts" { "Connect your Okta account" } } }
        }
    }
}

fn form(visitor: &Visitor) -> Markup {
    html! {
        p #doing.doing role="status" aria-live="polite" {}
        form #say method="post" action="/chat" {
            (page::token(visitor))
            label for="text" { "Your message" }
            textarea #text name="text" rows="2" maxlength=(LONGEST_MESSAGE) required autocomplete="off" {}
            div.buttons {
                button #send { "Send" }
                button #stop.quiet type="button" hidden { "Stop" }
            }
            noscript { p { "Answers are streamed by a script, which your browser does not run." } }
        }
    }
}
