//! Names of authorizer objects with places to fill in.

use auth::id::{Login, Organization};
use auth::refusal::{Code, Refusal};

/// An object name such as `okta:groups`, `okta:groups-{org_id}` or `okta_user:{login}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectTemplate(String);

impl ObjectTemplate {
    /// Checks that it is `type:id` and that every place is a known one.
    ///
    /// # Errors
    /// What the text should look like.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.replace("{org_id}", "").replace("{login}", "");
        let shaped =
            text.split_once(':').is_some_and(|(kind, id)| !kind.is_empty() && !id.is_empty() && !kind.contains('{'));
        if shaped && !rest.contains(['{', '}']) {
            Ok(Self(text.to_owned()))
        } else {
            Err("must be `type:id`, in which {org_id} and {login} are filled in".to_owned())
        }
    }

    /// Fills the places in.
    ///
    /// # Errors
    /// `access_denied` if a place has nothing to fill it: somebody outside any organization has no object of one.
    pub fn fill(&self, organization: Option<&Organization>, login: Option<&Login>) -> Result<String, Refusal> {
        let mut object = self.0.clone();
        for (place, value) in
            [("{org_id}", organization.map(|id| id.0.as_str())), ("{login}", login.map(Login::as_str))]
        {
            if object.contains(place) {
                let value = value.ok_or_else(|| {
                    Refusal::new(Code::AccessDenied, format!("object: nothing to put in place of {place}"))
                })?;
                object = object.replace(place, value);
            }
        }
        Ok(object)
    }
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
        for text in ["groups", ":groups", "okta:", "okta:{user}", "{org_id}:x", "okta:groups}"] {
            assert!(ObjectTemplate::parse(text).is_err(), "{text}");
        }
    }
}
