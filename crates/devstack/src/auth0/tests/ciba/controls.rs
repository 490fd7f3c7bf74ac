use http::StatusCode;
use serde_json::{Value, json};

use super::super::house::{ALICE, BOB, json, part, refusal};
use super::{MESSAGE, enrolled, poll, started};
use crate::auth0::ControlError;

#[tokio::test]
async fn the_controls_stand_under_a_path_for_other_processes() {
    let house = enrolled().await;
    let post = async |name: &str, body: Value| house.post_json(&format!("_auth0/ciba/{name}"), &body).await;
    let ids = [started(&house).await, started(&house).await, started(&house).await, started(&house).await];
    let waiting = json(&post("pending", json!({"sub": ALICE})).await);
    assert_eq!(waiting.as_array().unwrap().len(), 4);
    assert_eq!(
        (&waiting[0]["auth_req_id"], &waiting[0]["binding_message"]),
        (&ids[0].as_str().into(), &MESSAGE.into())
    );
    assert_eq!((&waiting[0]["requested_expiry"], &waiting[0]["channel"]), (&300.into(), &"guardian-push".into()));
    assert!(waiting[0]["expires_at"].is_u64());
    assert_eq!(json(&post("pending", json!({"sub": BOB})).await), json!([]));

    for (name, body) in [
        ("approve", json!({"auth_req_id": ids[0]})),
        ("approve-as", json!({"auth_req_id": ids[1], "sub": BOB})),
        ("deny", json!({"auth_req_id": ids[2]})),
        ("expire", json!({"auth_req_id": ids[3]})),
        ("notification-limit", json!({"limit": 100})),
    ] {
        assert_eq!(post(name, body).await.status(), StatusCode::NO_CONTENT, "{name}");
    }
    for (id, sub) in [(&ids[0], ALICE), (&ids[1], BOB)] {
        let body = json(&poll(&house, id).await);
        assert_eq!(part(body["id_token"].as_str().unwrap(), 1)["sub"], sub);
    }
    for id in &ids[2..] {
        assert_eq!(refusal(&poll(&house, id).await), (400, "access_denied".to_owned()));
        assert_eq!(post("approve", json!({"auth_req_id": id})).await.status(), StatusCode::NOT_FOUND);
    }
    let polls = json(&post("polls", json!({"auth_req_id": ids[2]})).await);
    assert_eq!((&polls["count"], &polls["polls"][0]["answer"]), (&1.into(), &"access_denied".into()));
    assert!(polls["polls"][0]["at_ms"].is_u64());
    assert_eq!(json(&post("starts", json!({})).await), json!({"starts": 4}));
    assert_eq!(house.auth0.auth_req_ids(), ids);
    assert!(house.auth0.log().iter().all(|line| ids.iter().all(|id| !line.contains(id))));
}

#[tokio::test]
async fn a_control_on_what_is_over_or_unknown_does_nothing() {
    let house = enrolled().await;
    let id = started(&house).await;
    house.auth0.approve(&id).unwrap();
    assert_eq!(house.auth0.deny(&id), Err(ControlError::Over));
    assert_eq!(poll(&house, &id).await.status(), StatusCode::OK);
    assert_eq!(house.auth0.expire(&id), Err(ControlError::Over));
    for control in [house.auth0.approve("another"), house.auth0.deny("another"), house.auth0.expire("another")] {
        assert_eq!(control, Err(ControlError::NoRequest));
    }
    assert!(house.auth0.polls("another").is_empty());
}
