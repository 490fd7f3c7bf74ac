//! The guide's own steps, with alice.

use devstack::auth0::MfaPolicy;
use devstack::sample::CONNECTION;
use devstack::stack::STORE;

use super::Tour;
use super::ask::{Ask, Expect};
use crate::person;
use crate::trouble::Trouble;

const ALICES: Expect = Expect::Groups(&["Everyone", "Engineering", "VPN users"]);
const GUIDES_QUESTION: &str = "Give me Okta groups for a user ?";
const WHOSE: &str = "What are my Okta groups?";

pub(super) async fn walk(tour: &mut Tour) -> Result<(), Trouble> {
    sign_in(tour).await?;
    tenant_policy(tour).await?;
    chat(tour).await?;
    revoke(tour).await
}

async fn sign_in(tour: &mut Tour) -> Result<(), Trouble> {
    let (person, signed_in, asked) = tour.sign_in("alice").await?;
    let seen = format!("asked for consent: {}, for push enrolment: {}", yes(asked.consent), yes(asked.enrolment));
    tour.report.step(asked.consent && asked.enrolment, "sign in through the pages · alice", &seen);
    let connected = tour.started.laptop.connect(&signed_in).await;
    let seen = connected.as_ref().map_or_else(ToString::to_string, |()| format!("`{CONNECTION}` is in the vault"));
    tour.report.step(connected.is_ok(), "connect the Okta account · alice", &seen);
    tour.begin(&person, signed_in).await
}

async fn tenant_policy(tour: &mut Tour) -> Result<(), Trouble> {
    tour.started.laptop.stack.auth0.set_mfa_policy(MfaPolicy::Always);
    let shows = "the tenant's MFA policy is “always”, so the exchange fails";
    tour.ask(Ask { shows, who: "alice", says: WHOSE, expects: Expect::Refusal("internal") }).await?;
    tour.started.laptop.stack.auth0.set_mfa_policy(MfaPolicy::Never);
    let shows = "the policy is “never” again, and the same question is answered";
    tour.ask(Ask { shows, who: "alice", says: WHOSE, expects: ALICES }).await
}

async fn chat(tour: &mut Tour) -> Result<(), Trouble> {
    let expects = Expect::Words("I can use these tools for you: `list_groups`");
    tour.ask(Ask { shows: "the chat is ready", who: "alice", says: "Hello!", expects }).await?;
    let shows = "the guide's own sentence";
    tour.ask(Ask { shows, who: "alice", says: GUIDES_QUESTION, expects: ALICES }).await
}

async fn revoke(tour: &mut Tour) -> Result<(), Trouble> {
    let subject = tour.signed("alice")?.subject.clone();
    let openfga = &tour.started.laptop.stack.openfga;
    let held = person::held(&tour.started.laptop, &subject);
    let removed = held.iter().filter(|tuple| openfga.revoke(STORE.0, tuple)).count();
    let seen = format!("tuples removed: {removed}");
    tour.report.step(removed == 2, "revoke alice's tuples at OpenFGA", &seen);
    let expects = Expect::Refusal("access_denied");
    tour.ask(Ask { shows: "the very next call is denied", who: "alice", says: WHOSE, expects }).await?;
    for tuple in &held {
        tour.started.laptop.stack.openfga.allow(STORE.0, tuple);
    }
    tour.ask(Ask { shows: "the tuples are back", who: "alice", says: WHOSE, expects: ALICES }).await
}

fn yes(asked: bool) -> &'static str {
    if asked { "yes" } else { "no" }
}
