//! Auth0 Token Vault: the person's refresh token for Okta's access token, and the ways in which there is none.

use auth::mandate::Mandate;
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::FederatedToken;
use devstack::auth0::MfaPolicy;
use devstack::sample::{CONNECTION, Person};
use devstack::stack::Stack;
use upstream_http::auth0::revoke::revoke;
use upstream_http::auth0::vault::{Vault, VaultError};
use upstream_http::okta::Okta;

use crate::browsing::refresh_token;
use crate::mandates::{about, mandate, row};
use crate::start::{answering, clock, now, settings, stack, transport, until, url};

struct World {
    client: Vault,
    stack: Stack,
    alice: Person,
    refresh_token: Secret,
}

/// Alice has signed in and connected her account.
async fn start() -> World {
    let stack = stack().await;
    let alice = Person::named("alice").unwrap();
    stack.auth0.connect(&alice.sub(), CONNECTION).await.unwrap();
    let refresh_token = refresh_token(&stack, &alice);
    let world = World { client: vault(&stack, CONNECTION, "okta.users.read"), stack, alice, refresh_token };
    world.stack.auth0.double.forget();
    world.stack.okta.double.forget();
    world
}

fn vault(stack: &Stack, connection: &str, needed: &str) -> Vault {
    Vault::new(transport(), settings(stack).client, connection.to_owned(), Scopes::parse(needed))
}

impl World {
    fn mandate(&self) -> Mandate<()> {
        let token = self.refresh_token.expose();
        mandate(row(self.stack.auth0.issuer(), &self.alice, token), token, ())
    }

    async fn exchange(&self, vault: &Vault) -> Result<FederatedToken, VaultError> {
        vault.exchange(&self.mandate(), now(), until()).await
    }

    /// Forgets what the vault keeps, so that it asks Okta.
    fn ask_okta(&self) {
        self.stack.auth0.forget_provider_token(&self.alice.sub(), CONNECTION);
    }
}

async fn a_connected_account_gives_a_token_that_okta_takes_as_the_person(client: &Vault, world: &World) {
    let token = world.exchange(client).await.ok().unwrap();
    assert!(token.scopes.cover(client.needed()));
    assert!(token.expires_at > now().plus(60));
    let okta = Okta::new(transport(), url(&world.stack.okta.double.url()), clock());
    let groups = okta.groups(&about(&world.alice, None), &token, until()).await.unwrap();
    assert_eq!(groups.names, ["Everyone", "Engineering", "VPN users"]);
    assert_eq!(world.stack.okta.callers(), ["alice@example.com"]);
    assert_eq!(world.stack.auth0.requests_to("POST /oauth/token"), 1);
}

async fn no_connected_account_is_told(client: &Vault, world: &World) {
    world.stack.auth0.disconnect(&world.alice.sub(), CONNECTION);
    assert_eq!(world.exchange(client).await.err(), Some(VaultError::Connect));
    assert_eq!(world.stack.okta.double.requests(), 0);
}

async fn an_account_that_okta_no_longer_takes_is_told(client: &Vault, world: &World) {
    assert!(world.stack.okta.revoke_all("alice@example.com"));
    world.ask_okta();
    assert_eq!(world.exchange(client).await.err(), Some(VaultError::Reconnect));
}

async fn a_revoked_refresh_token_means_a_new_sign_in(client: &Vault, world: &World) {
    let auth0 = settings(&world.stack).client;
    assert_eq!(revoke(&transport(), &auth0, &world.refresh_token, now(), until()).await, Ok(()));
    assert_eq!(world.exchange(client).await.err(), Some(VaultError::SignIn));
}

async fn a_rate_limit_is_told_with_its_seconds(client: &Vault, world: &World) {
    let exchange = "POST /oauth/token";
    world.stack.auth0.double.fault(answering(exchange, 429, &[("retry-after", "7")]));
    assert_eq!(world.exchange(client).await.err(), Some(VaultError::Busy { seconds: 7 }));
    assert_eq!(world.stack.auth0.requests_to(exchange), 1);
}

async fn a_service_that_is_down_is_told(client: &Vault, world: &World) {
    world.stack.okta.double.fault(answering("POST /oauth2/v1/token", 503, &[]));
    world.ask_okta();
    let down = world.exchange(client).await.err();
    assert!(matches!(down, Some(VaultError::Unavailable(_))), "okta: {down:?}");
    world.stack.okta.double.mend();
    world.stack.auth0.double.fault(answering("POST /oauth/token", 500, &[]));
    let down = world.exchange(client).await.err();
    assert!(matches!(down, Some(VaultError::Unavailable(_))), "auth0: {down:?}");
}

async fn what_is_set_up_wrongly_is_told_from_all_else(client: &Vault, world: &World) {
    let misconfigured = |outcome: Option<VaultError>| matches!(outcome, Some(VaultError::Misconfigured(_)));
    assert!(misconfigured(world.exchange(&vault(&world.stack, "another", "okta.users.read")).await.err()));
    let mut wrong = settings(&world.stack).client;
    wrong.secret = Secret::new("wrong".to_owned()).into();
    let wrong = Vault::new(transport(), wrong, CONNECTION.to_owned(), Scopes::default());
    assert!(misconfigured(world.exchange(&wrong).await.err()));
    world.stack.auth0.set_mfa_policy(MfaPolicy::Always);
    assert!(misconfigured(world.exchange(client).await.err()));
    world.stack.auth0.set_mfa_policy(MfaPolicy::Never);
    assert!(world.exchange(client).await.is_ok());
}

async fn a_scope_that_was_not_granted_is_named(_: &Vault, world: &World) {
    let more = vault(&world.stack, CONNECTION, "okta.users.read okta.apps.read");
    let missing = VaultError::MissingScope(Scopes::parse("okta.apps.read"));
    assert_eq!(world.exchange(&more).await.err(), Some(missing));
}

async fn the_token_of_one_person_is_never_anothers(client: &Vault, world: &World) {
    let bob = Person::named("bob").unwrap();
    let token = refresh_token(&world.stack, &bob);
    let of_bob = mandate(row(world.stack.auth0.issuer(), &bob, token.expose()), token.expose(), ());
    assert!(world.exchange(client).await.is_ok());
    assert_eq!(client.exchange(&of_bob, now(), until()).await.err(), Some(VaultError::Connect));
}

mod double {
    use super::start;

    suite! {
        start:
        a_connected_account_gives_a_token_that_okta_takes_as_the_person
        no_connected_account_is_told
        an_account_that_okta_no_longer_takes_is_told
        a_revoked_refresh_token_means_a_new_sign_in
        a_rate_limit_is_told_with_its_seconds
        a_service_that_is_down_is_told
        what_is_set_up_wrongly_is_told_from_all_else
        a_scope_that_was_not_granted_is_named
        the_token_of_one_person_is_never_anothers
    }
}
