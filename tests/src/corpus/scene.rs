//! What a world file says, and the world that it describes.

use std::collections::BTreeMap;

use auth::approval::PersonKey;
use devstack::auth0::Lifetimes;
use serde::Deserialize;
use serde_json::value::RawValue;
use upstream_aws::ApprovalKey;

use super::Run;
use super::approval::{Before, Lately, Table};
use super::handler::Handler;
use super::people::{self, Guest};
use super::row::Row;
use super::seen::{Books, Seen};
use super::ticket::Ticket;
use super::upstream::{Auth0, FaultAt, Okta, TupleChange};
use crate::World;

/// A world file. Whatever it leaves out is as on a laptop: Okta connected, a phone that can be asked, a good ticket, the
/// sample people's tuples.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Scene {
    /// What the case shows, in a sentence. Not read: it is for people.
    #[serde(rename = "about")]
    _about: String,
    /// Who is chatting; must be said, and may be null.
    #[serde(deserialize_with = "Option::deserialize")]
    person: Option<String>,
    #[serde(default = "yes")]
    connected: bool,
    /// Whether the person has one that can be asked, when the event comes.
    #[serde(default = "yes")]
    phone: bool,
    #[serde(default)]
    ticket: Option<Ticket>,
    #[serde(default)]
    session: Option<Row>,
    #[serde(default)]
    stored_token: Option<people::StoredToken>,
    /// In the table of approvals.
    #[serde(default)]
    approvals: Vec<Before>,
    /// By tool, what the person did with it in this minute.
    #[serde(default)]
    lately: BTreeMap<String, Lately>,
    #[serde(default)]
    allow: Vec<TupleChange>,
    #[serde(default)]
    revoke: Vec<TupleChange>,
    /// By function, then by name.
    #[serde(default)]
    settings: BTreeMap<String, BTreeMap<String, String>>,
    #[serde(default)]
    okta: Okta,
    #[serde(default)]
    auth0: Auth0,
    #[serde(default)]
    faults: Vec<FaultAt>,
    /// The function is not started, and has no connection and no token, before the faults are there.
    #[serde(default)]
    cold: bool,
}

/// A world as its file describes it, and what will answer the event in it.
pub(super) struct Set {
    pub(super) world: World,
    pub(super) handler: Handler,
    guest: Guest,
    table: Table,
    approvals: Vec<ApprovalKey>,
    books: Books,
}

fn yes() -> bool {
    true
}

impl Scene {
    pub(super) async fn set(&self, folder: &str, how: Run) -> Result<Set, String> {
        let settings: Vec<(&str, &str, &str)> = self
            .settings
            .iter()
            .flat_map(|(function, values)| {
                values.iter().map(|(name, value)| (function.as_str(), name.as_str(), value.as_str()))
            })
            .collect();
        let world = World::start_cold(&settings).await;
        self.okta.prepare(&world)?;
        let guest = match &self.person {
            Some(name) => self.enter(&world, name).await?,
            None => Guest::nobody(),
        };
        let table = Table::default();
        let approvals = self.ask(&world, &table, &guest).await?;
        self.allow.iter().try_for_each(|change| change.allow(&world))?;
        self.revoke.iter().try_for_each(|change| change.revoke(&world))?;
        self.auth0.prepare(&world);
        if self.cold {
            self.upset(&world)?;
        }
        let own = self.settings.get(folder).cloned().unwrap_or_default();
        let handler = Handler::start(&world, folder, how, own).await?;
        if !self.cold {
            self.upset(&world)?;
        }
        world.forget();
        let books = Books::read(&world).await?;
        Ok(Set { world, handler, guest, table, approvals, books })
    }

    async fn enter(&self, world: &World, name: &str) -> Result<Guest, String> {
        let row = self.session.as_ref();
        let guest = people::sign_in(world, name, row, self.stored_token, self.connected).await?;
        let ticket = self.ticket.unwrap_or(Ticket::Good).mint(&world.laptop, &guest)?;
        Ok(guest.with(ticket))
    }

    /// Polls for what is asked for here are never too fast.
    async fn ask(&self, world: &World, table: &Table, guest: &Guest) -> Result<Vec<ApprovalKey>, String> {
        let (auth0, mut approvals) = (&world.laptop.stack.auth0, Vec::new());
        if !self.approvals.is_empty() || !self.lately.is_empty() {
            let (store, usual) = (table.of(world).await, auth0.lifetimes());
            auth0.set_lifetimes(Lifetimes { ciba_interval: 0, ..usual });
            for (place, approval) in self.approvals.iter().enumerate() {
                approvals.push(Box::pin(approval.make(place, world, store, guest)).await?);
            }
            for (tool, lately) in &self.lately {
                lately.make(tool, world, store, guest).await?;
            }
            auth0.set_lifetimes(usual);
        }
        if let Some(signed) = &guest.signed {
            auth0.set_enrolled(signed.subject.id(), self.phone);
        }
        Ok(approvals)
    }

    fn upset(&self, world: &World) -> Result<(), String> {
        self.okta.upset(world)?;
        for fault in &self.faults {
            fault.cause(world);
        }
        Ok(())
    }
}

impl Set {
    /// The event file with its places filled. It stays text, because a parsed one could not name a member twice.
    pub(super) fn fill(&self, event: &str) -> Result<Box<RawValue>, String> {
        let agent = self.world.laptop.agent();
        let event = event
            .replace("{{ticket}}", self.guest.ticket())
            .replace("{{session_id}}", self.guest.session_id())
            .replace("{{agent_id}}", &agent.id)
            .replace("{{agent_alias}}", &agent.alias)
            .replace("{{person_key}}", self.person_key().as_ref().map_or("", PersonKey::as_str))
            .replace("{{approval_key}}", &self.approval_key()?);
        serde_json::from_str(&event).map_err(|error| format!("the event: {error}"))
    }

    /// What happened since it was set; without faults from now on.
    pub(super) async fn seen(&self, outcomes: bool) -> Result<Seen, String> {
        self.books.compare(&self.world, outcomes.then_some((&self.table, self.approvals.as_slice()))).await
    }

    fn person_key(&self) -> Option<PersonKey> {
        self.guest.signed.as_ref().map(|signed| PersonKey::of(&signed.subject))
    }

    /// The body of a message about the first approval, as it stands in a JSON text.
    fn approval_key(&self) -> Result<String, String> {
        let Some(key) = self.approvals.first() else { return Ok(String::new()) };
        let body = serde_json::to_string(key).and_then(|body| serde_json::to_string(&body));
        Ok(body.map_err(|error| error.to_string())?.trim_matches('"').to_owned())
    }
}
