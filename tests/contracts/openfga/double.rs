//! The suite against the double, and what only it can be made to do.

use auth::secret::Secret;
use devstack::openfga::Tuple;
use devstack::stack::{Client, FGA_AUDIENCE, STORE, Stack};
use upstream_http::openfga::{CheckError, Credentials, OpenFga};

use super::{World, client, may_read};
use crate::start::{stack, url};

/// The double, a client, and the world that the suite sees.
pub(crate) struct Double {
    pub(crate) client: OpenFga,
    world: World,
    pub(crate) stack: Stack,
}

impl std::ops::Deref for Double {
    type Target = World;

    fn deref(&self) -> &World {
        &self.world
    }
}

pub(crate) async fn start() -> Double {
    let stack = stack().await;
    let base = stack.openfga.double.url();
    let credentials = |client: &Client| Credentials {
        token_url: url(&format!("{base}/oauth/token")),
        client_id: client.id.clone(),
        client_secret: Secret::new(client.secret.clone()),
        audience: FGA_AUDIENCE.to_owned(),
    };
    let (credentials, administrator) = (credentials(&stack.checker), credentials(&stack.administrator));
    let (store, model) = (STORE.0.to_owned(), STORE.1.to_owned());
    let (credentials, administrator, no_store) = (Some(credentials), Some(administrator), "the store does not exist");
    let world = World { api: url(&base), store, model, credentials, administrator, no_store };
    let client = client(&world.api, STORE.0, STORE.1, world.credentials.clone());
    Double { client, world, stack }
}

suite! {
    start:
    without_a_tuple_the_answer_is_no
    a_direct_tuple_counts_until_it_is_removed
    a_stopped_person_may_nothing_by_whatever_right_until_it_is_lifted
    a_stopped_agent_may_nothing_for_anybody_and_other_agents_go_on
    who_may_only_check_stops_nobody
    stopping_in_a_store_or_model_that_is_not_there_is_a_misconfiguration
    a_member_of_a_group_may_what_the_group_may
    an_encoded_subject_is_one_user
    a_relation_or_type_that_the_model_lacks_is_a_misconfiguration
    a_model_that_is_not_there_is_a_misconfiguration
    a_store_that_is_not_there_is_a_misconfiguration
}

#[tokio::test]
async fn without_credentials_nothing_is_answered() {
    let double = start().await;
    let bare = client(&double.api, STORE.0, STORE.1, None);
    assert!(matches!(may_read(&bare, "alice").await, Err(CheckError::Misconfigured(_))));
    assert!(double.stack.openfga.questions().is_empty());
}

#[tokio::test]
async fn wrong_credentials_or_audience_get_no_token_and_nothing_is_asked() {
    let double = start().await;
    let good = double.credentials.clone().unwrap();
    let refused = || Err(CheckError::Misconfigured("the client credentials were refused"));
    for bent in [
        Credentials { client_secret: Secret::new("wrong".to_owned()), ..good.clone() },
        Credentials { client_id: "nobody".to_owned(), ..good.clone() },
        Credentials { audience: FGA_AUDIENCE.trim_end_matches('/').to_owned(), ..good },
    ] {
        let client = client(&double.api, STORE.0, STORE.1, Some(bent));
        assert_eq!(may_read(&client, "alice").await, refused());
    }
    assert_eq!(double.stack.openfga.double.requests_to("POST /stores/"), 0);
}

#[tokio::test]
async fn a_revoked_token_is_replaced_unseen() {
    let double = start().await;
    assert_eq!(may_read(&double.client, "dora@example.com").await, Ok(false));
    double.stack.openfga.revoke_tokens();
    assert_eq!(may_read(&double.client, "dora@example.com").await, Ok(false));
    assert_eq!(double.stack.openfga.double.requests_to("POST /oauth/token"), 2);
    assert_eq!(double.stack.openfga.double.requests_to("POST /stores/"), 3);
}

#[tokio::test]
async fn a_server_with_a_cache_still_sees_a_removed_tuple_at_once() {
    let double = start().await;
    let tuple = Tuple::new("user:dora@example.com", "read_okta", "okta:groups");
    assert!(double.stack.openfga.allow(STORE.0, &tuple));
    assert!(double.stack.openfga.set_stale(STORE.0, true));
    assert_eq!(may_read(&double.client, "dora@example.com").await, Ok(true));
    assert!(double.stack.openfga.revoke(STORE.0, &tuple));
    assert_eq!(may_read(&double.client, "dora@example.com").await, Ok(false));
    assert_eq!(double.stack.openfga.last_consistency().as_deref(), Some("HIGHER_CONSISTENCY"));
    assert_eq!(double.stack.openfga.last_model().as_deref(), Some(STORE.1));
}
