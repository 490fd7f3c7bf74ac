//! What the identity provider tells: to everybody, to our client, and by Auth0's Management API to who may read it.

use auth::secret::Secret;
use function::settings::Reader;
use serde_json::Value;
use tokio::time::Instant;
use tool::house::IdentityProvider;
use upstream_http::auth0::Path;
use upstream_http::transport::Transport;
use url::Url;

use super::super::finding::{Finding, Told};
use super::super::given::Given;
use super::super::web;
use super::url_of;

const TOKEN: &str = "AUTH0_MANAGEMENT_TOKEN";
const CLIENT: (&str, &str) = ("AUTH0_MANAGEMENT_CLIENT_ID", "AUTH0_MANAGEMENT_CLIENT_SECRET");
/// A refresh token that is nobody's: only whether the client is known is of interest.
const NOBODYS: &str = "mandate-doctor-asks";
/// OpenID Connect Discovery 1.0, section 4: below the issuer, whatever its path.
const DISCOVERY: &str = ".well-known/openid-configuration";

/// What the tenant tells.
pub(crate) struct Tenant {
    /// The provider by its settings, as the functions read them.
    pub(crate) identity: Result<IdentityProvider, Finding>,
    pub(crate) discovery: Told,
    /// Seconds since 1970 by the tenant's clock.
    pub(crate) date: Option<u64>,
    /// The key set that the functions read, which the discovery document may name otherwise.
    pub(crate) keys: Told,
    /// The `error` that a refresh token of nobody's comes to.
    pub(crate) client: Told,
    pub(crate) application: Told,
    pub(crate) connections: Told,
    pub(crate) policies: Told,
    pub(crate) factors: Told,
}

impl Tenant {
    pub(super) async fn ask(given: &Given, transport: &Transport, until: Instant) -> Self {
        let issuer = || url_of(given, "AUTH0_ISSUER");
        let identity = identity(given);
        let keys = match &identity {
            Ok(identity) => Ok(identity.provider.keys.below(&identity.base)),
            Err(finding) => Err(finding.clone()),
        };
        let document = issuer().and_then(|base| below(&base, DISCOVERY));
        let public = async |url| web::read(transport, "auth0", url, "", None, until).await;
        let (discovery, keys, client, token) = tokio::join!(
            public(document),
            public(keys),
            client(given, &identity, transport, until),
            management(given, transport, until)
        );
        let read = async |path: &str| match &token {
            Ok(token) => web::read(transport, "the Management API", issuer(), path, Some(token), until).await.told,
            Err(finding) => Told::Nothing(finding.clone()),
        };
        let application = format!("api/v2/clients/{}", given.or("AUTH0_CLIENT_ID", ""));
        let connection = format!("api/v2/connections?name={}", given.or("AUTH0_CONNECTION", ""));
        let (application, connections, policies, factors) = tokio::join!(
            read(&application),
            read(&connection),
            read("api/v2/guardian/policies"),
            read("api/v2/guardian/factors")
        );
        Self {
            identity,
            discovery: discovery.told,
            date: discovery.date,
            keys: keys.told,
            client,
            application,
            connections,
            policies,
            factors,
        }
    }
}

fn below(base: &Url, path: &str) -> Result<Url, Finding> {
    let path = Path::parse(path).ok_or_else(|| Finding::unasked("no address", "look at AUTH0_ISSUER"))?;
    Ok(path.below(base))
}

fn identity(given: &Given) -> Result<IdentityProvider, Finding> {
    let mut reader = Reader::new(&given.0);
    let identity = IdentityProvider::read(&mut reader);
    reader.finish(identity).map_err(|problems| {
        Finding::unasked("the settings of the provider are wrong", format!("mend {}", problems.names().join(", ")))
    })
}

/// Redeems a refresh token that there is not.
async fn client(
    given: &Given,
    identity: &Result<IdentityProvider, Finding>,
    transport: &Transport,
    until: Instant,
) -> Told {
    let fields = || {
        let identity = identity.as_ref().map_err(Clone::clone)?;
        let url = identity.provider.token.below(&identity.base);
        if given.get("AUTH0_CLIENT_SECRET").is_none() && given.get("AUTH0_CLIENT_SECRET_ARN").is_some() {
            let remedy = "give its value as AUTH0_CLIENT_SECRET to this command, in place of AUTH0_CLIENT_SECRET_ARN";
            return Err(Finding::unasked("the client's secret is at Secrets Manager", remedy));
        }
        Ok((url, given.need("AUTH0_CLIENT_ID")?, given.need("AUTH0_CLIENT_SECRET")?))
    };
    let (url, id, secret) = match fields() {
        Ok(fields) => fields,
        Err(finding) => return Told::Nothing(finding),
    };
    let form =
        [("grant_type", "refresh_token"), ("client_id", &id), ("client_secret", &secret), ("refresh_token", NOBODYS)];
    token(transport, url, &form, until).await
}

/// A token of the Management API: the one that is given, or one that is bought.
async fn management(given: &Given, transport: &Transport, until: Instant) -> Result<Secret, Finding> {
    if let Some(token) = given.get(TOKEN) {
        return Ok(Secret::new(token));
    }
    let (Some(id), Some(secret)) = (given.get(CLIENT.0), given.get(CLIENT.1)) else {
        let mend = format!("set {TOKEN}, or {} and {}, with the scopes of docs/guides/commands.md", CLIENT.0, CLIENT.1);
        return Err(Finding::unasked("nobody may read how the tenant is set up", mend));
    };
    let base = url_of(given, "AUTH0_ISSUER")?;
    let audience = format!("{base}api/v2/");
    let form =
        [("grant_type", "client_credentials"), ("client_id", &id), ("client_secret", &secret), ("audience", &audience)];
    match token(transport, below(&base, "oauth/token")?, &form, until).await {
        Told::Answer(answer) => match answer.get("access_token").and_then(Value::as_str) {
            Some(token) => Ok(Secret::new(token.to_owned())),
            None => Err(Finding::unasked(
                "no token of the Management API was given",
                format!("look at the client in {}", CLIENT.0),
            )),
        },
        Told::Absent => Err(Finding::unasked("the tenant has no token endpoint", "look at AUTH0_ISSUER")),
        Told::Nothing(finding) => Err(finding),
    }
}

/// The answer of the token endpoint, whatever its status.
async fn token(transport: &Transport, url: Url, form: &[(&str, &str)], until: Instant) -> Told {
    let lost = |why: String| {
        Told::unasked(format!("auth0: {why}"), "look at AUTH0_ISSUER, and whether this machine reaches it")
    };
    match transport.post(url).form(form).repeatable().send(until).await {
        Ok(reply) if reply.status() == 404 => Told::Absent,
        Ok(reply) => {
            serde_json::from_slice(reply.body()).map_or_else(|_| lost("the answer is no JSON".to_owned()), Told::Answer)
        }
        Err(error) => lost(error.to_string()),
    }
}
