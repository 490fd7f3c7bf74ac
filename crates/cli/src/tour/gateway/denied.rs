//! What scopes do not open, and what they open not alone.

use auth::gateway::TICKET_ARGUMENT;
use serde_json::json;

use super::attempt::{Attempt, Ends};
use super::{Member, Members};
use crate::tour::Tour;
use crate::trouble::Trouble;

const BOB: &str = "bob@example.com";
const DENIED: Ends = Ends::Before(403, "access_denied");

pub(super) async fn walk(tour: &mut Tour, members: &Members) -> Result<(), Trouble> {
    let Members { reader, standard, full, ungranted } = members;
    missing_scope(tour, reader, "okta-changes___reset_password", "api/write").await?;
    missing_scope(tour, standard, "okta-changes___add_to_group", "api/admin").await?;
    let (who, tool) = (full.person.name, "okta-groups___list_groups");
    let (shows, arguments) = ("a ticket that the caller brings is refused", json!({ TICKET_ARGUMENT: "a.b.c" }));
    tour.attempt(Attempt { shows, who, client: &full.client, tool, arguments, ends: DENIED }).await?;
    let (shows, arguments) =
        ("a policy of the house forbids what the scopes open", json!({ "user": BOB, "group": "Administrators" }));
    let forbidden = "okta-changes___add_to_group";
    tour.attempt(Attempt { shows, who, client: &full.client, tool: forbidden, arguments, ends: DENIED }).await?;
    let (shows, ends) = ("without a session a tool that needs one is not called", Ends::Before(403, "auth_required"));
    tour.attempt(Attempt { shows, who, client: &full.apart, tool, arguments: json!({}), ends }).await?;
    let (shows, ends) = ("every scope is there, but OpenFGA has no tuple", Ends::Refused("access_denied"));
    let (who, client) = (ungranted.person.name, &ungranted.client);
    tour.attempt(Attempt { shows, who, client, tool, arguments: json!({}), ends }).await?;
    let arguments = json!({ "user": "carol@example.com" });
    let (shows, ends) = ("nor may they read somebody else's groups", Ends::Refused("access_denied"));
    tour.attempt(Attempt { shows, who, client, tool, arguments, ends }).await?;
    Ok(())
}

/// The tool is named though no list shows it.
async fn missing_scope(tour: &mut Tour, member: &Member, tool: &str, scope: &str) -> Result<(), Trouble> {
    let shows = "a tool that is not in the list is refused by its name";
    let (who, client) = (member.person.name, &member.client);
    let arguments = json!({ "user": BOB, "group": "VPN users" });
    let answer = tour.attempt(Attempt { shows, who, client, tool, arguments, ends: DENIED }).await?;
    let challenge = answer.challenge.unwrap_or_default();
    let told = ["Bearer ", "error=\"insufficient_scope\"", "resource_metadata="].map(|part| challenge.contains(part));
    let good = told == [true; 3] && challenge.contains(&format!("scope=\"{scope}\""));
    tour.report.step(good, &format!("the challenge names the scope that is missing · {who}"), &challenge);
    Ok(())
}
