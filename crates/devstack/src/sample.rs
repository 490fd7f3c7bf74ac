//! The people, groups and rights that the doubles start with.

use crate::auth0;
use crate::okta::{self, Role};

/// The organization at the identity provider that the sample people are members of.
pub const ORGANIZATION: &str = "org_acme";
/// The connection by which they sign in, and whose account is connected.
pub const CONNECTION: &str = "okta-oidc";

/// A sample person, the same at Auth0 and at Okta.
#[derive(Clone, Copy, Debug)]
pub struct Person {
    /// Short name, as typed after `DEMO_USER=`.
    pub name: &'static str,
    /// What to know about them, in one line.
    pub about: &'static str,
    /// Their groups in Okta.
    pub groups: &'static [&'static str],
    /// Their administrator roles in Okta.
    pub roles: &'static [Role],
    /// Relations and objects that the authorizer grants them from the start.
    pub grants: &'static [(&'static str, &'static str)],
}

/// Who there is.
pub const PEOPLE: [Person; 3] = [
    Person {
        name: "alice",
        about: "may list her own groups",
        groups: &["Everyone", "Engineering", "VPN users"],
        roles: &[],
        grants: &[("read_okta", "okta:groups")],
    },
    Person {
        name: "bob",
        about: "may not: the authorizer has no tuple for him",
        groups: &["Everyone", "Sales, EMEA", "Travel"],
        roles: &[],
        grants: &[],
    },
    Person {
        name: "carol",
        about: "help desk: may list her own groups and bob's",
        groups: &["Everyone", "Help desk"],
        roles: &[Role::HelpDeskAdmin],
        grants: &[("read_okta", "okta:groups"), ("read_groups", "okta_user:bob@example.com")],
    },
];

impl Person {
    /// The sample person of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        PEOPLE.into_iter().find(|person| person.name == name)
    }

    /// Login at Okta and e-mail address at Auth0.
    #[must_use]
    pub fn email(&self) -> String {
        format!("{}@example.com", self.name)
    }

    /// Id at Okta, as in `00u1alice`.
    #[must_use]
    pub fn okta_id(&self) -> String {
        format!("00u1{}", self.name)
    }

    /// Subject at Auth0, as in `oidc|okta-oidc|00u1alice`.
    #[must_use]
    pub fn sub(&self) -> String {
        format!("oidc|{CONNECTION}|{}", self.okta_id())
    }
}

pub(crate) fn auth0_users() -> Vec<auth0::User> {
    let user = |person: Person| auth0::User {
        sub: person.sub(),
        email: person.email(),
        email_verified: true,
        name: person.name.to_owned(),
        password: None,
        orgs: vec![ORGANIZATION.to_owned()],
        connection: CONNECTION.to_owned(),
    };
    PEOPLE.into_iter().map(user).collect()
}

pub(crate) fn okta_users() -> Vec<okta::User> {
    let user = |person: Person| okta::User {
        id: person.okta_id(),
        login: person.email(),
        first_name: person.name.to_owned(),
        last_name: "Example".to_owned(),
        status: okta::Status::Active,
        roles: person.roles.to_vec(),
    };
    PEOPLE.into_iter().map(user).collect()
}
