//! Tokens that are not good: each of the two that guard a gateway refuses them alone.

use auth::secret::Secret;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use devstack::auth0::Signer;
use devstack::gateway::SEARCH;
use serde_json::{Value, json};
use url::Url;

use super::attempt::{Attempt, Ends};
use super::{Member, Members};
use crate::laptop::gateway::Guards;
use crate::mcp::McpClient;
use crate::tour::Tour;
use crate::trouble::Trouble;

const TOOL: &str = "okta-groups___list_groups";

pub(super) async fn walk(tour: &mut Tour, members: &Members) -> Result<(), Trouble> {
    let bad = bad(tour, &members.full).await?;
    refused(tour, &members.full, &bad, Guards::AuthorizerAlone).await?;
    refused(tour, &members.full, &bad, Guards::InterceptorAlone).await?;
    longer_word(tour, &members.full).await
}

/// Tokens as good as this person's but for one thing, and what that is.
async fn bad(tour: &Tour, member: &Member) -> Result<Vec<(&'static str, Secret)>, Trouble> {
    let (claims, now) = (claims(&member.access.token)?, tour.started.laptop.clock.now().seconds());
    let bent = |changes: Value| changed(&claims, &changes);
    let elsewhere = "https://other.example/";
    let mut tokens = Vec::new();
    for (what, claims, signer) in [
        ("forged", claims.clone(), Signer::Stranger),
        ("expired", bent(json!({ "iat": now.saturating_sub(7200), "exp": now.saturating_sub(3600) })), Signer::Tenant),
        ("made for another audience", bent(json!({ "aud": [elsewhere] })), Signer::Tenant),
        ("another issuer's", bent(json!({ "iss": elsewhere })), Signer::Tenant),
    ] {
        tokens.push((what, tour.sign(&claims, signer).await?));
    }
    Ok(tokens)
}

/// A gateway with one guard. A good token passes it, so it is the token that the others are refused for.
async fn refused(
    tour: &mut Tour,
    member: &Member,
    bad: &[(&'static str, Secret)],
    guards: Guards,
) -> Result<(), Trouble> {
    let laptop = &tour.started.laptop;
    let gateway = laptop.another_gateway(guards).await?;
    let url = Url::parse(&gateway.mcp_url()).map_err(|error| Trouble::because("the gateway's address", error))?;
    let session = Some(member.session.clone());
    let client = McpClient::open(laptop.transport.clone(), url, member.access.token.clone(), session).await?;
    let who = member.person.name;
    let (guard, code, shows, ends) = match guards {
        Guards::InterceptorAlone => ("interceptor", "auth_required", "a good token passes", Ends::Done),
        Guards::AuthorizerAlone | Guards::Both => (
            "authorizer",
            "Invalid Bearer token",
            "a good token passes, but without an interceptor there is no ticket",
            Ends::Refused("auth_required"),
        ),
    };
    let shows = format!("the {guard} alone: {shows}");
    let good = Attempt { shows: &shows, who, client: &client, tool: TOOL, arguments: json!({}), ends };
    tour.attempt_at(Some(&gateway), good).await?;
    for (what, token) in bad {
        let shows = format!("the {guard} alone: a token is refused that is {what}");
        let (client, ends) = (&client.with_token(token.clone()), Ends::Before(401, code));
        let attempt = Attempt { shows: &shows, who, client, tool: TOOL, arguments: json!({}), ends };
        tour.attempt_at(Some(&gateway), attempt).await?;
    }
    Ok(())
}

/// Scopes are whole words.
async fn longer_word(tour: &mut Tour, member: &Member) -> Result<(), Trouble> {
    let scope = "openid api/readonly api/read/own my-api/read API/READ";
    let claims = changed(&claims(&member.access.token)?, &json!({ "scope": scope }));
    let client = member.client.with_token(tour.sign(&claims, Signer::Tenant).await?);
    let (tools, _) = client.tools().await?;
    let names: Vec<&str> = tools.iter().filter_map(|tool| tool.get("name")?.as_str()).collect();
    let none = names == [SEARCH];
    let who = member.person.name;
    tour.report.step(none, &format!("scopes that only contain “api/read” open nothing · {who}"), &names.join(", "));
    let (shows, ends) = ("nor by name", Ends::Before(403, "access_denied"));
    tour.attempt(Attempt { shows, who, client: &client, tool: TOOL, arguments: json!({}), ends }).await?;
    Ok(())
}

fn claims(token: &Secret) -> Result<Value, Trouble> {
    let part = token.expose().split('.').nth(1).and_then(|part| URL_SAFE_NO_PAD.decode(part).ok());
    let claims = part.and_then(|part| serde_json::from_slice(&part).ok());
    claims.ok_or_else(|| Trouble::new("the access token is no JWT"))
}

fn changed(claims: &Value, changes: &Value) -> Value {
    let members = |value: &Value| value.as_object().cloned().unwrap_or_default();
    Value::Object(members(claims).into_iter().chain(members(changes)).collect())
}

impl Tour {
    async fn sign(&self, claims: &Value, signer: Signer) -> Result<Secret, Trouble> {
        let token = self.started.laptop.stack.auth0.token_saying(claims, signer).await;
        token.map(Secret::new).map_err(|error| Trouble::because("a token for the tour", error))
    }
}
