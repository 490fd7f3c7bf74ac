//! `mandate gateway-token`: what any MCP client needs to call tools through the gateway of the running system.

use auth::secret::Secret;
use upstream_http::auth0::Client;

use crate::laptop::gateway::GATEWAY_ID;
use crate::place::Place;
use crate::say;
use crate::start::sample_person;
use crate::trouble::Trouble;

/// Prints two headers, as curl's `-H @FILE` takes them; where to send them goes to the standard error.
pub(crate) async fn run(user: &str, scopes: &str, port_base: u16) -> Result<(), Trouble> {
    let person = sample_person(user)?;
    let Place { running, web, .. } = &Place::at(port_base).await?;
    let none = || Trouble::new("the running system has no gateway; start one with: make demo GATEWAY=on");
    let access = running.gateway.as_ref().ok_or_else(none)?;
    let (signed_in, _) = web.sign_in(&person).await?;
    web.connect(&signed_in).await?;
    let signed = web.begin_session_with(signed_in, GATEWAY_ID).await?;
    let application = Client {
        base: web.auth0.client.base.clone(),
        id: access.client_id.clone(),
        secret: Secret::new(access.client_secret.clone()).into(),
        provider: web.auth0.client.provider.clone(),
    };
    let token = web.api_token(application, &person, scopes).await?;
    say::aside(format!("for {}, with the scopes: {}", access.mcp_url, token.scopes));
    say::line(format!("Authorization: Bearer {}", token.token.expose()));
    say::line(format!("x-session-id: {}", signed.session.expose()));
    Ok(())
}
