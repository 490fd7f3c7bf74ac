use super::super::Bucket;
use super::{ALICE, BOB, CAROL, GROUP, MANAGE, READ, Status, code, get, org, post};

#[tokio::test]
async fn an_error_body_has_the_five_members() {
    let okta = org().await;
    let answer = get(&okta, "/api/v1/users/me", "nonsense").await;
    let body = answer.json();
    assert_eq!((answer.status, body["errorCode"].as_str()), (401, Some("E0000011")));
    assert!(answer.header("www-authenticate").contains("error=\"invalid_token\""));
    assert_eq!(body["errorLink"], "E0000011");
    assert!(body["errorId"].as_str().is_some_and(|id| id.starts_with("oae")));
    assert_eq!(body["errorCauses"].as_array().map(Vec::len), Some(0));
    assert!(body["errorSummary"].is_string());
}

#[tokio::test]
async fn a_token_ends_when_it_expires_when_it_is_revoked_and_when_its_person_is_suspended() {
    let okta = org().await;
    let expired = okta.token(ALICE, READ, Some(0)).expect("alice");
    assert_eq!(get(&okta, "/api/v1/users/me", &expired).await.status, 401);
    let token = okta.token(ALICE, READ, None).expect("alice");
    assert_eq!(get(&okta, "/api/v1/users/me", &token).await.status, 200);
    okta.set_status(ALICE, Status::Suspended);
    assert_eq!(get(&okta, "/api/v1/users/me", &token).await.status, 401);
    okta.set_status(ALICE, Status::Active);
    okta.revoke_all(ALICE);
    assert_eq!(get(&okta, "/api/v1/users/me", &token).await.status, 401);
    assert_eq!(okta.callers(), [ALICE]);
}

#[tokio::test]
async fn an_unknown_user_is_not_found_and_a_segment_is_decoded_once() {
    let okta = org().await;
    let token = okta.token(ALICE, READ, None).expect("alice");
    let unknown = get(&okta, "/api/v1/users/dave@example.com", &token).await;
    assert_eq!((unknown.status, code(&unknown)), (404, "E0000007".to_owned()));
    assert_eq!(get(&okta, "/api/v1/users/bob%40example.com", &token).await.json()["profile"]["login"], BOB);
    assert_eq!(get(&okta, "/api/v1/users/bob%2540example.com", &token).await.status, 404);
    assert_eq!(get(&okta, "/api/v1/users/bob%2Fgroups", &token).await.status, 404);
}

#[tokio::test]
async fn a_group_object_has_what_the_reference_lists() {
    let okta = org().await;
    let token = okta.token(ALICE, READ, None).expect("alice");
    let groups = get(&okta, "/api/v1/users/bob@example.com/groups", &token).await.json();
    let group = &groups[0];
    assert_eq!((group["id"].as_str(), group["type"].as_str()), (Some(GROUP), Some("OKTA_GROUP")));
    assert_eq!(group["profile"]["name"], "Operations");
    assert_eq!(group["objectClass"][0], "okta:user_group");
    for member in ["created", "lastUpdated", "lastMembershipUpdated"] {
        assert!(group[member].as_str().is_some_and(|text| text.ends_with(".000Z")), "{member}");
    }
}

#[tokio::test]
async fn groups_are_found_by_the_start_of_the_name() {
    let okta = org().await;
    let token = okta.token(ALICE, READ, None).expect("alice");
    let found = get(&okta, "/api/v1/groups?q=oper&limit=10", &token).await.json();
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(found[0]["id"], GROUP);
}

#[tokio::test]
async fn an_empty_bucket_answers_429_and_the_next_bucket_does_not() {
    let okta = org().await;
    let token = okta.token(ALICE, READ, None).expect("alice");
    okta.set_rate(Bucket::UserGroups, 1, 30);
    let path = "/api/v1/users/me/groups";
    let last = get(&okta, path, &token).await;
    assert_eq!((last.status, last.header("x-rate-limit-remaining")), (200, "0"));
    let refused = get(&okta, path, &token).await;
    assert_eq!((refused.status, code(&refused)), (429, "E0000047".to_owned()));
    assert_eq!(refused.header("x-rate-limit-limit"), "600");
    assert!(refused.header("x-rate-limit-reset").parse::<u64>().is_ok_and(|reset| reset > crate::clock::now()));
    assert_ne!(refused.header("date"), "");
    assert_eq!(get(&okta, "/api/v1/users/me", &token).await.status, 200);
}

#[tokio::test]
async fn a_locked_out_user_is_unlocked_once() {
    let okta = org().await;
    okta.set_status(BOB, Status::LockedOut);
    let token = okta.token(CAROL, MANAGE, None).expect("carol");
    let path = "/api/v1/users/00u1dev0000000000bob/lifecycle/unlock";
    assert_eq!(post(&okta, path, &token).await.status, 200);
    let again = post(&okta, path, &token).await;
    assert_eq!((again.status, code(&again)), (403, "E0000032".to_owned()));
    assert_eq!(okta.acts(), ["unlock 00u1dev0000000000bob"]);
}

#[tokio::test]
async fn a_reset_without_mail_answers_the_address() {
    let okta = org().await;
    let token = okta.token(CAROL, MANAGE, None).expect("carol");
    let path = "/api/v1/users/00u1dev0000000000bob/lifecycle/reset_password";
    assert_eq!(code(&post(&okta, path, &token).await), "E0000028");
    let answer = post(&okta, &format!("{path}?sendEmail=false"), &token).await.json();
    assert!(answer["resetPasswordUrl"].as_str().is_some_and(|url| url.starts_with(&okta.double.url())));
    assert_eq!(okta.status(BOB), Some(Status::Recovery));
}

#[tokio::test]
async fn a_wrong_method_and_a_wrong_path_have_okta_bodies() {
    let okta = org().await;
    assert_eq!(code(&post(&okta, "/api/v1/groups", "none").await), "E0000022");
    assert_eq!(code(&get(&okta, "/api/v1/nothing", "none").await), "E0000008");
}
