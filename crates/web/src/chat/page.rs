//! `GET /`: the chat of somebody who is signed in, and a welcome for anybody else.

use auth::approval::PersonKey;
use auth::time::Timestamp;
use axum::extract::{Extension, State};
use axum::response::Html;
use http::HeaderMap;
use maud::{Markup, html};

use super::conversation::{Conversation, From, Mark, Message, State as Ended};
use super::history::{History, Kept};
use super::send::LONGEST_MESSAGE;
use crate::app::App;
use crate::approvals;
use crate::page::{self, Tab};
use crate::person::{Touch, Visitor};
use crate::problem::Problem;
use crate::rim::Shown;
use crate::routes;

/// What an empty chat offers.
const TO_TRY: [&str; 4] = [
    "What are my Okta groups?",
    "Which groups is bob@example.com in?",
    "Reset my password",
    "Add bob@example.com to the group \"VPN users\"",
];

/// An agent that nobody listens to any more may go on.
const STOPPED: &str = "Incomplete: stopped. What the agent had begun may be done all the same.";

pub(crate) async fn page(
    State(app): State<App>,
    Extension(shown): Extension<Shown>,
    headers: HeaderMap,
) -> Result<Html<String>, Problem> {
    let Some(visitor) = Visitor::of(&app, &headers, Touch::Yes).await? else { return Ok(page::welcome()) };
    let history = History::of(&visitor);
    let kept = history.kept(&app).await?;
    let panel = approvals::part(&app, &visitor, &shown).await;
    let now = app.clock.now();
    let body = html! {
        div.columns {
            section.chat aria-labelledby="chat" {
                h1 #chat.unseen { "Chat" }
                @match &kept {
                    Kept::Talk(conversation) => {
                        (log(conversation, now))
                        @if conversation.messages.is_empty() { (suggestions()) }
                        (form(&visitor))
                        @if !conversation.messages.is_empty() { (anew(&visitor)) }
                    }
                    Kept::Unreadable => {
                        p.note.problem role="alert" { "Your conversation cannot be read any more." }
                        (anew(&visitor))
                    }
                }
            }
            aside aria-labelledby="approvals-title" { (panel) }
        }
    };
    Ok(page::of(&app, &visitor, Tab::Start, "Chat", &body))
}

/// A log, which is read out as it grows; each answer once it is whole.
fn log(conversation: &Conversation, now: Timestamp) -> Markup {
    html! {
        div role="log" aria-label="Conversation" {
            ol #messages.messages { (messages(conversation, now)) }
        }
    }
}

/// Each message, for the page and for the script.
pub(super) fn messages(conversation: &Conversation, now: Timestamp) -> Markup {
    let (messages, answering) = (&conversation.messages, conversation.is_answering(now));
    let last = messages.len().saturating_sub(1);
    let asked = |place: usize| place.checked_sub(1).and_then(|before| messages.get(before));
    html! {
        @for (place, message) in messages.iter().enumerate() {
            (one(message, asked(place), answering && place == last))
        }
    }
}

fn suggestions() -> Markup {
    html! {
        div #empty.empty {
            h2 { "What would you like to do?" }
            p.faint { "Ask in your own words, or begin with one of these. What changes something waits for your yes." }
            ul.try { @for text in TO_TRY { li { button.suggestion type="button" data-say=(text) { (text) } } } }
        }
    }
}

/// What was said goes; the agent's own memory of the session ends with the session.
fn anew(visitor: &Visitor) -> Markup {
    html! {
        form.anew method="post" action=(routes::NEW_CHAT) {
            (page::token(visitor))
            button.quiet { "Clear the conversation" }
            p.small { "It goes from this page. The agent remembers it until your session ends." }
        }
    }
}

fn one(message: &Message, asked: Option<&Message>, under_way: bool) -> Markup {
    let (class, who) = match message.from {
        From::Person => ("message person", "You"),
        From::Agent => ("message agent", "Agent"),
    };
    let (state, note) = match message.state {
        Ended::Complete => ("complete", None),
        Ended::Incomplete if under_way => ("answering", Some("The answer is still on its way.")),
        Ended::Incomplete => ("incomplete", Some("Incomplete: the answer broke off.")),
        Ended::Stopped => ("stopped", Some(STOPPED)),
    };
    html! {
        li class=(class) data-state=(state) {
            p.from { (who) }
            p.text { (message.text) }
            @if let Some(note) = note { p.note { (note) } }
            @if !matches!(state, "complete" | "answering") && let Some(asked) = asked {
                p { button.quiet type="button" data-say=(asked.text) data-again { "Send again" } }
            }
            @match message.mark {
                None => {}
                Some(Mark::Reconnect) => { p { a.button href="/accounts" { "Connect your Okta account" } } }
                Some(Mark::Denied) => {
                    p.note.problem { "Refused: a right is missing. " a href="/activity" { "Your activity" } " has the reference." }
                }
            }
        }
    }
}

fn form(visitor: &Visitor) -> Markup {
    html! {
        form #say.say method="post" action="/chat" data-person=(PersonKey::of(&visitor.row.subject).as_str()) {
            p #waiting.waiting hidden { a href="#approvals-title" { "A request waits for your answer on your phone" } }
            p #doing.doing role="status" {}
            (page::token(visitor))
            label for="text" { "Your message" }
            textarea #text name="text" rows="2" maxlength=(LONGEST_MESSAGE) required autocomplete="off"
                aria-describedby="keys" {}
            div.buttons {
                button #send { "Send" }
                button #stop.quiet type="button" hidden { "Stop" }
                span #keys.small { "Enter sends, Shift and Enter begins a line." }
            }
            noscript { p.note { "Answers are streamed by a script, which your browser does not run." } }
        }
    }
}
