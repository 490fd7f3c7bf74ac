//! What keycards and sealing by KMS cost a warm call: nothing.

use std::time::Duration;

use acceptance::{Counts, World, body_of, invocation_named};
use function::settings::{Environment, Reader};
use okta_groups::OktaGroups;

use crate::account::Secured;

/// Requests of a second `list_groups` in a world with neither.
async fn without() -> Counts {
    let world = World::start_cold(&[]).await;
    world.laptop.stack.lambda.warm("fga-authorizer").await.unwrap();
    let alice = world.chatting("alice").await;
    let environment = Environment::from_pairs(world.laptop.environment("okta-groups"));
    let mut reader = Reader::new(&environment);
    let settings = okta_groups::settings::Settings::read(&mut reader);
    let settings = reader.finish(settings).unwrap();
    let (identity, clock) = (world.identity("okta-groups"), world.laptop.clock.clone());
    let function = OktaGroups::build(settings, identity, clock).await.unwrap();
    for _ in 0..2 {
        world.forget();
        let invocation = invocation_named("request".to_owned(), Duration::from_secs(10));
        let (answer, _) = function.handle(&world.call(&alice).0.to_string(), &invocation).await;
        assert_eq!(body_of(&answer)["count"], 3);
    }
    world.counts()
}

#[tokio::test]
async fn a_warm_call_with_keycards_and_sealing_makes_no_more_requests_than_one_without() {
    let secured = Secured::sealed().await;
    let function = secured.okta_groups("on").await;
    let (sts, kms) = (&secured.security().sts, &secured.security().kms);
    assert_eq!(secured.ask(&function).await["count"], 3);
    let asked = || (kms.requests_by_operation("Decrypt"), kms.requests_by_operation("GenerateDataKey"));
    assert_eq!(asked(), (1, 1), "the first opens the row, and seals the token that it buys");
    assert_eq!(sts.requests_by_operation("AssumeRole"), 1);

    secured.world.forget();
    kms.forget();
    assert_eq!(secured.ask(&function).await["count"], 3);
    assert_eq!(kms.operations(), Vec::<String>::new());
    assert_eq!(sts.requests_by_operation("AssumeRole"), 1, "the first call's");
    let (with, without) = (secured.world.counts(), without().await);
    let compared = |counts: &Counts| {
        [
            counts.dynamodb,
            counts.records,
            counts.lambda,
            counts.checks,
            counts.fga_tokens,
            counts.auth0_tokens,
            counts.ciba_starts,
            counts.okta,
        ]
    };
    assert_eq!(compared(&with), compared(&without), "{with:?} {without:?}");
    assert_eq!(compared(&with), [1, 1, 1, 1, 0, 0, 0, 1]);
}
