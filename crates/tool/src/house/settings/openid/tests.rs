use function::settings::{Environment, Reader};
use upstream_http::auth0::{BindingMessage, LoginHint, Logout, Path, Provider};

use super::IdentityProvider;

/// The provider, or the names of the settings that are wrong.
fn read(pairs: &[(&str, &str)]) -> Result<IdentityProvider, String> {
    let environment = Environment::from_pairs(pairs.iter().copied());
    let mut reader = Reader::new(&environment);
    let provider = IdentityProvider::read(&mut reader);
    reader.finish(provider).map_err(|problems| problems.to_string())
}

#[test]
fn with_the_address_alone_it_is_auth0() {
    for address in ["https://tenant.example", "https://tenant.example/"] {
        let identity = read(&[("AUTH0_ISSUER", address)]).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(identity.issuer, "https://tenant.example/");
        assert_eq!(identity.provider, Provider::default());
    }
}

#[test]
fn another_provider_is_settings() {
    let identity = read(&[
        ("AUTH0_ISSUER", "https://sso.example"),
        ("OIDC_ISSUER", "https://sso.example"),
        ("OIDC_AUTHORIZE_PATH", "auth"),
        ("OIDC_TOKEN_PATH", "token"),
        ("OIDC_REVOKE_PATH", "token/revocation"),
        ("OIDC_CIBA_PATH", "backchannel"),
        ("OIDC_JWKS_PATH", "jwks"),
        ("OIDC_LOGIN_HINT", "sub"),
        ("OIDC_BINDING_MESSAGE", "word"),
    ])
    .unwrap_or_else(|problems| panic!("{problems}"));
    let Provider { authorize, token, revoke, backchannel, keys, logout, login_hint, binding_message } =
        identity.provider;
    let places = [authorize, token, revoke, backchannel, keys].map(|path| path.below(&identity.base).to_string());
    let paths = ["auth", "token", "token/revocation", "backchannel", "jwks"];
    assert_eq!(identity.issuer, "https://sso.example");
    assert_eq!(places, paths.map(|path| format!("https://sso.example/{path}")));
    assert_eq!((login_hint, binding_message), (LoginHint::Subject, BindingMessage::Word));
    assert_eq!(logout, Logout::Unknown, "Auth0's is not another's");
}

#[test]
fn a_logout_is_auth0s_at_auth0_only_and_where_it_is_said_elsewhere() {
    let address = ("AUTH0_ISSUER", "https://sso.example");
    let said = Logout::OpenId(Path::parse("session/end").unwrap());
    for (other, unsaid) in [
        (("OIDC_TOKEN_PATH", "token"), Logout::Unknown),
        (("OIDC_LOGIN_HINT", "email"), Logout::Unknown),
        (("OIDC_ISSUER", "https://sso.example"), Logout::Unknown),
        (("OIDC_ISSUER", "https://sso.example/"), Logout::Auth0),
        (("OIDC_TOKEN_PATH", "oauth/token"), Logout::Auth0),
    ] {
        let identity = read(&[address, other]).unwrap_or_else(|problems| panic!("{problems}"));
        assert_eq!(identity.provider.logout, unsaid, "{other:?}");
        let identity = read(&[address, other, ("OIDC_LOGOUT_PATH", "session/end")]).ok().unwrap();
        assert_eq!(identity.provider.logout, said, "{other:?}");
    }
}

#[test]
fn an_issuer_of_another_address_stops_the_start() {
    for issuer in ["https://other.example", "https://sso.example/realms", "http://sso.example", "sso.example"] {
        let problems = read(&[("AUTH0_ISSUER", "https://sso.example/"), ("OIDC_ISSUER", issuer)]).err().unwrap();
        assert!(problems.contains("OIDC_ISSUER"), "{problems}");
    }
}

#[test]
fn what_cannot_be_read_is_named_all_at_once() {
    let names = [
        "OIDC_AUTHORIZE_PATH",
        "OIDC_TOKEN_PATH",
        "OIDC_REVOKE_PATH",
        "OIDC_CIBA_PATH",
        "OIDC_JWKS_PATH",
        "OIDC_LOGOUT_PATH",
    ];
    let mut pairs =
        vec![("AUTH0_ISSUER", "https://sso.example"), ("OIDC_LOGIN_HINT", "phone"), ("OIDC_BINDING_MESSAGE", "long")];
    pairs.extend(names.map(|name| (name, "../token?x")));
    let problems = read(&pairs).err().unwrap();
    for name in names.iter().chain(&["OIDC_LOGIN_HINT", "OIDC_BINDING_MESSAGE"]) {
        assert!(problems.contains(name), "{name}: {problems}");
    }
}
