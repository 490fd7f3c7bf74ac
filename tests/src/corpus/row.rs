//! Session rows that deviate from the good one in one point each.
#![expect(clippy::indexing_slicing, reason = "members of JSON made here: a missing one is null or is added")]

use std::collections::BTreeMap;

use auth::id::Organization;
use auth::session;
use auth::subject::Subject;
use auth::time::Timestamp;
use devstack::stack::SESSION_TABLE;
use serde::Deserialize;
use serde_json::{Value, json};

use super::people::sample;
use crate::World;

/// What the row is like.
#[derive(Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Row {
    /// There is none.
    Missing,
    /// Its time is over, but it has not been deleted yet.
    Expired,
    /// It was made by a sign-in to another organization.
    OtherOrganization,
    /// It was made by the sample person carol's sign-in.
    OtherPerson,
    /// One bit of the sealed tokens has changed.
    Flipped,
    /// The sealed tokens were copied from another row.
    Transplanted,
    /// The row lacks this attribute.
    Without(String),
    /// These attributes are put over the row's own, in DynamoDB's JSON, as in `{"version": {"S": "one"}}`.
    With(BTreeMap<String, Value>),
}

impl Row {
    /// What is wrong with the row from the start, so that its seal is right.
    pub(super) fn before(&self, row: &mut session::Row, world: &World, now: Timestamp) -> Result<(), String> {
        match self {
            Self::Expired => row.expires_at = now.minus(1),
            Self::OtherOrganization => row.organization = Some(Organization("org_globex".to_owned())),
            Self::OtherPerson => {
                let issuer = world.laptop.stack.auth0.issuer();
                row.subject = Subject::new(issuer, &sample("carol")?.sub()).expect("a subject");
            }
            Self::Missing | Self::Flipped | Self::Transplanted | Self::Without(_) | Self::With(_) => {}
        }
        Ok(())
    }

    /// What somebody with access to the table does to the stored row.
    pub(super) async fn after(&self, row: &session::Row, world: &World) -> Result<(), String> {
        if matches!(self, Self::Missing | Self::Expired | Self::OtherOrganization | Self::OtherPerson) {
            return Ok(());
        }
        let tables = &world.laptop.stack.dynamodb;
        let key = json!({"session_id": {"S": row.hash.as_str()}});
        let mut item = stored(world, SESSION_TABLE, key).await?;
        match self {
            Self::Missing | Self::Expired | Self::OtherOrganization | Self::OtherPerson => {}
            Self::Flipped => flip(&mut item, "sealed")?,
            Self::Transplanted => {
                world.signed_in("carol").await;
                let rows = tables.items(SESSION_TABLE).await.map_err(|error| error.to_string())?;
                let other =
                    rows.iter().find(|other| other["session_id"] != item["session_id"]).ok_or("a second row")?;
                item["sealed"] = other["sealed"].clone();
            }
            Self::Without(name) => {
                let removed = item.as_object_mut().and_then(|members| members.remove(name));
                removed.ok_or_else(|| format!("the row has no attribute `{name}` that could be taken away"))?;
            }
            Self::With(attributes) => {
                for (name, value) in attributes {
                    item[name] = value.clone();
                }
            }
        }
        let put = json!({"TableName": SESSION_TABLE, "Item": item});
        tables.raw("PutItem", put).await.map(|_| ()).map_err(|error| error.to_string())
    }
}

/// The stored item of this key, in DynamoDB's own JSON.
pub(super) async fn stored(world: &World, table: &str, key: Value) -> Result<Value, String> {
    let get = json!({"TableName": table, "Key": key, "ConsistentRead": true});
    let answer = world.laptop.stack.dynamodb.raw("GetItem", get).await.map_err(|error| error.to_string())?;
    answer.get("Item").cloned().ok_or_else(|| format!("no such row in `{table}`"))
}

/// Changes one bit of a sealed attribute, in the ciphertext.
pub(super) fn flip(item: &mut Value, name: &str) -> Result<(), String> {
    let bytes = item[name]["B"].as_str().ok_or_else(|| format!("the row has no bytes `{name}`"))?;
    let (before, rest) = bytes.split_at_checked(40).expect("what is sealed is longer");
    let (letter, after) = rest.split_at_checked(1).expect("what is sealed is longer");
    item[name]["B"] = json!(format!("{before}{}{after}", if letter == "A" { "B" } else { "A" }));
    Ok(())
}
