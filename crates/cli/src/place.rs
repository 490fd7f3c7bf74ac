//! A system that a command works with: one that runs already, or one that is started for it.

use std::path::PathBuf;

use devstack::sample::Person;
use devstack::stack::Ports;

use crate::running::{self, Running};
use crate::sign_in::Signed;
use crate::start::{self, Started, start};
use crate::trouble::Trouble;
use crate::web_app::WebApp;

/// The system, seen from another process.
pub(crate) struct Place {
    pub(crate) running: Running,
    pub(crate) web: WebApp,
    folder: PathBuf,
    _started: Option<Started>,
}

impl Place {
    /// The one on these ports.
    ///
    /// # Errors
    /// When none runs there.
    pub(crate) async fn at(port_base: u16) -> Result<Self, Trouble> {
        let none = || {
            Trouble::new(format!(
                "no system runs on ports {port_base} and on; start one with: make demo, or make watch (PORT_BASE={port_base})"
            ))
        };
        let (folder, running) = start::find(port_base).await?.ok_or_else(none)?;
        Self::enter(folder, running, None).await
    }

    /// The one on these ports, or else one of its own on free ports, which ends with the value.
    pub(crate) async fn at_or_fresh(port_base: u16) -> Result<Self, Trouble> {
        if let Some((folder, running)) = start::find(port_base).await? {
            return Self::enter(folder, running, None).await;
        }
        let started = start(Ports::Any, false, false).await?;
        Self::enter(started.laptop.folder().to_owned(), started.running.clone(), Some(started)).await
    }

    async fn enter(folder: PathBuf, running: Running, started: Option<Started>) -> Result<Self, Trouble> {
        let web = running.web_app(function::clock::system()).await?;
        Ok(Self { running, web, folder, _started: started })
    }

    /// The session of a sample person, who is signed in for it if need be, with their Okta account connected.
    pub(crate) async fn session(&mut self, person: &Person) -> Result<Signed, Trouble> {
        if let Some(signed) = self.running.session(person, &self.web.auth0.issuer) {
            return Ok(signed);
        }
        let (signed_in, _) = self.web.sign_in(person).await?;
        self.web.connect(&signed_in).await?;
        let signed = self.web.begin_session(signed_in).await?;
        self.running.note(person, &signed);
        running::rewrite(&self.folder, &self.running)?;
        Ok(signed)
    }
}
