//! Requests that are approved and carried out.

use devstack::okta::Status;

use super::outcome::Ends;
use super::phone::Button;
use super::request::{Request, Waiting};
use crate::person;
use crate::start::sample_person;
use crate::tour::Tour;
use crate::tour::ask::{Ask, Expect};
use crate::trouble::Trouble;

/// The chat goes on while a request waits.
pub(super) async fn unlock(tour: &mut Tour) -> Result<(), Trouble> {
    let bob = sample_person("bob")?;
    person::lock(&tour.started.laptop, &bob);
    let (shows, says) = ("bob's account is locked, and the help desk asks to unlock it", "Unlock bob@example.com");
    let Some(waiting) = tour.request(Request { shows, who: "carol", says }).await? else { return Ok(()) };
    let (shows, says) = ("while that waits, another question is answered", "What are my Okta groups?");
    let expects = Expect::Groups(&["Everyone", "Help desk"]);
    tour.ask(Ask { shows, who: "carol", says, expects }).await?;
    listed(tour, &waiting).await?;
    tour.press(&waiting, Button::Approve).await?;
    let acts = vec![format!("unlock {}", bob.okta_id())];
    let ends = Ends { shows: "it is done, once", in_kind: "done", saying: "bob@example.com", acts };
    tour.ends(&waiting, ends).await?;
    let status = tour.started.laptop.stack.okta.status(&bob.okta_id());
    let seen = status.map_or_else(|| "gone".to_owned(), |status| format!("{status:?}"));
    tour.report.step(status == Some(Status::Active), "bob's account at Okta", &seen);
    Ok(())
}

async fn listed(tour: &mut Tour, waiting: &Waiting) -> Result<(), Trouble> {
    let says = "Which approvals are open?";
    let said = tour.say(waiting.who, says).await?;
    let words = said.words();
    let one = said.body.as_ref().is_some_and(|body| body["count"] == 1);
    let good = one && words.contains(&waiting.code) && words.contains("unlock_user");
    tour.report.step(good, &format!("the request is in the list · {}: “{says}”", waiting.who), &words);
    Ok(())
}

/// Here a password is reset in name only, and the words say so.
pub(super) async fn simulated(tour: &mut Tour) -> Result<(), Trouble> {
    let (shows, says) = ("a password reset asks first, too", "Reset my password");
    let Some(waiting) = tour.request(Request { shows, who: "alice", says }).await? else { return Ok(()) };
    tour.press(&waiting, Button::Approve).await?;
    let shows = "it is only simulated, and says so";
    tour.ends(&waiting, Ends { shows, in_kind: "done", saying: "nothing was changed", acts: Vec::new() }).await
}
