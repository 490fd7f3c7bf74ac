//! Where a browser ends its session at the provider, which nobody but the browser can.

use url::Url;

use super::{Client, Path};

/// How a provider takes a logout. [`Logout::default`] is Auth0's.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Logout {
    /// `v2/logout` with `client_id` and `returnTo`.
    /// <https://auth0.com/docs/authenticate/login/logout/log-users-out-of-auth0>
    #[default]
    Auth0,
    /// OpenID Connect RP-Initiated Logout 1.0 (section 2) at this path, with `client_id` and `post_logout_redirect_uri`. No ID
    /// token is kept that could be its hint, so the provider may ask the person first.
    OpenId(Path),
    /// Not known: the provider's session lasts until its own end.
    Unknown,
}

impl Client {
    /// The address of a logout that comes back to `back`, which must be registered there. Nothing if it is not known.
    #[must_use]
    pub fn logout(&self, back: &Url) -> Option<Url> {
        let (mut address, way_back) = match &self.provider.logout {
            Logout::Auth0 => (self.endpoint(&["v2", "logout"]), "returnTo"),
            Logout::OpenId(path) => (path.below(&self.base), "post_logout_redirect_uri"),
            Logout::Unknown => return None,
        };
        address.query_pairs_mut().append_pair("client_id", &self.id).append_pair(way_back, back.as_str());
        Some(address)
    }
}

#[cfg(test)]
mod tests {
    use auth::secret::Secret;
    use url::Url;

    use super::{Client, Logout, Path};
    use crate::auth0::Provider;

    fn address(base: &str, logout: Logout) -> Option<String> {
        let provider = Provider { logout, ..Provider::default() };
        let secret = Secret::new("secret".to_owned()).into();
        let client = Client { base: Url::parse(base).unwrap(), id: "a client".to_owned(), secret, provider };
        client.logout(&Url::parse("https://chat.example/signed-out").unwrap()).map(String::from)
    }

    #[test]
    fn each_provider_is_asked_in_its_own_way_and_one_that_is_not_known_is_not_asked() {
        let back = "https%3A%2F%2Fchat.example%2Fsigned-out";
        assert_eq!(
            address("https://tenant.example/", Logout::default()).unwrap(),
            format!("https://tenant.example/v2/logout?client_id=a+client&returnTo={back}")
        );
        let logout = Logout::OpenId(Path::parse("protocol/openid-connect/logout").unwrap());
        assert_eq!(
            address("https://sso.example/realms/house", logout).unwrap(),
            format!(
                "https://sso.example/realms/house/protocol/openid-connect/logout?client_id=a+client\
                 &post_logout_redirect_uri={back}"
            )
        );
        assert_eq!(address("https://sso.example/realms/house", Logout::Unknown), None);
    }
}
