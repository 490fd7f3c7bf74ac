//! What a world file says, and the world that it describes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Run;
use super::handler::Handler;
use super::people::{self, Guest};
use super::row::Row;
use super::ticket::Ticket;
use super::upstream::{Auth0, FaultAt, Okta, TupleChange};
use crate::World;

/// A world file. Whatever it leaves out is as on a laptop: Okta connected, a good ticket, the sample people's tuples.
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
    #[serde(default)]
    ticket: Option<Ticket>,
    #[serde(default)]
    session: Option<Row>,
    #[serde(default)]
    stored_token: Option<people::StoredToken>,
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
        Ok(Set { world, handler, guest })
    }

    async fn enter(&self, world: &World, name: &str) -> Result<Guest, String> {
        let row = self.session.as_ref();
        let guest = people::sign_in(world, name, row, self.stored_token, self.connected).await?;
        let ticket = self.ticket.unwrap_or(Ticket::Good).mint(&world.laptop, &guest)?;
        Ok(guest.with(ticket))
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
            .replace("{{agent_alias}}", &agent.alias);
        serde_json::from_str(&event).map_err(|error| format!("the event: {error}"))
    }
}
