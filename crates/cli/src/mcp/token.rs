//! A token for the tools' API, through the sign-in pages.

use auth::id::Organization;
use auth::scope::Scopes;
use auth::secret::Secret;
use devstack::sample::{CONNECTION, ORGANIZATION, Person, TOOLS_API, TOOLS_SCOPES};
use upstream_http::auth0::login::Begin;
use upstream_http::auth0::{Client, Settings};

use crate::trouble::Trouble;
use crate::web_app::WebApp;

/// An access token for the tools' API.
pub struct ApiToken {
    /// The token.
    pub token: Secret,
    /// The API's scopes that it carries, in their order, separated by spaces.
    pub scopes: String,
}

impl WebApp {
    /// Has a sample person sign in to `application`, which is not the web application, and asks for these scopes of the tools'
    /// API, separated by spaces. The tenant gives those of them that the person may give.
    ///
    /// # Errors
    /// When a page does not come, or the sign-in is refused.
    pub async fn api_token(&self, application: Client, person: &Person, scopes: &str) -> Result<ApiToken, Trouble> {
        let ask = Begin {
            // Without the refresh token a sign-in does not count.
            scopes: Scopes::parse(&format!("openid offline_access {scopes}")),
            audience: Some(TOOLS_API.to_owned()),
            organization: Some(Organization(ORGANIZATION.to_owned())),
            connection: Some(CONNECTION.to_owned()),
            ..Begin::default()
        };
        let settings = Settings { client: application, ..self.auth0.clone() };
        let (signed_in, _) = self.sign_in_to(&settings, ask, person).await?;
        let granted = TOOLS_SCOPES.into_iter().filter(|scope| signed_in.scopes.cover(&Scopes::parse(scope)));
        Ok(ApiToken { token: signed_in.access_token, scopes: granted.collect::<Vec<_>>().join(" ") })
    }
}
