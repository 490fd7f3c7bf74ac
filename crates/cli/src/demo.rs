//! `mandate demo`: the whole system, and a chat with the agent, in the terminal or in the web application.

mod banner;
mod keyboard;
mod phone;
mod talk;
mod website;

use devstack::stack::Ports;

use crate::say;
use crate::start::{sample_person, start};
use crate::trouble::Trouble;

/// Where the chat is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Place {
    /// In a browser.
    Web,
    /// In this terminal.
    Terminal,
}

/// Runs until the end of input, or with the chat in a browser until it is interrupted.
pub(crate) async fn run(place: Place, user: &str, port_base: u16, gateway: bool) -> Result<(), Trouble> {
    match place {
        Place::Web => Box::pin(website::run(port_base, gateway)).await,
        Place::Terminal => Box::pin(in_terminal(user, port_base, gateway)).await,
    }
}

async fn in_terminal(user: &str, port_base: u16, gateway: bool) -> Result<(), Trouble> {
    let person = sample_person(user)?;
    let mut started = start(Ports::From(port_base), gateway, true).await?;
    let (signed_in, asked) = started.laptop.sign_in(&person).await?;
    let pages = match (asked.consent, asked.enrolment) {
        (true, true) => ", through consent and push enrolment",
        (true, false) => ", through consent",
        (false, true) => ", through push enrolment",
        (false, false) => "",
    };
    say::line(format!("{} is signed in at the Auth0 double{pages}", person.name));
    started.laptop.connect(&signed_in).await?;
    say::line(format!("{}'s Okta account is connected", person.name));
    let signed = started.laptop.begin_session(signed_in).await?;
    started.note(&person, &signed)?;
    banner::show(&started.laptop, &person);
    talk::talk(&started.laptop, &person, &signed).await
}
