//! The suite against the double, and what only it can be made to do.

use auth::keycard::SecretArn;
use auth::secret::Secret;
use devstack::openfga::Tuple;
use devstack::secrets_manager::Value;
use devstack::stack::{Client, FGA_AUDIENCE, STORE, Stack};
use upstream_aws::{Common, Identity, Secrets};
use upstream_http::client_secret::ClientSecret;
use upstream_http::openfga::{CheckError, Credentials, OpenFga};

use super::{World, client, may_read};
use crate::start::{answering, clock, stack, url};

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
        client_secret: Secret::new(client.secret.clone()).into(),
        audience: FGA_AUDIENCE.to_owned(),
    };
    let (credentials, administrator) = (credentials(&stack.checker), credentials(&stack.administrator));
    let (store, model) = (STORE.0.to_owned(), STORE.1.to_owned());
    let (credentials, administrator) = (Some(credentials), Some(administrator));
    let administrator_secret = stack.administrator.secret.clone();
    let no_store = "the store does not exist";
    let world = World { api: url(&base), store, model, credentials, administrator, administrator_secret, no_store };
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
        Credentials { client_secret: Secret::new("wrong".to_owned()).into(), ..good.clone() },
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

#[tokio::test]
async fn a_stored_secret_that_was_rotated_is_read_once_more_and_a_wrong_one_once_a_minute() {
    let double = start().await;
    let (secrets, openfga) = (&double.stack.security.secrets, &double.stack.openfga);
    let arn = secrets.create("mandate/openfga", &double.stack.checker.secret);
    let common = Common::connect(Some("us-east-1".to_owned()), identity(), None).await.unwrap();
    let reader = Secrets::new(&common, Some(secrets.double.url())).reader(SecretArn::parse(&arn).unwrap());
    let client_secret = ClientSecret::stored(reader, clock());
    let credentials = Credentials { client_secret, ..double.credentials.clone().unwrap() };
    let client = client(&double.api, STORE.0, STORE.1, Some(credentials));
    let counts = || (secrets.reads(), openfga.double.requests_to("POST /oauth/token"));
    assert_eq!(may_read(&client, "alice").await, Ok(false));
    assert_eq!(counts(), (1, 1));
    openfga.rotate_secret("rotated");
    secrets.put(&arn, Value::Text("rotated".to_owned()));
    openfga.revoke_tokens();
    assert_eq!(may_read(&client, "alice").await, Ok(false));
    assert_eq!(counts(), (2, 3));
    openfga.rotate_secret("once more");
    openfga.revoke_tokens();
    let refused = CheckError::Unavailable("the client's secret is refused, the newest that there is");
    assert_eq!(may_read(&client, "alice").await, Err(refused));
    assert_eq!(counts(), (2, 4), "within a minute of the last reading");
}

#[tokio::test]
async fn a_stored_secret_is_read_anew_each_hour_and_used_on_for_half_a_day_where_that_fails() {
    let (double, hands) = (start().await, acceptance::Hands::default());
    let (secrets, openfga) = (&double.stack.security.secrets, &double.stack.openfga);
    let arn = secrets.create("mandate/openfga", &double.stack.checker.secret);
    let common = Common::connect(Some("us-east-1".to_owned()), identity(), None).await.unwrap();
    let reader = Secrets::new(&common, Some(secrets.double.url())).reader(SecretArn::parse(&arn).unwrap());
    let credentials = Credentials {
        client_secret: ClientSecret::stored(reader, hands.clock()),
        ..double.credentials.clone().unwrap()
    };
    let client = client(&double.api, STORE.0, STORE.1, Some(credentials));
    let no_answer = Err(CheckError::Unavailable("secrets manager does not answer"));
    for (seconds, up, reads, answer) in [
        (0, true, 1, Ok(false)),
        (3_500, true, 1, Ok(false)),
        (3_700, true, 2, Ok(false)),
        (7_400, false, 3, Ok(false)),
        (7_430, false, 3, Ok(false)),
        (7_470, false, 4, Ok(false)),
        (3_700 + 43_200, false, 5, no_answer),
        (3_700 + 43_201, true, 6, Ok(false)),
    ] {
        hands.ahead(seconds);
        openfga.revoke_tokens();
        secrets.mend();
        if !up {
            secrets.fault(answering("POST /GetSecretValue", 500, &[]));
        }
        assert_eq!(may_read(&client, "alice").await, answer, "after {seconds} s");
        assert_eq!(secrets.reads(), reads, "after {seconds} s");
    }
}

fn identity() -> Identity {
    Identity { credentials: Some(aws_credential_types::Credentials::new("id", "secret", None, None, "test")) }
}
