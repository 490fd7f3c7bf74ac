//! The same tools through an AgentCore Gateway: scopes decide, and everything else decides as before.

mod allowed;
mod approval;
mod attempt;
mod denied;
mod lists;
mod silent;
mod stopped;
mod tokens;

use auth::id::SessionReference;
use devstack::sample::{Person, TOOLS_SCOPES};
use url::Url;

use super::Tour;
use crate::laptop::gateway::GATEWAY_ID;
use crate::mcp::{ApiToken, McpClient};
use crate::start::sample_person;
use crate::trouble::Trouble;

/// What is asked in the chat, for comparison.
const OWN: &str = "What are my Okta groups?";

/// Somebody who calls tools through a gateway, with an application of their own.
struct Member {
    person: Person,
    access: ApiToken,
    session: SessionReference,
    client: McpClient,
    /// The same without a session.
    apart: McpClient,
}

/// The article's three users, and one with every scope for whom OpenFGA has no tuple.
struct Members {
    reader: Member,
    standard: Member,
    full: Member,
    ungranted: Member,
}

pub(super) async fn walk(tour: &mut Tour) -> Result<(), Trouble> {
    if tour.started.laptop.gateway().is_none() {
        return Ok(());
    }
    let members = Members {
        reader: tour.member("alice").await?,
        standard: tour.member("carol").await?,
        full: tour.member("dave").await?,
        ungranted: tour.member("bob").await?,
    };
    lists::walk(tour, &members).await?;
    allowed::walk(tour, &members).await?;
    denied::walk(tour, &members).await?;
    tokens::walk(tour, &members).await?;
    approval::walk(tour, &members.standard).await?;
    silent::walk(tour, &members)?;
    stopped::walk(tour, &members.standard).await
}

impl Tour {
    /// Has somebody sign in twice: at the web application, for the session that their tokens are kept in, and at the
    /// application that calls tools. It asks for every scope, and a step shows what was given.
    async fn member(&mut self, name: &'static str) -> Result<Member, Trouble> {
        let laptop = &self.started.laptop;
        let person = sample_person(name)?;
        let (signed_in, _) = laptop.sign_in(&person).await?;
        let session = laptop.begin_session_with(signed_in, GATEWAY_ID).await?.session;
        let access = laptop.api_token(laptop.mcp_application(), &person, &TOOLS_SCOPES.join(" ")).await?;
        let url = self.gateway_url()?;
        let open =
            async |session| McpClient::open(laptop.transport.clone(), url.clone(), access.token.clone(), session).await;
        let (client, apart) = (open(Some(session.clone())).await?, open(None).await?);
        let good = access.scopes == person.scopes.join(" ");
        let shows = "another application asks for every scope, and is given those that the person may give";
        self.report.step(good, &format!("{shows} · {name}"), &access.scopes);
        Ok(Member { person, access, session, client, apart })
    }

    fn gateway_url(&self) -> Result<Url, Trouble> {
        let gateway = self.started.laptop.gateway().ok_or_else(|| Trouble::new("there is no gateway"))?;
        Url::parse(&gateway.mcp_url()).map_err(|error| Trouble::because("the gateway's address", error))
    }
}
