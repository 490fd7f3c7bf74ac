//! One of them, and how it is made: by the real store, and with a real request at Auth0 if one is to be polled for.

use std::collections::BTreeMap;

use auth::approval::{Approved, Binding, Pending, Poll, Polled, Requested, Started};
use auth::canonical::ArgumentsHash;
use auth::secret::Secret;
use auth::time::Timestamp;
use devstack::stack::APPROVAL_TABLE;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use upstream_aws::{ApprovalKey, ApprovalStore, Recording, Requesting, Spent};

use super::errand::Errand;
use super::{SECONDS, State, reference_of, soon};
use crate::World;
use crate::corpus::people::{self, Guest};
use crate::corpus::row::{flip, stored};
use crate::corpus::ticket::somebody_else;

/// For so long a worker may act.
const LEASE: u64 = 30;

/// An approval that was asked for before the event.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(in crate::corpus) struct Before {
    /// Whose; in a session of their own. Absent: of whoever is chatting, in this session.
    person: Option<String>,
    tool: String,
    #[serde(default)]
    arguments: Map<String, Value>,
    state: State,
    /// What the phone said, if it is pending.
    answer: Option<Answer>,
    /// Seconds since it was asked for and all else happened to it.
    #[serde(default = "ten")]
    age: u64,
    /// Seconds between two polls.
    #[serde(default = "five")]
    interval: u64,
    /// What somebody with access to the table did to the row.
    row: Option<Tampered>,
    /// The words by which the person was asked, if not those of an ordinary set-up.
    described: Option<String>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Approved,
    Declined,
    /// On another person's phone.
    SomebodyElse,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Tampered {
    /// One bit of this sealed attribute has changed.
    Flipped(String),
    /// These attributes are put over the row's own, in DynamoDB's JSON.
    With(BTreeMap<String, Value>),
}

fn ten() -> u64 {
    10
}

fn five() -> u64 {
    5
}

impl Before {
    /// Puts it into the table as the one on this place of the list.
    pub(in crate::corpus) async fn make(
        &self,
        place: usize,
        world: &World,
        store: &ApprovalStore,
        guest: &Guest,
    ) -> Result<ApprovalKey, String> {
        let own;
        let guest = match &self.person {
            Some(name) => {
                own = people::sign_in(world, name, None, None, true).await?;
                &own
            }
            None => guest,
        };
        let row = guest.row.as_ref().ok_or("an approval needs a person")?;
        let at = world.laptop.clock.now().minus(self.age);
        let arguments = ArgumentsHash::of(&self.arguments).ok_or("arguments without a canonical form")?;
        let binding = Binding {
            reference: reference_of(place)?,
            subject: row.subject.clone(),
            session: row.hash.clone(),
            organization: row.organization.clone(),
            agent: world.laptop.agent(),
            tool: self.tool.clone(),
            arguments,
            expires_at: at.plus(SECONDS),
        };
        let key = ApprovalKey::of(&binding);
        let described = self.described.clone().unwrap_or_else(|| words_of(&self.tool, &self.arguments));
        let order = json!({"args": self.arguments, "described": described});
        let arguments = Value::Object(self.arguments.clone());
        let errand = Errand { world, row, arguments: &arguments };
        self.advance(store, &errand, (binding, &order), at).await?;
        self.tamper(world, &key).await?;
        Ok(key)
    }

