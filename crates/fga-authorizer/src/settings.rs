//! What the authorizer is set up with.

use auth::secret::Secret;
use function::read_settings;
use function::settings::Reader;
use upstream_http::openfga;
use url::Url;

/// The function's settings, checked.
pub struct Settings {
    /// Where to ask, and which model answers.
    pub openfga: openfga::Settings,
    /// PEM certificates to trust besides the bundled web roots.
    pub extra_authority: Option<String>,
}

struct Texts {
    api: Url,
    store_id: String,
    model_id: String,
    credentials: Option<openfga::Credentials>,
    extra_authority: Option<String>,
}

struct ClientCredentials {
    token_url: Url,
    client_id: String,
    client_secret: Secret,
    audience: String,
}

impl Settings {
    /// Reads them; a store or model id that OpenFGA could not have made is a problem here already.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let texts = read_settings!(reader => Texts {
            api: url("FGA_API_URL"),
            store_id: with(|reader| ulid(reader, "FGA_STORE_ID")),
            model_id: with(|reader| ulid(reader, "FGA_AUTHORIZATION_MODEL_ID")),
            credentials: with(credentials),
            extra_authority: optional_file("EXTRA_CA_FILE"),
        })?;
        let Texts { api, store_id, model_id, credentials, extra_authority } = texts;
        let openfga = openfga::Settings { api, store_id, model_id, credentials };
        Some(Self { openfga, extra_authority })
    }
}

fn credentials(reader: &mut Reader<'_>) -> Option<Option<openfga::Credentials>> {
    let kinds = [("client-credentials", true), ("none", false)];
    if !reader.choice_or("FGA_AUTHENTICATION", &kinds, true)? {
        return Some(None);
    }
    let read = read_settings!(reader => ClientCredentials {
        token_url: url_or("FGA_TOKEN_URL", "https://auth.fga.dev/oauth/token"),
        client_id: text("FGA_CLIENT_ID"),
        client_secret: secret("FGA_CLIENT_SECRET"),
        audience: text_or("FGA_API_AUDIENCE", "https://api.us1.fga.dev/"),
    })?;
    let ClientCredentials { token_url, client_id, client_secret, audience } = read;
    Some(Some(openfga::Credentials { token_url, client_id, client_secret, audience }))
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
