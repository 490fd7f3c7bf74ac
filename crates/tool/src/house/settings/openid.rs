//! Which identity provider, and what is particular to it. Unless the settings say otherwise, it is Auth0.

use function::settings::Reader;
use upstream_http::auth0::{BindingMessage, LoginHint, Logout, Path, Provider};
use url::Url;

const ADDRESS: &str = "AUTH0_ISSUER";
const ISSUER: &str = "OIDC_ISSUER";

/// The provider that people sign in at and approve through.
pub struct IdentityProvider {
    /// The issuer, byte for byte as in its tokens.
    pub issuer: String,
    /// Its address, below which its endpoints are.
    pub base: Url,
    /// What is particular to it.
    pub provider: Provider,
}

impl IdentityProvider {
    /// Reads it. `AUTH0_ISSUER` is the address; as the issuer it is taken in the form that a URL has, with a slash where there
    /// is no path. `OIDC_ISSUER` is for a provider whose tokens spell the same address differently. Auth0's own logout is Auth0's
    /// only: where any setting makes it another provider, `OIDC_LOGOUT_PATH` says where that one has its own, or none is known.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        let base = reader.url(ADDRESS);
        let issuer = issuer(reader, base.as_ref());
        let usual = Provider::default();
        let authorize = path(reader, "OIDC_AUTHORIZE_PATH", usual.authorize);
        let token = path(reader, "OIDC_TOKEN_PATH", usual.token);
        let revoke = path(reader, "OIDC_REVOKE_PATH", usual.revoke);
        let backchannel = path(reader, "OIDC_CIBA_PATH", usual.backchannel);
        let keys = path(reader, "OIDC_JWKS_PATH", usual.keys);
        let hints =
            [("iss_sub", LoginHint::IssuerAndSubject), ("sub", LoginHint::Subject), ("email", LoginHint::Email)];
        let login_hint = reader.choice_or("OIDC_LOGIN_HINT", &hints, usual.login_hint);
        let messages = [("sentence", BindingMessage::Sentence), ("word", BindingMessage::Word)];
        let binding_message = reader.choice_or("OIDC_BINDING_MESSAGE", &messages, usual.binding_message);
        let logout = logout(reader);
        let provider = Provider {
            authorize: authorize?,
            token: token?,
            revoke: revoke?,
            backchannel: backchannel?,
            keys: keys?,
            logout: usual.logout,
            login_hint: login_hint?,
            binding_message: binding_message?,
        };
        let (issuer, base) = (issuer?, base?);
        let logout = logout?.unwrap_or_else(|| {
            let is_auth0 = provider == Provider::default() && issuer == base.as_str();
            if is_auth0 { Logout::Auth0 } else { Logout::Unknown }
        });
        Some(Self { provider: Provider { logout, ..provider }, issuer, base })
    }
}

fn issuer(reader: &mut Reader<'_>, base: Option<&Url>) -> Option<String> {
    match reader.optional_text(ISSUER)? {
        None => base.map(|base| base.as_str().to_owned()),
        Some(issuer) if base.is_some_and(|base| Url::parse(&issuer).is_ok_and(|url| url == *base)) => Some(issuer),
        Some(_) => {
            reader.refuse(ISSUER, "is another address than AUTH0_ISSUER", "the same address as the tokens spell it");
            None
        }
    }
}

/// Nothing in the inner sense if nothing is said.
fn logout(reader: &mut Reader<'_>) -> Option<Option<Logout>> {
    const NAME: &str = "OIDC_LOGOUT_PATH";
    let Some(text) = reader.optional_text(NAME)? else { return Some(None) };
    parsed(reader, NAME, &text).map(|path| Some(Logout::OpenId(path)))
}

fn path(reader: &mut Reader<'_>, name: &'static str, usual: Path) -> Option<Path> {
    let Some(text) = reader.optional_text(name)? else { return Some(usual) };
    parsed(reader, name, &text)
}

fn parsed(reader: &mut Reader<'_>, name: &'static str, text: &str) -> Option<Path> {
    let path = Path::parse(text);
    if path.is_none() {
        reader.refuse(name, "is no path", "segments below the issuer's address, as oauth/token");
    }
    path
}

#[cfg(test)]
mod tests;