    async fn advance(
        &self,
        store: &ApprovalStore,
        errand: &Errand<'_>,
        (binding, order): (Binding, &Value),
        at: Timestamp,
    ) -> Result<(), String> {
        let problem = |error: upstream_aws::ApprovalError| error.to_string();
        let requested = requested(store, &binding, order, at).await?;
        if matches!(self.state, State::Requested) {
            return Ok(());
        }
        let waits = matches!(self.state, State::Pending);
        let auth_req_id = if waits { errand.ask(&binding, at).await? } else { Secret::new("over".to_owned()) };
        if let Some(answer) = self.answer {
            answer.give(errand.world, auth_req_id.expose(), &binding)?;
        }
        let started = Started { auth_req_id, expires_in: SECONDS, interval: Some(self.interval) };
        let pending = requested.started(started, at, at);
        recorded(store.record_pending(&pending, soon()).await.map_err(problem)?)?;
        if let Some(ending) = self.state.ending() {
            return recorded(store.record_end(&pending.end(ending, at), soon()).await.map_err(problem)?);
        }
        if waits {
            return Ok(());
        }
        let approved = approved(pending, at)?;
        recorded(store.record_approved(&approved, soon()).await.map_err(problem)?)?;
        if matches!(self.state, State::Acting) {
            let mandate = errand.mandate(&binding, at)?;
            let spending = approved.spend(&mandate, &binding.tool, "another-worker", at, LEASE);
            let spending = spending.map_err(|unspent| unspent.1.cause().to_owned())?;
            let Spent::Yes(..) = store.spend(spending, soon()).await.map_err(problem)? else {
                return Err("it is spent already".to_owned());
            };
        }
        Ok(())
    }

    async fn tamper(&self, world: &World, key: &ApprovalKey) -> Result<(), String> {
        let Some(tampered) = &self.row else { return Ok(()) };
        let row = json!({"person": {"S": key.person.as_str()}, "sort": {"S": format!("open#{}", key.tool)}});
        let mut item = stored(world, APPROVAL_TABLE, row).await?;
        match tampered {
            Tampered::Flipped(name) => flip(&mut item, name)?,
            Tampered::With(attributes) => {
                let members = item.as_object_mut().ok_or("an open row")?;
                members.extend(attributes.iter().map(|(name, value)| (name.clone(), value.clone())));
            }
        }
        let put = json!({"TableName": APPROVAL_TABLE, "Item": item});
        world.laptop.stack.dynamodb.raw("PutItem", put).await.map(|_| ()).map_err(|error| error.to_string())
    }
}

impl Answer {
    fn give(self, world: &World, auth_req_id: &str, binding: &Binding) -> Result<(), String> {
        let auth0 = &world.laptop.stack.auth0;
        let given = match self {
            Self::Approved => auth0.approve(auth_req_id),
            Self::Declined => auth0.deny(auth_req_id),
            Self::SomebodyElse => auth0.approve_as(auth_req_id, &somebody_else(&binding.subject)?),
        };
        given.map_err(|error| error.to_string())
    }
}

pub(super) async fn requested(
    store: &ApprovalStore,
    binding: &Binding,
    arguments: &Value,
    at: Timestamp,
) -> Result<Requested, String> {
    match store.request(binding, &arguments.to_string(), at, soon()).await {
        Ok(Requesting::Recorded(requested)) => Ok(requested),
        Ok(_) => Err(format!("`{}` cannot be asked for once more", binding.tool)),
        Err(error) => Err(error.to_string()),
    }
}

pub(super) fn recorded(recording: Recording) -> Result<(), String> {
    if recording == Recording::Recorded { Ok(()) } else { Err("somebody else moved the row".to_owned()) }
}

fn approved(pending: Pending, at: Timestamp) -> Result<Approved, String> {
    match pending.polled(Poll::Approved, at) {
        Polled::Approved(approved) => Ok(approved),
        Polled::StillPending(_) | Polled::Ended(_) => Err("it is not approved".to_owned()),
    }
}

/// How the tools describe a deed, written down once more.
fn words_of(tool: &str, arguments: &Map<String, Value>) -> String {
    let text = |name: &str| arguments.get(name).and_then(Value::as_str).unwrap_or_default();
    match tool {
        "add_to_group" => format!("Adding {} to the group \"{}\" in Okta", text("user"), text("group")),
        "remove_from_group" => format!("Removing {} from the group \"{}\" in Okta", text("user"), text("group")),
        "unlock_user" => format!("Unlocking the Okta account of {}", text("user")),
        _ => "A simulated reset of your Okta password, which changes nothing".to_owned(),
    }
}
