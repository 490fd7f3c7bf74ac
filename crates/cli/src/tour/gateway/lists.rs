//! What each of three users is shown.

use std::collections::BTreeSet;

use auth::gateway::TICKET_ARGUMENT;
use devstack::gateway::SEARCH;
use serde_json::{Value, json};

use super::{Member, Members};
use crate::tour::Tour;
use crate::trouble::Trouble;

/// Words of every tool's name.
const EVERY_WORD: &str = "list groups whoami reset password unlock user add remove check approval approvals";

/// The scopes that open tools, and which.
const TOOLS: [(&str, &[&str]); 3] = [
    (
        "api/read",
        &[
            "okta-changes___check_approval",
            "okta-changes___list_approvals",
            "okta-groups___list_groups",
            "okta-groups___whoami",
        ],
    ),
    ("api/write", &["okta-changes___reset_password", "okta-changes___unlock_user"]),
    ("api/admin", &["okta-changes___add_to_group", "okta-changes___remove_from_group"]),
];

/// The tools that a person's scopes open.
pub(super) fn open_to(member: &Member) -> BTreeSet<&'static str> {
    let granted: Vec<&str> = member.access.scopes.split(' ').collect();
    TOOLS
        .into_iter()
        .filter(|(scope, _)| granted.contains(scope))
        .flat_map(|(_, tools)| tools.iter().copied())
        .collect()
}

pub(super) async fn walk(tour: &mut Tour, members: &Members) -> Result<(), Trouble> {
    let users = [("read-only", &members.reader), ("standard", &members.standard), ("full", &members.full)];
    for (kind, member) in users {
        let (tools, pages) = member.client.tools().await?;
        let (is, seen) = compared(&tools, member, Some(SEARCH));
        let shows = format!("the {kind} user lists the tools, on {pages} pages · {}", member.person.name);
        tour.report.step(is, &shows, &seen);
    }
    for (kind, member) in users {
        let answer = member.client.call(SEARCH, &json!({ "query": EVERY_WORD })).await?;
        let found = answer.body.pointer("/result/structuredContent/tools").and_then(Value::as_array);
        let (is, seen) = compared(found.map_or(&[], Vec::as_slice), member, None);
        let shows = format!("a search for everything finds the {kind} user no more · {}", member.person.name);
        tour.report.step(is && answer.told().is_some_and(|told| same(&told, found)), &shows, &seen);
    }
    Ok(())
}

/// Whether just the tools are there that are open to this person and, if named, one more, and the reserved argument nowhere.
fn compared(tools: &[Value], member: &Member, more: Option<&str>) -> (bool, String) {
    let names: BTreeSet<&str> = tools.iter().filter_map(|tool| tool.get("name")?.as_str()).collect();
    let expected: BTreeSet<&str> = open_to(member).into_iter().chain(more).collect();
    let hidden = !Value::from(tools).to_string().contains(TICKET_ARGUMENT);
    let shown = names.iter().map(|name| name.split_once("___").map_or(*name, |(_, tool)| tool));
    let seen = shown.collect::<Vec<_>>().join(", ");
    let seen = if hidden { seen } else { format!("the reserved argument is shown; {seen}") };
    (hidden && names.len() == tools.len() && names == expected, seen)
}

/// Whether the text of a search says the same as its structured form.
fn same(told: &Value, structured: Option<&Vec<Value>>) -> bool {
    told.get("tools").and_then(Value::as_array) == structured
}
