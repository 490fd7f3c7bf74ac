//! Answers of a token endpoint, to a refresh and to the vault: a token comes only out of a 200 that says `Bearer`, with all the
//! scopes that were needed.
#![no_main]

use std::cell::LazyCell;
use std::time::Duration;

use auth::mandate::Mandate;
use auth::scope::Scopes;
use auth::secret::Secret;
use libfuzzer_sys::fuzz_target;
use mandate_fuzz::NOW;
use mandate_fuzz::answering::{Asking, Given, answer};
use mandate_fuzz::mandate::mandate;
use tokio::time::Instant;
use upstream_http::auth0::refresh::{Ask, refresh};
use upstream_http::auth0::vault::Vault;
use upstream_http::auth0::{Client, Provider};

struct Scene {
    asking: Asking,
    client: Client,
    vault: Vault,
    mandate: Mandate<()>,
    needed: Scopes,
}

thread_local! {
    static SCENE: LazyCell<Scene> = LazyCell::new(|| {
        let asking = Asking::new();
        let client = Client {
            base: asking.base.clone(),
            id: "client-1".to_owned(),
            secret: Secret::new("s3cret".to_owned()).into(),
            provider: Provider::default(),
        };
        let needed = Scopes::parse("okta.users.read");
        let vault = Vault::new(asking.transport.clone(), client.clone(), "okta-oidc".to_owned(), needed.clone());
        Scene { asking, client, vault, mandate: mandate(), needed }
    });
}

fuzz_target!(|input: &[u8]| {
    let given = Given::of(input);
    answer(&given);
    SCENE.with(|scene| scene.asking.runtime.block_on(ask(scene, &given)));
});

async fn ask(scene: &Scene, given: &Given) {
    let until = Instant::now() + Duration::from_secs(5);
    let Scene { asking, client, vault, mandate, needed } = scene;
    let said = given.json();
    let good = |token: &Secret| {
        assert_eq!(given.status, 200);
        assert_eq!(said["access_token"], token.expose());
        assert!(said["token_type"].as_str().is_some_and(|kind| kind.eq_ignore_ascii_case("bearer")));
        assert!(!token.is_empty() && token.expose().bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
    };
    // What is granted is all of the scope, unless the answer says something else.
    let granted = said["scope"].as_str().map_or_else(|| needed.clone(), Scopes::parse);
    let ask = Ask { audience: None, scopes: Some(needed) };
    let used = Secret::new("v1.refresh".to_owned());
    if let Ok(refreshed) = refresh(&asking.transport, client, &used, ask, NOW, until).await {
        good(&refreshed.access_token);
        assert!(granted.cover(needed) && refreshed.scopes.cover(needed));
        assert!(refreshed.expires_at <= NOW.plus(30 * 86_400));
    }
    if let Ok(token) = vault.exchange(mandate, NOW, until).await {
        good(&token.access_token);
        assert!(granted.cover(needed) && token.scopes.cover(needed));
        assert_eq!(token.connection, "okta-oidc");
    }
}
