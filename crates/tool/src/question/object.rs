//! Names of authorizer objects with places to fill in.

use auth::id::{Login, Organization};
use auth::refusal::{Code, Refusal};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// All that RFC 3986 section 2.3 does not call unreserved is encoded in a group's name, `:`, `#` and `/` among it.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// An object name such as `okta:groups`, `okta:groups-{org_id}`, `okta_user:{login}` or `okta_group:{group}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Organization,
    Login,
    Group,
}

/// What an object stands for beside the person who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About<'a> {
    /// Nothing.
    Oneself,
    /// Somebody's account.
    Login(&'a Login),
    /// A group of this exact name.
    Group(&'a str),
}

/// What an object stands for beside the person who asks, before it is known whom or what it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Nothing.
    Oneself,
    /// Somebody's account.
    Login,
    /// A group.
    Group,
}

impl ObjectTemplate {
    /// Checks that it is `type:id` and that every place is a known one.
    ///
    /// # Errors
    /// What the text should look like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let shaped =
            text.split_once(':').is_some_and(|(kind, id)| !kind.is_empty() && !id.is_empty() && !kind.contains('{'));
        let parts = shaped.then(|| parts(text)).flatten();
        let parts = parts
            .ok_or_else(|| "must be `type:id`, in which {org_id}, {login} and {group} are filled in".to_owned())?;
        if are_apart(&parts) { Ok(Self(parts)) } else { Err("must have a `/` between two places".to_owned()) }
    }

    /// Whether the places that it has, beside `{org_id}`, are those of this kind, at least one where there is one.
    #[must_use]
    pub fn is_about(&self, kind: Kind) -> bool {
        let (login, group) = (self.0.contains(&Part::Login), self.0.contains(&Part::Group));
        match kind {
            Kind::Oneself => !login && !group,
            Kind::Login => login && !group,
            Kind::Group => group && !login,
        }
    }

    /// Fills the places in, each once: what is put in is never read as a place itself. A group's name is percent-encoded,
    /// so that two names never give one object.
    ///
    /// # Errors
    /// `access_denied` if a place has nothing to fill it: somebody outside any organization has no object of one. So
    /// has an organization whose id is not 1 to 64 ASCII letters, digits, `_` or `-`.
    pub fn fill(&self, organization: Option<&Organization>, about: About<'_>) -> Result<String, Refusal> {
        let organization = organization.map(|id| id.0.as_str()).filter(|id| is_plain(id));
        let (login, group) = match about {
            About::Oneself => (None, None),
            About::Login(login) => (Some(login.as_str()), None),
            About::Group(name) => (None, Some(utf8_percent_encode(name, RESERVED).to_string())),
        };
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(text.as_str()),
                Part::Organization => organization.ok_or_else(|| nothing_for("{org_id}")),
                Part::Login => login.ok_or_else(|| nothing_for("{login}")),
                Part::Group => group.as_deref().ok_or_else(|| nothing_for("{group}")),
            })
            .collect()
    }
}

fn parts(mut text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    while let Some((before, rest)) = text.split_once('{') {
        let (place, after) = rest.split_once('}')?;
        parts.push(Part::Text(before.to_owned()));
        parts.push(match place {
            "org_id" => Part::Organization,
            "login" => Part::Login,
            "group" => Part::Group,
            _ => return None,
        });
        text = after;
    }
    parts.push(Part::Text(text.to_owned()));
    let stray = parts.iter().any(|part| matches!(part, Part::Text(text) if text.contains('}')));
    (!stray).then_some(parts)
}

/// Whether every text between two places has a character that no value has: two people's objects could be one otherwise.
fn are_apart(parts: &[Part]) -> bool {
    let inner = parts.get(1..parts.len().saturating_sub(1)).unwrap_or_default();
    inner.iter().all(|part| match part {
        Part::Text(between) => between.contains('/'),
        Part::Organization | Part::Login | Part::Group => true,
    })
}

fn is_plain(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
}

fn nothing_for(place: &str) -> Refusal {
    Refusal::new(Code::AccessDenied, format!("object: nothing to put in place of {place}"))
}

#[cfg(test)]
mod tests {
    use auth::id::{Login, Organization};

    use super::{About, Kind, ObjectTemplate};

    #[test]
    fn places_are_filled_in() {
        let organization = Organization("org_acme".to_owned());
        let login = Login::parse("bob@example.com").unwrap();
        let object = ObjectTemplate::parse("okta_user:{org_id}/{login}").unwrap();
        assert_eq!(
            object.fill(Some(&organization), About::Login(&login)).unwrap(),
            "okta_user:org_acme/bob@example.com"
        );
    }

    #[test]
    fn a_place_without_a_value_is_a_refusal_and_never_an_empty_text() {
        let object = ObjectTemplate::parse("okta:groups-{org_id}").unwrap();
        assert_eq!(object.fill(None, About::Oneself).unwrap_err().code().name(), "access_denied");
    }

    #[test]
    fn unknown_places_and_names_without_a_type_are_problems() {
        for text in [
            "groups",
            ":groups",
            "okta:",
            "okta:{user}",
            "{org_id}:x",
            "okta:groups}",
            "okta:{",
            "okta:{lo{org_id}gin}",
            "okta:{{login}}",
        ] {
            assert!(ObjectTemplate::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_is_put_in_is_never_a_place() {
        let login = Login::parse("bob@example.com").unwrap();
        let object = ObjectTemplate::parse("okta_user:{org_id}/{login}/{login}").unwrap();
        let filled = |id: &str| object.fill(Some(&Organization(id.to_owned())), About::Login(&login));
        assert_eq!(filled("o_1-A").unwrap(), "okta_user:o_1-A/bob@example.com/bob@example.com");
        let long = "o".repeat(65);
        for id in ["{login}", "", "a:b", "a#b", "a b", "a/b", "\u{fc}", long.as_str()] {
            assert_eq!(filled(id).unwrap_err().code().name(), "access_denied", "{id}");
        }
    }

    #[test]
    fn two_places_that_could_run_into_each_other_are_a_problem() {
        for text in ["okta_user:{org_id}{login}", "okta_user:{org_id}-{login}", "okta_user:{login}.{org_id}"] {
            assert!(ObjectTemplate::parse(text).is_err(), "{text}");
        }
        assert!(ObjectTemplate::parse("okta_user:{org_id}/{login}").is_ok());
    }

    #[test]
    fn two_names_of_groups_never_give_one_object_and_no_name_is_syntax() {
        let object = ObjectTemplate::parse("okta_group:{group}").unwrap();
        let filled = |name: &str| object.fill(None, About::Group(name)).unwrap();
        assert_eq!(filled("VPN users"), "okta_group:VPN%20users");
        assert_eq!(filled("VPN%20users"), "okta_group:VPN%2520users");
        assert_eq!(filled("a:b#c/{login}"), "okta_group:a%3Ab%23c%2F%7Blogin%7D");
        assert_eq!(filled("vpn users"), "okta_group:vpn%20users", "letter case counts");
    }

    #[test]
    fn an_object_is_about_what_its_places_are_about() {
        let about = |text: &str, kind| ObjectTemplate::parse(text).unwrap().is_about(kind);
        assert!(about("okta:groups", Kind::Oneself) && about("okta:{org_id}", Kind::Oneself));
        assert!(about("okta_user:{login}", Kind::Login) && about("okta_group:{org_id}/{group}", Kind::Group));
        assert!(!about("okta:groups", Kind::Login) && !about("okta_user:{login}", Kind::Oneself));
        assert!(!about("x:{login}/{group}", Kind::Login) && !about("x:{login}/{group}", Kind::Group));
    }
}
