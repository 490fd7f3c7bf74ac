//! What the authorizer is set up with.

use auth::secret::SecretSource;
use function::read_settings;
use function::settings::{Reader, refuse_in_production};
use url::Url;

/// The function's settings, checked.
pub struct Settings {
    /// The API's origin.
    pub api: Url,
    /// The store.
    pub store_id: String,
    /// The pinned authorization model.
    pub model_id: String,
    /// Client credentials; none for a server without authentication.
    pub credentials: Option<ClientCredentials>,
    /// The region, which Lambda sets.
    pub region: Option<String>,
    /// In place of Secrets Manager's own address.
    pub secrets_manager: Option<Url>,
    /// PEM certificates to trust besides the bundled web roots.
    pub extra_authority: Option<String>,
}

/// Our client at the issuer of OpenFGA's tokens.
pub struct ClientCredentials {
    /// The token endpoint.
    pub token_url: Url,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: SecretSource,
    /// The API's audience.
    pub audience: String,
}

impl Settings {
    /// Reads them; a server without authentication and an authority of one's own are for a trial or laptop only. A store or model id that OpenFGA could not have made is a problem here already.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let settings = read_settings!(reader => Settings {
            api: url("FGA_API_URL"),
            store_id: with(|reader| ulid(reader, "FGA_STORE_ID")),
            model_id: with(|reader| ulid(reader, "FGA_AUTHORIZATION_MODEL_ID")),
            credentials: with(credentials),
            region: optional_text("AWS_REGION"),
            secrets_manager: optional_url("AWS_ENDPOINT_URL_SECRETS_MANAGER"),
            extra_authority: optional_file("EXTRA_CA_FILE"),
        });
        let open = settings.as_ref().is_some_and(|settings| settings.credentials.is_none());
        let trusting = settings.as_ref().is_some_and(|settings| settings.extra_authority.is_some());
        let weakening = [
            ("FGA_AUTHENTICATION", open, "`client-credentials`"),
            ("EXTRA_CA_FILE", trusting, "nothing: the public roots are trusted"),
        ];
        refuse_in_production(reader, &weakening).and(settings)
    }
}

fn credentials(reader: &mut Reader<'_>) -> Option<Option<ClientCredentials>> {
    let kinds = [("client-credentials", true), ("none", false)];
    if !reader.choice_or("FGA_AUTHENTICATION", &kinds, true)? {
        return Some(None);
    }
    read_settings!(reader => ClientCredentials {
        token_url: url_or("FGA_TOKEN_URL", "https://auth.fga.dev/oauth/token"),
        client_id: text("FGA_CLIENT_ID"),
        client_secret: secret_source("FGA_CLIENT_SECRET", "FGA_CLIENT_SECRET_ARN"),
        audience: text_or("FGA_API_AUDIENCE", "https://api.us1.fga.dev/"),
    })
    .map(Some)
}

/// Store and model ids are ULIDs: 26 characters of Crockford's base32, as `openfga_service.proto` demands.
fn ulid(reader: &mut Reader<'_>, name: &'static str) -> Option<String> {
    let text = reader.text(name)?;
    let fits = text.len() == 26 && text.bytes().all(|byte| b"0123456789ABCDEFGHJKMNPQRSTVWXYZ".contains(&byte));
    if !fits {
        reader.refuse(
            name,
            "is not an id of OpenFGA",
            "26 digits and capital letters, as in 01HVMMBCMGZNT3SED4Z17ECXCA",
        );
        return None;
    }
    Some(text)
}
