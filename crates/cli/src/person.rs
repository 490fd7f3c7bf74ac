//! Sample people as the authorizer knows them.

use auth::refusal::Refusal;
use auth::subject::Subject;
use devstack::openfga::Tuple;
use devstack::sample::Person;

/// The person at the Auth0 double with this issuer.
///
/// # Errors
/// Never for a sample person: their subjects are short.
pub fn subject(person: &Person, issuer: &str) -> Result<Subject, Refusal> {
    Subject::new(issuer, &person.sub())
}

/// The tuples that grant a person what the sample says, under their encoded subject.
///
/// # Errors
/// As [`subject`].
pub fn tuples(person: &Person, issuer: &str) -> Result<Vec<Tuple>, Refusal> {
    let user = format!("user:{}", subject(person, issuer)?.encoded());
    Ok(person.grants.iter().map(|(relation, object)| Tuple::new(&user, relation, object)).collect())
}
