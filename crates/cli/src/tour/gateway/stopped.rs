//! Stopping a gateway: it is an agent like another.

use serde_json::json;

use super::Member;
use super::attempt::{Attempt, Ends};
use crate::laptop::gateway::GATEWAY_ID;
use crate::tour::Tour;
use crate::tour::ask::{Ask, Expect};
use crate::trouble::Trouble;

pub(super) async fn walk(tour: &mut Tour, member: &Member) -> Result<(), Trouble> {
    let office = tour.office().await?;
    let target = office.agent(GATEWAY_ID)?;
    let report = office.stop(&target).await;
    tour.reported(&format!("mandate stop --agent {GATEWAY_ID}"), &report);
    let (who, client, tool) = (member.person.name, &member.client, "okta-groups___list_groups");
    let (shows, ends) = ("the sessions of this gateway are gone", Ends::Refused("auth_required"));
    tour.attempt(Attempt { shows, who, client, tool, arguments: json!({}), ends }).await?;
    let expects = Expect::Groups(member.person.groups);
    tour.ask(Ask { shows: "the chat goes on", who, says: super::OWN, expects }).await?;
    let report = office.lift(&target).await;
    tour.reported(&format!("mandate stop --agent {GATEWAY_ID}, --lift"), &report);
    Ok(())
}
