//! Auth0: connecting an Okta account through the My Account API.

use auth::scope::Scopes;
use auth::secret::Secret;
use cli::browser::{Browser, parameter};
use devstack::sample::{CONNECTION, Person};
use devstack::stack::Stack;
use upstream_http::auth0::connected_accounts::{AccountsError, Callback, Connect, ConnectedAccounts, PendingConnect};

use crate::browsing::{my_account_token, open};
use crate::start::{now, settings, stack, transport, until, url};

const ALL: &str = "create:me:connected_accounts read:me:connected_accounts delete:me:connected_accounts";

struct World {
    client: ConnectedAccounts,
    stack: Stack,
}

async fn start() -> World {
    let stack = stack().await;
    World { client: ConnectedAccounts::new(transport(), settings(&stack)), stack }
}

async fn token(world: &World, name: &str, scopes: &str) -> Secret {
    my_account_token(&world.stack, &Person::named(name).unwrap(), scopes).await
}

/// An attempt up to its callback.
async fn come_back(client: &ConnectedAccounts, world: &World, token: &Secret, seed: u8) -> (PendingConnect, Callback) {
    let redirect_uri = url(&world.stack.redirect_uri);
    let scopes = Scopes::default();
    let ask = Connect { connection: CONNECTION, redirect_uri: &redirect_uri, scopes: &scopes };
    let (address, pending) = client.begin(token, ask, [[seed; 32], [seed + 1; 32]], now(), until()).await.ok().unwrap();
    let home = open(&Browser::new(transport(), redirect_uri), address).await.url;
    let callback = Callback {
        connect_code: parameter(&home, "connect_code").map(Secret::new),
        state: parameter(&home, "state"),
        error: parameter(&home, "error"),
    };
    (pending, callback)
}

async fn an_account_is_connected_listed_and_removed(client: &ConnectedAccounts, world: &World) {
    let token = token(world, "alice", ALL).await;
    assert_eq!(client.list(&token, None, now(), until()).await, Ok(Vec::new()));
    let offered = client.connections(&token, now(), until()).await.unwrap();
    assert_eq!(offered.iter().map(|connection| connection.name.as_str()).collect::<Vec<_>>(), [CONNECTION]);
    let (pending, callback) = come_back(client, world, &token, 1).await;
    let account = client.complete(&token, pending, callback, now(), until()).await.unwrap();
    assert_eq!(account.connection, CONNECTION);
    assert!(account.scopes.cover(&Scopes::parse("okta.users.read")));
    let listed = client.list(&token, Some(CONNECTION), now(), until()).await.unwrap();
    assert_eq!(listed.iter().map(|listed| listed.id.as_str()).collect::<Vec<_>>(), [account.id.as_str()]);
    assert_eq!(client.delete(&token, &account.id, now(), until()).await, Ok(()));
    assert_eq!(client.delete(&token, &account.id, now(), until()).await, Ok(()), "once more is harmless");
    assert_eq!(client.list(&token, None, now(), until()).await, Ok(Vec::new()));
}

async fn one_persons_accounts_are_not_anothers(client: &ConnectedAccounts, world: &World) {
    let (alice, bob) = (token(world, "alice", ALL).await, token(world, "bob", ALL).await);
    let (pending, callback) = come_back(client, world, &alice, 1).await;
    let account = client.complete(&alice, pending, callback, now(), until()).await.unwrap();
    assert_eq!(client.list(&bob, None, now(), until()).await, Ok(Vec::new()));
    assert_eq!(client.delete(&bob, &account.id, now(), until()).await, Ok(()));
    assert_eq!(client.list(&alice, None, now(), until()).await.unwrap().len(), 1, "bob removed nothing");
}

async fn an_attempt_is_completed_once(client: &ConnectedAccounts, world: &World) {
    let token = token(world, "alice", ALL).await;
    let (pending, callback) = come_back(client, world, &token, 1).await;
    let again = PendingConnect::from_plain(pending.to_plain().expose().as_bytes()).unwrap();
    let same = Callback { connect_code: callback.connect_code.clone(), state: callback.state.clone(), error: None };
    assert!(client.complete(&token, pending, callback, now(), until()).await.is_ok());
    assert!(client.complete(&token, again, same, now(), until()).await.is_err());
    assert_eq!(client.list(&token, None, now(), until()).await.unwrap().len(), 1);
}

async fn the_callback_of_another_attempt_costs_no_request(client: &ConnectedAccounts, world: &World) {
    let token = token(world, "alice", ALL).await;
    let (_, callback) = come_back(client, world, &token, 1).await;
    let (other, _) = come_back(client, world, &token, 11).await;
    let refused = client.complete(&token, other, callback, now(), until()).await;
    assert_eq!(refused.err(), Some(AccountsError::State));
    assert_eq!(world.stack.auth0.requests_to("POST /me/v1/connected-accounts/complete"), 0);
}

async fn a_token_without_the_scope_or_of_another_api_opens_nothing(client: &ConnectedAccounts, world: &World) {
    let reading = token(world, "alice", "read:me:connected_accounts").await;
    let redirect_uri = url(&world.stack.redirect_uri);
    let scopes = Scopes::default();
    let ask = || Connect { connection: CONNECTION, redirect_uri: &redirect_uri, scopes: &scopes };
    let refused = client.begin(&reading, ask(), [[1; 32], [2; 32]], now(), until()).await.err();
    assert_eq!(refused, Some(AccountsError::MissingRight));
    let nobody = Secret::new("not-a-token".to_owned());
    assert_eq!(client.list(&nobody, None, now(), until()).await.err(), Some(AccountsError::TokenRefused));
}

mod double {
    use super::start;

    suite! {
        start:
        an_account_is_connected_listed_and_removed
        one_persons_accounts_are_not_anothers
        an_attempt_is_completed_once
        the_callback_of_another_attempt_costs_no_request
        a_token_without_the_scope_or_of_another_api_opens_nothing
    }
}
