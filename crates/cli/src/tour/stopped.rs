//! Stopping a person, stopping the agent, and signing out.

use auth::secret::Secret;
use tokio::time::{Duration, Instant};
use upstream_http::auth0::TokenError;
use upstream_http::auth0::refresh::{Ask as Grant, Held, refresh};

use super::Tour;
use super::approvals::request::{Request, Waiting};
use super::ask::{Ask, Expect};
use crate::approvals;
use crate::laptop::account;
use crate::stop::{Office, Report, Target};
use crate::trouble::Trouble;

const OWN: &str = "What are my Okta groups?";
const RESET: &str = "Reset my password";
const ALICES: Expect = Expect::Groups(&["Everyone", "Engineering", "VPN users"]);
const CAROLS: Expect = Expect::Groups(&["Everyone", "Help desk"]);
const GONE: Expect = Expect::Refusal("auth_required");
const DENIED: Expect = Expect::Refusal("access_denied");

pub(super) async fn walk(tour: &mut Tour) -> Result<(), Trouble> {
    let office = tour.office().await?;
    a_person(tour, &office).await?;
    the_agent(tour, &office).await?;
    signed_out(tour).await
}

async fn a_person(tour: &mut Tour, office: &Office) -> Result<(), Trouble> {
    let target = office.sample(&crate::start::sample_person("alice")?)?;
    tour.ask(Ask { shows: "alice may", who: "alice", says: OWN, expects: ALICES }).await?;
    let request = Request { shows: "and asks for something that waits on her phone", who: "alice", says: RESET };
    let waiting = tour.request(request).await?;
    let report = office.stop(&target).await;
    tour.reported("mandate stop alice", &report);
    tour.is_over(waiting.as_ref()).await;
    tour.ask(Ask { shows: "her session is gone", who: "alice", says: OWN, expects: GONE }).await?;
    tour.sign_in_again("alice").await?;
    let shows = "she signs in anew, and is denied all the same";
    tour.ask(Ask { shows, who: "alice", says: OWN, expects: DENIED }).await?;
    tour.still_told(waiting.as_ref()).await?;
    tour.ask(Ask { shows: "somebody else goes on", who: "carol", says: OWN, expects: CAROLS }).await?;
    let report = office.lift(&target).await;
    tour.reported("mandate stop alice --lift", &report);
    tour.ask(Ask { shows: "alice may again", who: "alice", says: OWN, expects: ALICES }).await
}

async fn the_agent(tour: &mut Tour, office: &Office) -> Result<(), Trouble> {
    let target: Target = office.agent(&tour.started.laptop.agent().id)?;
    let report = office.stop(&target).await;
    tour.reported("mandate stop --agent", &report);
    tour.ask(Ask { shows: "everybody's session is gone", who: "carol", says: OWN, expects: GONE }).await?;
    for (name, shows) in [("carol", "carol signs in anew, and is denied"), ("alice", "so is alice")] {
        tour.sign_in_again(name).await?;
        tour.ask(Ask { shows, who: name, says: OWN, expects: DENIED }).await?;
    }
    let report = office.lift(&target).await;
    tour.reported("mandate stop --agent, --lift", &report);
    tour.ask(Ask { shows: "the agent serves again", who: "carol", says: OWN, expects: CAROLS }).await
}

async fn signed_out(tour: &mut Tour) -> Result<(), Trouble> {
    let token = tour.sign_in_again("alice").await?;
    let request = Request { shows: "alice asks once more", who: "alice", says: RESET };
    let waiting = tour.request(request).await?;
    let subject = tour.signed("alice")?.subject.clone();
    let signed_out = tour.started.laptop.sign_out(tour.signed("alice")?).await;
    tour.reported("alice signs out", &Report::of(&signed_out));
    tour.is_over(waiting.as_ref()).await;
    tour.ask(Ask { shows: "the next call needs a sign-in", who: "alice", says: OWN, expects: GONE }).await?;
    let laptop = &tour.started.laptop;
    let (now, until) = (laptop.clock.now(), Instant::now() + Duration::from_secs(5));
    let held = Held { token: &token, subject: &subject, keys: &laptop.keys };
    let used = refresh(&laptop.transport, &laptop.auth0.client, held, Grant::default(), now, until).await.err();
    let seen = used.map_or_else(|| "it still gives tokens".to_owned(), |error| error.to_string());
    tour.report.step(used == Some(TokenError::Grant), "her refresh token at Auth0", &seen);
    Ok(())
}

impl Tour {
    /// Where stops are written, as `mandate stop` has it.
    pub(super) async fn office(&self) -> Result<Office, Trouble> {
        let environment = self.started.running.administration()?;
        let credentials = Some(account::credentials_in(&self.started.running.administrator)?);
        Office::new(&environment, credentials, self.started.laptop.clock.clone()).await
    }

    /// A new sign-in and session; gives the refresh token.
    async fn sign_in_again(&mut self, name: &'static str) -> Result<Secret, Trouble> {
        let (person, signed_in, _) = self.sign_in(name).await?;
        let token = signed_in.refresh_token.clone();
        self.begin(&person, signed_in).await?;
        Ok(token)
    }

    /// A step: all of it was done.
    pub(super) fn reported(&mut self, name: &str, report: &Report) {
        for line in &report.lines {
            crate::say::line(format!("    {line}"));
        }
        let seen = if report.failed == 0 { "all of it was done" } else { "not all of it was done" };
        self.report.step(report.failed == 0, name, seen);
    }

    /// A step: somebody who is stopped still learns what became of their own request, for which the authorizer is not asked.
    async fn still_told(&mut self, waiting: Option<&Waiting>) -> Result<(), Trouble> {
        let Some(waiting) = waiting else { return Ok(()) };
        let checks = |tour: &Self| tour.started.laptop.stack.openfga.questions().len();
        let (before, says) = (checks(self), format!("How is the approval {}?", waiting.reference));
        let said = self.say(waiting.who, &says).await?;
        let told = (said.text("/status"), said.text("/reason")) == (Some("failed"), Some("access_denied"));
        let name = format!("of her own request she is told, and no check is asked · {}: “{says}”", waiting.who);
        self.report.step(told && checks(self) == before, &name, &said.words());
        Ok(())
    }

    /// A step: a request has ended, and nothing was done.
    async fn is_over(&mut self, waiting: Option<&Waiting>) {
        let Some(waiting) = waiting else { return };
        let ended = approvals::ended(&self.started.laptop, &waiting.reference).await;
        let seen = self.seen().since(&waiting.before);
        let ending = ended.map_or_else(|| "it is open".to_owned(), |ended| ended.ending);
        let good = ending == "failed" && seen.acts.is_empty();
        self.report.step(good, &format!("what waited is over {}", seen.beside(&ending)), &ending);
    }
}
