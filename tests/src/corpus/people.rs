//! Who is chatting, as the event will name them.

use std::time::Duration;

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session;
use auth::session::FederatedToken;
use cli::sign_in::Signed;
use devstack::sample::{CONNECTION, Person};
use devstack::stack::CONNECTION_SCOPES;
use serde::Deserialize;
use tokio::time::Instant;
use upstream_aws::Creation;

use super::row::Row;
use crate::World;

/// The provider's token that the row already holds.
#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum StoredToken {
    /// Okta takes it.
    Good,
    /// Okta has ended it, although by the row it would live for another hour.
    Ended,
}

/// Somebody with a session, or nobody.
pub(super) struct Guest {
    pub(super) signed: Option<Signed>,
    /// Their good row, whatever the stored one is like.
    pub(super) row: Option<session::Row>,
    ticket: Option<Secret>,
}

impl Guest {
    pub(super) fn nobody() -> Self {
        Self { signed: None, row: None, ticket: None }
    }

    pub(super) fn with(self, ticket: Secret) -> Self {
        Self { ticket: Some(ticket), ..self }
    }

    pub(super) fn ticket(&self) -> &str {
        self.ticket.as_ref().map_or("", Secret::expose)
    }

    pub(super) fn session_id(&self) -> &str {
        self.signed.as_ref().map_or("nobodys-session", |signed| signed.session.expose())
    }
}

/// The sample person of that name.
pub(super) fn sample(name: &str) -> Result<Person, String> {
    Person::named(name).ok_or_else(|| format!("there is no sample person `{name}`"))
}

/// Signs somebody in, with a phone, and stores their row, bent as the world file says.
pub(super) async fn sign_in(
    world: &World,
    name: &str,
    bend: Option<&Row>,
    stored: Option<StoredToken>,
    connected: bool,
) -> Result<Guest, String> {
    let person = sample(name)?;
    let (session, mut row) = world.row(&person);
    let signed = Signed { subject: row.subject.clone(), organization: row.organization.clone(), session };
    let good = row.clone();
    let laptop = &world.laptop;
    let now = laptop.clock.now();
    laptop.stack.auth0.set_enrolled(&person.sub(), true);
    if let Some(stored) = stored {
        let life = match stored {
            StoredToken::Good => 3600,
            StoredToken::Ended => 0,
        };
        let token = laptop.stack.okta.token(&person.okta_id(), CONNECTION_SCOPES, Some(life)).expect("a token of Okta");
        row.tokens = row.tokens.renewed(FederatedToken {
            connection: CONNECTION.to_owned(),
            access_token: Secret::new(token),
            expires_at: now.plus(3600),
            scopes: Scopes::parse(CONNECTION_SCOPES),
        });
    }
    if let Some(bend) = bend {
        bend.before(&mut row, world, now)?;
    }
    if !matches!(bend, Some(Row::Missing)) {
        let created = laptop.store.create(&row, now, Instant::now() + Duration::from_secs(5)).await;
        assert_eq!(created.expect("the table answers"), Creation::Created);
    }
    if let Some(bend) = bend {
        bend.after(&row, world).await?;
    }
    if connected {
        laptop.stack.auth0.connect(&person.sub(), CONNECTION).await.expect("the account connects");
    }
    Ok(Guest { signed: Some(signed), row: Some(good), ticket: None })
}
