//! Okta: whose groups whom's token opens, page by page.

use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::FederatedToken;
use devstack::okta::{Bucket, Status};
use devstack::sample::Person;
use devstack::stack::Stack;
use upstream_http::okta::{Groups, Okta, OktaError};

use crate::mandates::about;
use crate::start::{clock, now, stack, transport, until, url};

const ADMIN: &str = "okta.users.read";
const OWN: &str = "okta.users.read.self";
const BOB: Option<&str> = Some("bob@example.com");

struct World {
    client: Okta,
    stack: Stack,
}

async fn start() -> World {
    let stack = stack().await;
    let client = Okta::new(transport(), url(&stack.okta.double.url()), clock());
    World { client, stack }
}

impl World {
    fn token(&self, person: &str, scope: &str) -> FederatedToken {
        let person = Person::named(person).unwrap();
        let token = self.stack.okta.token(&person.email(), scope, None).unwrap();
        FederatedToken {
            connection: "okta-oidc".to_owned(),
            access_token: Secret::new(token),
            expires_at: now().plus(600),
            scopes: Scopes::parse(scope),
        }
    }

    fn give_groups(&self, person: &str, count: usize) {
        let names: Vec<String> = (0..count).map(|number| format!("group {number:04}")).collect();
        assert!(self.stack.okta.set_group_names(&Person::named(person).unwrap().email(), &names));
    }

    fn requests(&self) -> u64 {
        self.stack.okta.double.requests_to("GET /api/v1/users/")
    }
}

/// `person` asks with a token of these scopes.
async fn groups(
    client: &Okta,
    world: &World,
    person: &str,
    scope: &str,
    of: Option<&str>,
) -> Result<Groups, OktaError> {
    let mandate = about(&Person::named(person).unwrap(), of);
    client.groups(&mandate, &world.token(person, scope), until()).await
}

async fn count(client: &Okta, world: &World, person: &str, of: Option<&str>) -> (usize, bool) {
    let groups = groups(client, world, person, ADMIN, of).await.unwrap_or_else(|error| panic!("{error}"));
    (groups.names.len(), groups.truncated)
}

async fn rights_are_those_of_the_person_and_of_the_token(client: &Okta, world: &World) {
    let scope = "the scope okta.users.read, granted to the Okta application";
    let role = "an Okta administrator role that may read users and their groups";
    for (person, scopes, of, missing) in [
        ("alice", OWN, None, None),
        ("alice", OWN, BOB, Some(scope)),
        ("alice", ADMIN, None, Some(role)),
        ("alice", ADMIN, BOB, Some(role)),
        ("alice", "okta.users.read okta.users.read.self", None, None),
        ("alice", "okta.users.read okta.users.read.self", BOB, Some(role)),
        ("alice", "openid profile", None, Some(scope)),
        ("carol", ADMIN, None, None),
        ("carol", ADMIN, BOB, None),
        ("carol", OWN, BOB, Some(scope)),
        ("carol", "okta.groups.read", BOB, Some(scope)),
    ] {
        let outcome = groups(client, world, person, scopes, of).await.err();
        assert_eq!(outcome, missing.map(OktaError::MissingRight), "{person} with `{scopes}` of {of:?}");
    }
}

async fn names_come_as_they_are(client: &Okta, world: &World) {
    let own = groups(client, world, "bob", OWN, None).await.unwrap();
    assert_eq!(
        own,
        Groups { names: ["Everyone", "Sales, EMEA", "Travel"].map(str::to_owned).into(), truncated: false }
    );
    assert_eq!(groups(client, world, "carol", ADMIN, BOB).await.unwrap(), own);
    assert!(world.stack.okta.set_group_names("bob@example.com", &["<img src=x>\n\u{202e}", "é"]));
    assert_eq!(groups(client, world, "bob", OWN, None).await.unwrap().names, ["<img src=x>\n\u{202e}", "é"]);
}

async fn four_hundred_and_fifty_groups_are_three_pages(client: &Okta, world: &World) {
    world.give_groups("carol", 450);
    assert_eq!(count(client, world, "carol", None).await, (450, false));
    assert_eq!(world.requests(), 3);
}

async fn anothers_groups_have_pages_too(client: &Okta, world: &World) {
    world.give_groups("bob", 450);
    assert_eq!(count(client, world, "carol", BOB).await, (450, false));
    assert_eq!(world.requests(), 3);
}

