//! What the function is set up with.

use auth::decision::Check;
use auth::id::{Login, Organization};
use auth::secret::Secret;
use auth::subject::SubjectRule;
use auth::ticket::TicketKeys;
use function::read_settings;
use function::settings::Reader;
use url::Url;

use crate::list_groups::{Question, Source};
use crate::object::ObjectTemplate;

/// The function's settings, checked.
pub struct Settings {
    /// The action group that calls must name.
    pub action_group: String,
    /// The table of session rows.
    pub session_table: String,
    /// Name, `name:alias` or ARN of the authorizer's function.
    pub authorizer: String,
    /// Who signs tickets.
    pub ticket_keys: TicketKeys,
    /// The key that seals the tokens in a row.
    pub seal_key: Secret,
    /// Auth0, for the vault.
    pub auth0: Auth0,
    /// The Okta organization's origin.
    pub okta: Url,
    /// Where group names come from.
    pub source: Source,
    /// How the authorizer names people.
    pub subjects: SubjectRule,
    /// What is asked about one's own groups.
    pub own: Question,
    /// What is asked about another person's groups.
    pub others: Question,
    /// The region, and addresses in place of AWS's own.
    pub endpoints: Endpoints,
    /// PEM certificates to trust besides the bundled web roots.
    pub extra_authority: Option<String>,
}

/// The tenant and our client there.
pub struct Auth0 {
    /// The issuer, as in `https://tenant.us.auth0.com/`.
    pub issuer: Url,
    /// The client's id.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Secret,
    /// The connection whose tokens the vault holds.
    pub connection: String,
}

/// Where AWS is.
pub struct Endpoints {
    /// The region, which Lambda sets.
    pub region: String,
    /// DynamoDB.
    pub dynamodb: Option<Url>,
    /// Lambda.
    pub lambda: Option<Url>,
}

impl Settings {
    /// Reads them all.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_settings!(reader => Settings {
            action_group: text_or("ACTION_GROUP", "okta-groups"),
            session_table: text_or("SESSION_TABLE_NAME", "bedrock-sessions"),
            authorizer: text_or("FGA_AUTHORIZER_FUNCTION_NAME", "fga-authorizer"),
            ticket_keys: with(ticket_keys),
            seal_key: secret_file("SEAL_KEY_FILE"),
            auth0: with(auth0),
            okta: url("OKTA_DOMAIN"),
            source: choice_or("GROUPS_SOURCE", &[("api", Source::Api), ("claim", Source::Claim)], Source::Api),
            subjects: with(subjects),
            own: with(|reader| question(reader, ("DEFAULT_RELATION", "read_okta"), ("DEFAULT_OBJECT", "okta:groups"), false)),
            others: with(|reader| {
                question(reader, ("OTHERS_RELATION", "read_groups"), ("OTHERS_OBJECT", "okta_user:{login}"), true)
            }),
            endpoints: with(endpoints),
            extra_authority: optional_file("EXTRA_CA_FILE"),
        })
    }
}

fn ticket_keys(reader: &mut Reader<'_>) -> Option<TicketKeys> {
    let json = reader.text("TICKET_KEYS")?;
    match TicketKeys::parse(&json) {
        Ok(keys) => Some(keys),
        Err(problem) => {
            reader.refuse("TICKET_KEYS", &problem.to_string(), "the public keys that `mandate ticket` prints");
            None
        }
    }
}

fn auth0(reader: &mut Reader<'_>) -> Option<Auth0> {
    read_settings!(reader => Auth0 {
        issuer: url("AUTH0_ISSUER"),
        client_id: text("AUTH0_CLIENT_ID"),
        client_secret: secret("AUTH0_CLIENT_SECRET"),
        connection: text("AUTH0_CONNECTION"),
    })
}

fn endpoints(reader: &mut Reader<'_>) -> Option<Endpoints> {
    read_settings!(reader => Endpoints {
        region: text("AWS_REGION"),
        dynamodb: optional_url("AWS_ENDPOINT_URL_DYNAMODB"),
        lambda: optional_url("AWS_ENDPOINT_URL_LAMBDA"),
    })
}

fn subjects(reader: &mut Reader<'_>) -> Option<SubjectRule> {
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

/// One's own groups have no login to fill in; another person's must, or one yes would be good for everybody.
fn question(
    reader: &mut Reader<'_>,
    (relation_name, relation): (&'static str, &str),
    (object_name, object): (&'static str, &str),
    of_others: bool,
) -> Option<Question> {
    let relation = reader.text_or(relation_name, relation);
    let object = reader.text_or(object_name, object).and_then(|text| match object_of(&text, of_others) {
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
    Some(Question { relation, object: object? })
}

fn object_of(text: &str, of_others: bool) -> Result<ObjectTemplate, String> {
    let object = ObjectTemplate::parse(text)?;
    match (of_others, object.names_login()) {
        (true, false) => return Err("must contain {login}: it stands for one other person".to_owned()),
        (false, true) => return Err("must not contain {login}: it stands for one's own groups".to_owned()),
        _ => {}
    }
    let login = Login::parse("alice@example.com").map_err(|_| "must take a login".to_owned())?;
    let sample = object
        .fill(Some(&Organization("org_sample".to_owned())), Some(&login))
        .map_err(|_| "must take an organization and a login".to_owned())?;
    Check::new("user", "relation", &sample)?;
    Ok(object)
}

#[cfg(test)]
mod tests {
    use super::object_of;

    #[test]
    fn an_object_of_others_names_the_login_and_ones_own_does_not() {
        assert!(object_of("okta_user:{login}", true).is_ok());
        assert!(object_of("okta_user:{org_id}/{login}", true).is_ok());
        assert!(object_of("okta:groups-{org_id}", false).is_ok());
        assert!(object_of("okta:groups", true).unwrap_err().contains("{login}"));
        assert!(object_of("okta_user:{login}", false).unwrap_err().contains("{login}"));
    }

    #[test]
    fn an_object_that_openfga_could_not_take_is_a_problem() {
        let long = format!("okta:{}", "x".repeat(255));
        for object in ["okta:my groups", "okta:groups#member", "okta:a:b", long.as_str()] {
            assert!(object_of(object, false).unwrap_err().contains("`object`"), "{object}");
        }
    }
}
