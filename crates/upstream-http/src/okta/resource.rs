//! Where at Okta something is: every path that is ever asked.

use auth::mandate::OktaUser;
use url::Url;

use super::user_id::is_id;

/// One resource of Okta's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resource<'a> {
    /// An account.
    User(&'a OktaUser),
    /// The groups that it is in.
    GroupsOf(&'a OktaUser),
    /// All groups, to be searched.
    Groups,
    /// What the token says of its own person.
    UserInfo,
    /// A change of the state of an account, by its id.
    Lifecycle {
        /// The account's id.
        user: &'a str,
        /// As in `unlock`.
        change: &'static str,
    },
    /// An account in a group, both by their ids.
    Membership {
        /// The group's id.
        group: &'a str,
        /// The account's id.
        user: &'a str,
    },
}

impl Resource<'_> {
    /// Its address at the organization `base`, of which a query is dropped: each part is encoded as one segment of the path.
    /// Nothing where `base` can carry no path, or an id is not 1 to 50 ASCII letters and digits.
    #[must_use]
    pub fn url(self, base: &Url) -> Option<Url> {
        let named = |user| match user {
            &OktaUser::Own => "me",
            OktaUser::Other(login) => login.as_str(),
        };
        let id = |id| is_id(id).then_some(id);
        let segments = match self {
            Self::User(user) => vec!["api", "v1", "users", named(user)],
            Self::GroupsOf(user) => vec!["api", "v1", "users", named(user), "groups"],
            Self::Groups => vec!["api", "v1", "groups"],
            Self::UserInfo => vec!["oauth2", "v1", "userinfo"],
            Self::Lifecycle { user, change } => vec!["api", "v1", "users", id(user)?, "lifecycle", change],
            Self::Membership { group, user } => vec!["api", "v1", "groups", id(group)?, "users", id(user)?],
        };
        let mut url = base.clone();
        url.set_query(None);
        url.path_segments_mut().ok()?.pop_if_empty().extend(segments);
        Some(url)
    }
}

#[cfg(test)]
mod tests {
    use auth::id::Login;
    use auth::mandate::OktaUser;
    use url::Url;

    use super::Resource;

    fn path(resource: Resource<'_>) -> Option<String> {
        let url = resource.url(&Url::parse("https://acme.okta.test/?x=1").unwrap())?;
        assert_eq!((url.origin().ascii_serialization().as_str(), url.query()), ("https://acme.okta.test", None));
        Some(url.path().to_owned())
    }

    // B02
    #[test]
    fn a_login_and_an_id_are_each_one_segment_of_the_path() {
        let alice = OktaUser::Other(Login::parse("Alice.b+x@Example.com").unwrap());
        assert_eq!(path(Resource::GroupsOf(&alice)).unwrap(), "/api/v1/users/alice.b+x@example.com/groups");
        assert_eq!(path(Resource::User(&OktaUser::Own)).unwrap(), "/api/v1/users/me");
        let reset = |user| path(Resource::Lifecycle { user, change: "reset_password" });
        assert_eq!(reset("00u1").unwrap(), "/api/v1/users/00u1/lifecycle/reset_password");
        for id in ["", "..", "a/b", "%2e", "a b", "me?x", "a#", "\u{e9}", &"a".repeat(51)] {
            assert_eq!(reset(id), None, "{id}");
            assert_eq!(path(Resource::Membership { group: id, user: "00u1" }), None, "{id}");
            assert_eq!(path(Resource::Membership { group: "00g1", user: id }), None, "{id}");
        }
    }

    #[test]
    fn an_address_that_can_carry_no_path_carries_none() {
        assert_eq!(Resource::Groups.url(&Url::parse("mailto:a@b.test").unwrap()), None);
    }
}