async fn an_empty_last_page_is_the_end(client: &Okta, world: &World) {
    world.stack.okta.set_empty_last_page(true);
    world.give_groups("carol", 400);
    assert_eq!(count(client, world, "carol", None).await, (400, false));
    assert_eq!(world.requests(), 3);
}

async fn after_two_thousand_groups_the_rest_is_left_and_said_to_be(client: &Okta, world: &World) {
    world.give_groups("carol", 2001);
    assert_eq!(count(client, world, "carol", None).await, (2000, true));
    assert_eq!(world.requests(), 10);
}

async fn nobody_by_that_login_is_told_from_a_missing_right(client: &Okta, world: &World) {
    let nobody = Some("nobody@example.com");
    assert_eq!(groups(client, world, "carol", ADMIN, nobody).await.err(), Some(OktaError::NoSuchUser));
    let outcome = groups(client, world, "alice", ADMIN, nobody).await.err();
    assert!(matches!(outcome, Some(OktaError::MissingRight(_))), "{outcome:?}");
}

async fn a_spent_rate_limit_says_when_it_is_reset(client: &Okta, world: &World) {
    world.stack.okta.set_rate(Bucket::UserGroups, 0, 30);
    let outcome = groups(client, world, "alice", OWN, None).await;
    let Err(OktaError::Busy { seconds }) = outcome else { panic!("{outcome:?}") };
    assert!((29..=31).contains(&seconds), "{seconds}");
    assert_eq!(world.requests(), 1, "it is not asked again");
    world.stack.okta.set_rate(Bucket::UserGroups, 2, 30);
    world.give_groups("carol", 450);
    let outcome = groups(client, world, "carol", ADMIN, None).await;
    assert!(matches!(outcome, Err(OktaError::Busy { .. })), "on the third page: {outcome:?}");
}

async fn a_token_that_has_ended_or_was_revoked_is_refused(client: &Okta, world: &World) {
    let mandate = about(&Person::named("alice").unwrap(), None);
    let token = world.token("alice", OWN);
    assert!(client.groups(&mandate, &token, until()).await.is_ok());
    assert!(world.stack.okta.revoke_all("alice@example.com"));
    assert_eq!(client.groups(&mandate, &token, until()).await, Err(OktaError::TokenRefused));
    let token = world.token("alice", OWN);
    world.stack.okta.expire_access_tokens();
    assert_eq!(client.groups(&mandate, &token, until()).await, Err(OktaError::TokenRefused));
    let token = world.token("alice", OWN);
    assert!(world.stack.okta.set_status("alice@example.com", Status::Suspended));
    assert_eq!(client.groups(&mandate, &token, until()).await, Err(OktaError::TokenRefused));
}

async fn the_groups_claim_needs_its_scope_and_holds_a_hundred(client: &Okta, world: &World) {
    let mandate = about(&Person::named("alice").unwrap(), None);
    let with = world.token("alice", "openid groups");
    let names = client.groups_claim(&mandate, &with, until()).await.unwrap().names;
    assert_eq!(names, ["Everyone", "Engineering", "VPN users"]);
    let without = world.token("alice", "openid");
    let outcome = client.groups_claim(&mandate, &without, until()).await;
    assert_eq!(outcome, Err(OktaError::MissingRight("a groups claim in the Okta application")));
    world.give_groups("alice", 100);
    assert_eq!(client.groups_claim(&mandate, &with, until()).await.unwrap().names.len(), 100);
    world.give_groups("alice", 101);
    let outcome = client.groups_claim(&mandate, &with, until()).await;
    assert!(matches!(outcome, Err(OktaError::Unavailable(_))), "{outcome:?}");
}

mod double {
    use super::start;

    suite! {
        start:
        rights_are_those_of_the_person_and_of_the_token
        names_come_as_they_are
        four_hundred_and_fifty_groups_are_three_pages
        anothers_groups_have_pages_too
        an_empty_last_page_is_the_end
        after_two_thousand_groups_the_rest_is_left_and_said_to_be
        nobody_by_that_login_is_told_from_a_missing_right
        a_spent_rate_limit_says_when_it_is_reset
        a_token_that_has_ended_or_was_revoked_is_refused
        the_groups_claim_needs_its_scope_and_holds_a_hundred
    }
}
