//! `mandate tour`: the guide's test plan, walked as a client would, one line a step.
//!
//! A chapter is a function that adds steps; a new one goes into [`run`].

mod approvals;
mod ask;
mod configuration;
mod gateway;
mod guide;
mod others;
mod report;
mod stopped;

use std::collections::BTreeMap;

use devstack::sample::Person;
use devstack::stack::Ports;
use upstream_http::auth0::login::SignedIn;

use self::report::Report;
use crate::chat::Chat;
use crate::say;
use crate::sign_in::{Asked, Signed};
use crate::start::{Started, sample_person, start};
use crate::trouble::Trouble;

/// A walk through the system, and what came of it so far.
struct Tour {
    started: Started,
    chat: Chat,
    people: BTreeMap<&'static str, Signed>,
    report: Report,
}

/// Walks all chapters. A step that fails does not end the walk.
pub(crate) async fn run(port_base: Option<u16>, gateway: bool) -> Result<(), Trouble> {
    let started = start(port_base.map_or(Ports::Any, Ports::From), gateway, true).await?;
    let chat = Chat::new(started.laptop.stack.bedrock.double.url(), started.laptop.agent());
    let mut tour = Tour { started, chat, people: BTreeMap::new(), report: Report::default() };
    let walked = async {
        guide::walk(&mut tour).await?;
        configuration::walk(&mut tour).await?;
        others::walk(&mut tour).await?;
        approvals::walk(&mut tour).await?;
        gateway::walk(&mut tour).await?;
        stopped::walk(&mut tour).await
    };
    if let Err(trouble) = walked.await {
        tour.report.step(false, "the walk ended early", &trouble.to_string());
    }
    say::line(tour.report.summary());
    match tour.report.failed {
        0 => Ok(()),
        1 => Err(Trouble::new("a step of the tour failed")),
        failed => Err(Trouble::new(format!("{failed} steps of the tour failed"))),
    }
}

impl Tour {
    /// Walks somebody through the sign-in pages.
    async fn sign_in(&self, name: &'static str) -> Result<(Person, SignedIn, Asked), Trouble> {
        let person = sample_person(name)?;
        let (signed_in, asked) = self.started.laptop.sign_in(&person).await?;
        Ok((person, signed_in, asked))
    }

    /// Begins the session of somebody who signed in.
    async fn begin(&mut self, person: &Person, signed_in: SignedIn) -> Result<(), Trouble> {
        let signed = self.started.laptop.begin_session(signed_in).await?;
        self.started.note(person, &signed)?;
        self.people.insert(person.name, signed);
        Ok(())
    }

    fn signed(&self, name: &str) -> Result<&Signed, Trouble> {
        self.people.get(name).ok_or_else(|| Trouble::new(format!("`{name}` has not signed in on this tour")))
    }
}
