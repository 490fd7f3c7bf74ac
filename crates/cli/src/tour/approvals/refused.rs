//! Requests of which nothing comes.

use devstack::auth0::Lifetimes;
use devstack::openfga::Tuple;
use devstack::stack::STORE;

use super::outcome::Ends;
use super::phone::Button;
use super::request::{Request, Waiting, kind};
use super::{ADD_BOB, REMOVE_ALICE};
use crate::approvals;
use crate::person;
use crate::tour::Tour;
use crate::trouble::Trouble;

/// How long an unanswered request lives here, in seconds.
const SHORT: u64 = 2;

pub(super) async fn declined(tour: &mut Tour) -> Result<(), Trouble> {
    let shows = "the group administrator asks to change a group";
    let Some(waiting) = tour.request(Request { shows, who: "dave", says: ADD_BOB }).await? else { return Ok(()) };
    tour.press(&waiting, Button::Deny).await?;
    let shows = "it was declined, so nothing is done";
    tour.ends(&waiting, Ends { shows, in_kind: "approval_denied", saying: "declined", acts: Vec::new() }).await?;
    tour.still("bob", false)?;
    again(tour, &waiting).await
}

/// A decline is remembered for the rest of its minute. What must come therefore hangs on whether that is over.
async fn again(tour: &mut Tour, declined: &Waiting) -> Result<(), Trouble> {
    let ended = approvals::ended(&tour.started.laptop, &declined.reference).await;
    let before = tour.seen();
    let said = tour.say(declined.who, ADD_BOB).await?;
    let minute = tour.started.laptop.clock.now().seconds() / 60;
    let seen = tour.seen().since(&before);
    let same_minute = ended.is_some_and(|ended| ended.at.seconds() / 60 == minute);
    let refused = kind(&said) == "approval_denied" && said.relayed() && seen.pushes == 0;
    let asked_anew = kind(&said) == "approval_pending" && seen.pushes == 1 && !same_minute;
    let shows =
        if asked_anew { "in the next minute it can be asked again" } else { "asked again at once, no phone rings" };
    let good = (refused || asked_anew) && seen.acts.is_empty();
    let name = format!("{shows} {} · {}: “{ADD_BOB}”", seen.beside(kind(&said)), declined.who);
    tour.report.step(good, &name, &said.words());
    Ok(())
}

pub(super) async fn expired(tour: &mut Tour) -> Result<(), Trouble> {
    let lifetimes = tour.started.laptop.stack.auth0.lifetimes();
    let short = Lifetimes { ciba_expiry: Some(SHORT), ..lifetimes };
    tour.started.laptop.stack.auth0.set_lifetimes(short);
    let request = Request { shows: "a request that nobody will answer", who: "dave", says: REMOVE_ALICE };
    let waiting = tour.request(request).await;
    tour.started.laptop.stack.auth0.set_lifetimes(lifetimes);
    let Some(waiting) = waiting? else { return Ok(()) };
    let shows = "its time is over, so nothing is done";
    tour.ends(&waiting, Ends { shows, in_kind: "approval_expired", saying: "reached us in time", acts: Vec::new() })
        .await?;
    tour.still("alice", true)
}

/// OpenFGA is asked twice: before the phone rings, and before anything is done.
pub(super) async fn revoked(tour: &mut Tour) -> Result<(), Trouble> {
    let request = Request { shows: "the same is asked once more", who: "dave", says: REMOVE_ALICE };
    let Some(waiting) = tour.request(request).await? else { return Ok(()) };
    let subject = tour.signed("dave")?.subject.clone();
    let openfga = &tour.started.laptop.stack.openfga;
    let right = |tuple: &Tuple| tuple.relation == "manage_members";
    let held: Vec<Tuple> = person::held(&tour.started.laptop, &subject).into_iter().filter(right).collect();
    let removed = held.iter().filter(|tuple| openfga.revoke(STORE.0, tuple)).count();
    let seen = format!("tuples removed: {removed}");
    tour.report.step(removed == 1, "dave's right is revoked at OpenFGA while it waits", &seen);
    tour.press(&waiting, Button::Approve).await?;
    let shows = "approved, but no longer allowed, so nothing is done";
    tour.ends(&waiting, Ends { shows, in_kind: "access_denied", saying: "not allowed", acts: Vec::new() }).await?;
    let openfga = &tour.started.laptop.stack.openfga;
    let back = held.iter().filter(|tuple| openfga.allow(STORE.0, tuple)).count();
    tour.report.step(back == removed, "dave has his right again", &format!("tuples stored: {back}"));
    tour.still("alice", true)
}

/// The authorizer's yes and the person's own do not make up for a right that they lack at Okta.
pub(super) async fn by_okta(tour: &mut Tour) -> Result<(), Trouble> {
    let shows = "the help desk asks to change a group, which OpenFGA allows";
    let Some(waiting) = tour.request(Request { shows, who: "carol", says: ADD_BOB }).await? else { return Ok(()) };
    tour.press(&waiting, Button::Approve).await?;
    let shows = "approved, but Okta refuses, and the words name the missing role";
    tour.ends(&waiting, Ends { shows, in_kind: "access_denied", saying: "Okta role", acts: Vec::new() }).await?;
    tour.still("bob", false)
}
