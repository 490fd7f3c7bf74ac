//! The people, groups and rights that the doubles start with.

use crate::auth0;
use crate::okta::{self, GroupKind, Role};

/// The organization at the identity provider that the sample people are members of.
pub const ORGANIZATION: &str = "org_acme";
/// The connection by which they sign in, and whose account is connected.
pub const CONNECTION: &str = "okta-oidc";

/// The API that the tools behind a gateway are, as an `audience`.
pub const TOOLS_API: &str = "https://tools.example/mandate";
/// Its scopes: the article's full user has all, its standard user all but the last, its read-only user the first.
pub const TOOLS_SCOPES: [&str; 3] = ["api/read", "api/write", "api/admin"];

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
    /// Scopes of [`TOOLS_API`] that they may give an application.
    pub scopes: &'static [&'static str],
}

/// The groups of the org, in the order in which Okta lists them, and who keeps their members.
pub const GROUPS: [(&str, GroupKind); 7] = [
    ("Everyone", GroupKind::BuiltIn),
    ("Engineering", GroupKind::OktaGroup),
    ("VPN users", GroupKind::OktaGroup),
    ("Sales, EMEA", GroupKind::OktaGroup),
    ("Travel", GroupKind::OktaGroup),
    ("Help desk", GroupKind::OktaGroup),
    ("IT operations", GroupKind::OktaGroup),
];

const READ_OWN: (&str, &str) = ("read_okta", "okta:groups");
const RESET_OWN: (&str, &str) = ("reset_password", "okta:accounts");
/// In an object, a group's name is percent-encoded.
const MANAGE_VPN: (&str, &str) = ("manage_members", "okta_group:VPN%20users");

const FULL: &[&str] = &TOOLS_SCOPES;
const STANDARD: &[&str] = &["api/read", "api/write"];
const READ_ONLY: &[&str] = &["api/read"];

/// Who there is.
pub const PEOPLE: [Person; 4] = [
    Person {
        name: "alice",
        about: "may list her own groups and reset her password",
        groups: &["Everyone", "Engineering", "VPN users"],
        roles: &[],
        grants: &[READ_OWN, RESET_OWN],
        scopes: READ_ONLY,
    },
    Person {
        name: "bob",
        about: "may not: the authorizer has no tuple for him",
        groups: &["Everyone", "Sales, EMEA", "Travel"],
        roles: &[],
        grants: &[],
        scopes: FULL,
    },
    Person {
        name: "carol",
        about: "help desk: as alice, and may list bob's groups and unlock him; Okta lets her change no group",
        groups: &["Everyone", "Help desk"],
        roles: &[Role::HelpDeskAdmin],
        grants: &[
            READ_OWN,
            ("read_groups", "okta_user:bob@example.com"),
            RESET_OWN,
            ("unlock", "okta_user:bob@example.com"),
            // Okta refuses her for want of a role: the authorizer's yes is not the last word.
            MANAGE_VPN,
        ],
        scopes: STANDARD,
    },
    Person {
        name: "dave",
        about: "group administrator: as alice, and may change who is in \"VPN users\"",
        groups: &["Everyone", "IT operations"],
        roles: &[Role::GroupAdmin],
        grants: &[READ_OWN, RESET_OWN, MANAGE_VPN],
        scopes: FULL,
    },
];

/// The id of a sample group at Okta, 20 characters as Okta's own are; nothing for another name.
#[must_use]
pub fn group_id(name: &str) -> Option<String> {
    let place = GROUPS.iter().position(|(known, _)| *known == name)?;
    Some(format!("00g1sample{:010}", place + 1))
}

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
        permissions: person.scopes.iter().map(|&scope| permission(scope)).collect(),
    };
    PEOPLE.into_iter().map(user).collect()
}

fn permission(scope: &str) -> auth0::Permission {
    auth0::Permission { api: TOOLS_API.to_owned(), scope: scope.to_owned() }
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

pub(crate) fn okta_groups() -> Vec<okta::Group> {
    let group = |(name, kind): (&str, GroupKind)| okta::Group {
        id: group_id(name).unwrap_or_default(),
        name: name.to_owned(),
        description: None,
        kind,
    };
    GROUPS.into_iter().map(group).collect()
}

pub(crate) fn okta_memberships() -> Vec<(String, String)> {
    let of = |person: Person| person.groups.iter().map(move |group| (person, *group));
    let ids = |(person, group): (Person, &str)| Some((person.okta_id(), group_id(group)?));
    PEOPLE.into_iter().flat_map(of).filter_map(ids).collect()
}

#[cfg(test)]
mod tests {
    use super::{PEOPLE, Person, TOOLS_SCOPES, group_id, okta_groups, okta_memberships};

    #[test]
    fn there_are_the_three_users_of_the_article_and_one_with_every_scope_and_no_right() {
        let scopes = ["alice", "carol", "dave"].map(|name| Person::named(name).unwrap().scopes);
        assert_eq!(scopes, [&TOOLS_SCOPES[..1], &TOOLS_SCOPES[..2], &TOOLS_SCOPES[..]]);
        let bob = Person::named("bob").unwrap();
        assert_eq!((bob.scopes, bob.grants), (&TOOLS_SCOPES[..], &[][..]));
    }

    #[test]
    fn every_group_of_a_person_is_a_group_of_the_org_under_one_id_of_oktas_form() {
        let ids: Vec<String> = okta_groups().into_iter().map(|group| group.id).collect();
        assert!(ids.is_sorted() && ids.iter().all(|id| id.len() == 20 && id.starts_with("00g")), "{ids:?}");
        let memberships: usize = PEOPLE.iter().map(|person| person.groups.len()).sum();
        assert_eq!(okta_memberships().len(), memberships);
        assert!(okta_memberships().iter().all(|(_, group)| ids.contains(group)));
        assert_eq!(group_id("VPN"), None);
    }
}
