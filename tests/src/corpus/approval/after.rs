//! How approvals stand in the table after the event, read by the real store.

use std::collections::{BTreeMap, BTreeSet};

use auth::approval::{Approval, ApprovalReference, Ending, PersonKey};
use devstack::stack::APPROVAL_TABLE;
use serde_json::Value;
use upstream_aws::{ApprovalKey, ApprovalStore, OpenApproval};

use super::{Table, soon};
use crate::World;

/// The names of all approvals in the table.
pub(in crate::corpus) async fn known(world: &World) -> Result<BTreeSet<String>, String> {
    Ok(keys(world).await?.into_iter().map(|key| key.reference.as_str().to_owned()).collect())
}

/// Where each of these is, and each that `known` does not have: by name, as `open:pending` or `failed:access_denied`.
pub(in crate::corpus) async fn outcomes(
    world: &World,
    table: &Table,
    before: &[ApprovalKey],
    known: &BTreeSet<String>,
) -> Result<BTreeMap<String, String>, String> {
    let new = keys(world).await?.into_iter().filter(|key| !known.contains(key.reference.as_str()));
    let mut outcomes = BTreeMap::new();
    for key in new.chain(before.iter().cloned()) {
        let standing = standing(table.of(world).await, &key).await;
        outcomes.insert(key.reference.as_str().to_owned(), standing);
    }
    Ok(outcomes)
}

async fn standing(store: &ApprovalStore, key: &ApprovalKey) -> String {
    let ended = match store.outcome(&key.person, &key.reference, soon()).await {
        Ok(ended) => ended.map(|ended| name_of(&ended.ending)),
        Err(error) => return error.to_string(),
    };
    match (ended, store.read(&key.person, &key.tool, &key.reference, soon()).await) {
        (Some(ended), _) => ended,
        (None, Ok(open)) => open.map_or_else(|| "none".to_owned(), |(approval, _)| name_of_open(&approval)),
        (None, Err(upstream_aws::ApprovalError::Unreadable)) => "unreadable".to_owned(),
        (None, Err(error)) => error.to_string(),
    }
}

fn name_of_open(approval: &Approval) -> String {
    OpenApproval::of(approval).map_or_else(|| "none".to_owned(), |open| format!("open:{}", open.state.name()))
}

fn name_of(ending: &Ending) -> String {
    match ending {
        Ending::Done { .. } => "done".to_owned(),
        Ending::Denied => "denied".to_owned(),
        Ending::Expired => "expired".to_owned(),
        Ending::Failed { code, .. } => format!("failed:{}", code.name()),
        Ending::Unknown => "unknown".to_owned(),
    }
}

/// Of all rows but the counters.
async fn keys(world: &World) -> Result<Vec<ApprovalKey>, String> {
    let items = world.laptop.stack.dynamodb.items(APPROVAL_TABLE).await.map_err(|error| error.to_string())?;
    Ok(items.iter().filter_map(key_of).collect())
}

fn key_of(item: &Value) -> Option<ApprovalKey> {
    let text = |name: &str| item.get(name)?.get("S")?.as_str();
    Some(ApprovalKey {
        person: PersonKey::parse(text("person")?)?,
        tool: text("tool")?.to_owned(),
        reference: ApprovalReference::parse(text("reference")?)?,
    })
}
