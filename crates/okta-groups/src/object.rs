//! Names of authorizer objects with places to fill in.

use auth::id::{Login, Organization};
use auth::refusal::{Code, Refusal};

/// An object name such as `okta:groups`, `okta:groups-{org_id}` or `okta_user:{login}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectTemplate(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Organization,
    Login,
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
        let parts = parts.ok_or_else(|| "must be `type:id`, in which {org_id} and {login} are filled in".to_owned())?;
        if are_apart(&parts) { Ok(Self(parts)) } else { Err("must have a `/` between two places".to_owned()) }
    }

    /// Whether it has the place `{login}`, and so names another person.
    #[must_use]
    pub fn names_login(&self) -> bool {
        self.0.contains(&Part::Login)
    }

    /// Fills the places in, each once: what is put in is never read as a place itself.
    ///
    /// # Errors
    /// `access_denied` if a place has nothing to fill it: somebody outside any organization has no object of one. So
    /// has an organization whose id is not 1 to 64 ASCII letters, digits, `_` or `-`.
    pub fn fill(&self, organization: Option<&Organization>, login: Option<&Login>) -> Result<String, Refusal> {
        let organization = organization.map(|id| id.0.as_str()).filter(|id| is_plain(id));
        let login = login.map(Login::as_str);
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => Ok(text.as_str()),
                Part::Organization => organization.ok_or_else(|| nothing_for("{org_id}")),
                Part::Login => login.ok_or_else(|| nothing_for("{login}")),
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
        Part::Organization | Part::Login => true,
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

    use super::ObjectTemplate;

    #[test]
    fn places_are_filled_in() {
        let organization = Organization("org_acme".to_owned());
        let login = Login::parse("bob@example.com").unwrap();
        let object = ObjectTemplate::parse("okta_user:{org_id}/{login}").unwrap();
        assert_eq!(object.fill(Some(&organization), Some(&login)).unwrap(), "okta_user:org_acme/bob@example.com");
    }

    #[test]
    fn a_place_without_a_value_is_a_refusal_and_never_an_empty_text() {
        let object = ObjectTemplate::parse("okta:groups-{org_id}").unwrap();
        assert_eq!(object.fill(None, None).unwrap_err().code().name(), "access_denied");
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
        let filled = |id: &str| object.fill(Some(&Organization(id.to_owned())), Some(&login));
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
}
