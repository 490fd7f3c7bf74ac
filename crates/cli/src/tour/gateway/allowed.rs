//! What each of three users may call.

use serde_json::{Value, json};

use super::attempt::{Attempt, Ends};
use super::lists::open_to;
use super::{Member, Members};
use crate::tour::Tour;
use crate::trouble::Trouble;

pub(super) async fn walk(tour: &mut Tour, members: &Members) -> Result<(), Trouble> {
    for member in [&members.reader, &members.standard, &members.full] {
        groups(tour, member).await?;
    }
    for member in [&members.reader, &members.full] {
        whoami(tour, member).await?;
    }
    Ok(())
}

/// The answer is the chat's.
async fn groups(tour: &mut Tour, member: &Member) -> Result<(), Trouble> {
    let (who, tool) = (member.person.name, "okta-groups___list_groups");
    let shows = "lists the person's groups, with their own token from the vault";
    let ends = Ends::Done;
    let attempt = Attempt { shows, who, client: &member.client, tool, arguments: json!({}), ends };
    let answer = tour.attempt(attempt).await?;
    let said = tour.say(who, super::OWN).await?;
    let (through_gateway, in_chat) = (answer.result(), said.body.clone());
    let groups = |body: &Option<Value>| body.as_ref().and_then(|body| body.get("groups")).cloned();
    let same = groups(&in_chat).is_some() && groups(&in_chat) == groups(&through_gateway);
    let seen = groups(&in_chat).unwrap_or_default().to_string();
    tour.report.step(same, &format!("the agent answers the same in the chat · {who}"), &seen);
    Ok(())
}

/// It needs no session, and nobody is asked for it.
async fn whoami(tour: &mut Tour, member: &Member) -> Result<(), Trouble> {
    let (who, tool) = (member.person.name, "okta-groups___whoami");
    let shows = "tells who calls, without a session";
    let ends = Ends::Done;
    let attempt = Attempt { shows, who, client: &member.apart, tool, arguments: json!({}), ends };
    let told = tour.attempt(attempt).await?.result().unwrap_or_default();
    let texts = |name: &str| -> Vec<&str> {
        told.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect()
    };
    let (scopes, mut tools) = (texts("scopes"), texts("tools"));
    tools.sort_unstable();
    let named = told.get("user").and_then(Value::as_str) == Some(member.person.sub().as_str());
    let scoped = member.access.scopes.split(' ').all(|scope| scopes.contains(&scope));
    let same = tools.iter().copied().eq(open_to(member));
    let user = if named { who } else { "somebody else" };
    let seen = format!("{user}; {}; {}", scopes.join(" "), tools.join(", "));
    let shows = "it names the person, the scopes, and the tools of the list";
    tour.report.step(named && scoped && same, &format!("{shows} · {who}"), &seen);
    Ok(())
}
