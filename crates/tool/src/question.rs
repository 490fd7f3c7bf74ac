//! What a tool asks the authorizer, as the settings say it: a relation, and an object with places to fill in.

mod object;

pub use object::{About, Kind, ObjectTemplate};

use auth::decision::Check;
use auth::id::{Login, Organization};
use auth::refusal::{Code, Refusal};
use auth::session::Session;
use auth::subject::SubjectRule;
use function::settings::Reader;

/// The longest name of a group that a question can be about, in bytes: three times as many still fit into an object.
pub const LONGEST_GROUP_NAME: usize = 80;

/// A relation, and the object that it is asked of.
#[derive(Clone, Debug)]
pub struct Question {
    /// As in `read_okta`.
    pub relation: String,
    /// As in `okta:groups`.
    pub object: ObjectTemplate,
}

/// A setting's name, and what stands where it is absent.
pub type Named<'a> = (&'static str, &'a str);

impl Question {
    /// The check of whether the person of this session may.
    ///
    /// # Errors
    /// As [`SubjectRule::user_of`] and [`ObjectTemplate::fill`]; `internal` for what OpenFGA could not take.
    pub fn of(&self, subjects: &SubjectRule, session: &Session, about: About<'_>) -> Result<Check, Refusal> {
        let user = subjects.user_of(session)?;
        let object = self.object.fill(session.organization(), about)?;
        Check::new(&user, &self.relation, &object).map_err(|problem| Refusal::new(Code::Internal, problem))
    }

    /// Reads the two settings. The object must name what the question is about, or one yes would be good for all of them.
    pub fn read(reader: &mut Reader<'_>, relation: Named<'_>, object: Named<'_>, kind: Kind) -> Option<Self> {
        let ((relation_name, relation), (object_name, object)) = (relation, object);
        let relation = reader.text_or(relation_name, relation);
        let object = reader.text_or(object_name, object).and_then(|text| match object_of(&text, kind) {
            Ok(object) => Some(object),
            Err(takes) => {
                reader.refuse(object_name, "is not an object name", &takes);
                None
            }
        });
        let relation = relation?;
        if let Err(takes) = Check::new("user", &relation, "type:id") {
            reader.refuse(relation_name, "is not a relation", takes);
            return None;
        }
        Some(Self { relation, object: object? })
    }
}

/// Reads how the authorizer names people.
pub fn subjects(reader: &mut Reader<'_>) -> Option<SubjectRule> {
    let by_email = reader.choice_or("FGA_USER_CLAIM", &[("sub", false), ("email", true)], false)?;
    let connections = reader.list("FGA_EMAIL_CONNECTIONS")?;
    if by_email && connections.is_empty() {
        let takes = "the connections whose verified e-mail addresses are trusted, since FGA_USER_CLAIM is `email`";
        reader.refuse("FGA_EMAIL_CONNECTIONS", "is missing", takes);
        return None;
    }
    Some(if by_email {
        SubjectRule::VerifiedEmail { connections: connections.into_iter().collect() }
    } else {
        SubjectRule::IssuerAndSubject
    })
}

fn object_of(text: &str, kind: Kind) -> Result<ObjectTemplate, String> {
    let object = ObjectTemplate::parse(text)?;
    if !object.is_about(kind) {
        return Err(match kind {
            Kind::Oneself => "must not contain {login} or {group}: it stands for nothing but what is one's own",
            Kind::Login => "must contain {login}, and not {group}: it stands for one other person",
            Kind::Group => "must contain {group}, and not {login}: it stands for one group",
        }
        .to_owned());
    }
    let login = Login::parse("alice@example.com").map_err(|_| "must take a login".to_owned())?;
    let longest = " ".repeat(LONGEST_GROUP_NAME);
    let about = match kind {
        Kind::Oneself => About::Oneself,
        Kind::Login => About::Login(&login),
        Kind::Group => About::Group(&longest),
    };
    let sample = object
        .fill(Some(&Organization("org_sample".to_owned())), about)
        .map_err(|_| "must take an organization, a login or a group".to_owned())?;
    Check::new("user", "relation", &sample)?;
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::{Kind, object_of};

    #[test]
    fn an_object_names_what_it_is_about_and_nothing_else() {
        assert!(object_of("okta_user:{login}", Kind::Login).is_ok());
        assert!(object_of("okta_user:{org_id}/{login}", Kind::Login).is_ok());
        assert!(object_of("okta:groups-{org_id}", Kind::Oneself).is_ok());
        assert!(object_of("okta_group:{group}", Kind::Group).is_ok());
        assert!(object_of("okta:groups", Kind::Login).unwrap_err().contains("{login}"));
        assert!(object_of("okta_user:{login}", Kind::Oneself).unwrap_err().contains("{login}"));
        assert!(object_of("okta_user:{login}", Kind::Group).unwrap_err().contains("{group}"));
    }

    #[test]
    fn an_object_that_openfga_could_not_take_is_a_problem() {
        let long = format!("okta:{}", "x".repeat(255));
        for object in ["okta:my groups", "okta:groups#member", "okta:a:b", long.as_str()] {
            assert!(object_of(object, Kind::Oneself).unwrap_err().contains("`object`"), "{object}");
        }
        assert!(object_of("a_type_of_some_length:{group}", Kind::Group).unwrap_err().contains("`object`"));
    }
}
