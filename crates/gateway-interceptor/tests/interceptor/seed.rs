//! A seed at Secrets Manager: read when the first ticket is due, and kept.

use devstack::secrets_manager::{self, SecretsManager, Value};
use serde_json::json;
use tokio::net::TcpListener;

use crate::scene::{Scene, call, event, message, token, told};

const SEED: &str = "BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ";

async fn stored(text: &str) -> (Scene, SecretsManager, String) {
    let secrets = secrets_manager::start(TcpListener::bind(("127.0.0.1", 0)).await.unwrap()).await.unwrap();
    let arn = secrets.create("mandate/gateway", text);
    let scene = Scene::set(&[
        ("GATEWAY_TICKET_SEED", ""),
        ("GATEWAY_TICKET_SEED_ARN", &arn),
        ("AWS_REGION", "us-east-1"),
        ("AWS_ENDPOINT_URL_SECRETS_MANAGER", &secrets.double.url()),
    ])
    .await;
    (scene, secrets, arn)
}

#[tokio::test]
async fn a_stored_seed_is_read_by_the_first_call_of_a_tool_and_by_no_other() {
    let (scene, secrets, _) = stored(SEED).await;
    let (token, groups) = (token("api/read"), call("okta-groups___list_groups", &json!({})));
    assert!(told(&scene.answer(&event(&token, &message("tools/list", &json!({}))).to_string()).await).is_ok());
    assert_eq!(secrets.reads(), 0);
    for _ in 0..3 {
        assert!(told(&scene.answer(&event(&token, &groups).to_string()).await).is_ok());
    }
    assert_eq!(secrets.reads(), 1);
}

#[tokio::test]
async fn without_its_seed_a_call_is_unavailable_until_it_can_be_read() {
    let (scene, secrets, arn) = stored(r#"{"seed":"canary-of-a-seed"}"#).await;
    let event = event(&token("api/read"), &call("okta-groups___list_groups", &json!({}))).to_string();
    let (output, cause) = scene.answer_and_cause(&event).await;
    assert!(told(&output).is_err());
    let plain = "gateway: ticket seed: the secret at secrets manager is not one plain text";
    assert_eq!(cause.as_deref(), Some(plain));
    assert!(secrets.put(&arn, Value::Text("canary-of-a-seed".to_owned())));
    let (output, cause) = scene.answer_and_cause(&event).await;
    assert!(told(&output).is_err() && !output.to_string().contains("canary"));
    assert_eq!(cause.as_deref(), Some("gateway: ticket seed: not 32 bytes in base64url"));
    assert!(secrets.put(&arn, Value::Text(SEED.to_owned())));
    assert!(told(&scene.answer(&event).await).is_ok());
    assert_eq!(secrets.reads(), 3);
}
