//! Sample people as the authorizer knows them.

use auth::refusal::Refusal;
use auth::subject::Subject;
use devstack::okta::Status;
use devstack::openfga::Tuple;
use devstack::sample::Person;
use devstack::stack::STORE;

use crate::laptop::Laptop;

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

/// The tuples that the authorizer holds for this person now.
#[must_use]
pub fn held(laptop: &Laptop, subject: &Subject) -> Vec<Tuple> {
    let user = format!("user:{}", subject.encoded());
    laptop.stack.openfga.tuples(STORE.0).into_iter().filter(|tuple| tuple.user == user).collect()
}

/// The tuple that lets this person list their own groups.
#[must_use]
pub fn own_groups(subject: &Subject) -> Tuple {
    Tuple::new(&format!("user:{}", subject.encoded()), "read_okta", "okta:groups")
}

/// Locks the person's account at Okta, as too many wrong passwords would.
pub fn lock(laptop: &Laptop, person: &Person) {
    laptop.stack.okta.set_status(&person.okta_id(), Status::LockedOut);
}
