use super::{ALICE, BOB, CAROL, GROUP, IMPORTED, MANAGE, READ, Role, code, get, org, post, user, wire};

const BOB_GROUPS: &str = "/api/v1/users/bob@example.com/groups";

#[tokio::test]
async fn a_scope_without_an_administrator_role_opens_nothing() {
    let okta = org().await;
    let token = okta.token(BOB, READ, None).expect("bob");
    for path in ["/api/v1/users/me", "/api/v1/users/me/groups", BOB_GROUPS, "/api/v1/groups"] {
        let answer = get(&okta, path, &token).await;
        assert_eq!((answer.status, code(&answer)), (403, "E0000006".to_owned()), "{path}");
        assert_eq!(answer.header("www-authenticate"), "", "{path}");
    }
}

#[tokio::test]
async fn a_role_without_the_scope_is_told_which_scope_is_missing() {
    let okta = org().await;
    let token = okta.token(ALICE, "openid okta.groups.read", None).expect("alice");
    let answer = get(&okta, BOB_GROUPS, &token).await;
    assert_eq!(answer.status, 403);
    assert!(answer.header("www-authenticate").contains("error=\"insufficient_scope\""));
    assert!(answer.header("www-authenticate").contains("scope=\"okta.users.read\""));
    assert_eq!(get(&okta, "/api/v1/groups", &token).await.status, 200);
}

#[tokio::test]
async fn the_self_scope_opens_the_own_profile_and_groups_and_nobody_elses() {
    let okta = org().await;
    let token = okta.token(BOB, "okta.users.read.self", None).expect("bob");
    for path in ["/api/v1/users/me", "/api/v1/users/me/groups", BOB_GROUPS, "/api/v1/users/bob/groups"] {
        assert_eq!(get(&okta, path, &token).await.status, 200, "{path}");
    }
    for path in ["/api/v1/users/alice@example.com", "/api/v1/users/alice@example.com/groups", "/api/v1/groups"] {
        assert_eq!(get(&okta, path, &token).await.status, 403, "{path}");
    }
    okta.set_self_may_list_groups(false);
    assert_eq!(get(&okta, "/api/v1/users/me", &token).await.status, 200);
    assert_eq!(get(&okta, "/api/v1/users/me/groups", &token).await.status, 403);
}

#[tokio::test]
async fn each_write_needs_a_role_that_covers_it() {
    let okta = org().await;
    okta.put_user(user("00u1dev000000000group", "group@example.com", &[Role::GroupAdmin]));
    let path = format!("/api/v1/groups/{GROUP}/users/00u1dev00000000alice");
    let reset = "/api/v1/users/00u1dev0000000000bob/lifecycle/reset_password?sendEmail=true";
    for (login, member, resetting) in
        [(ALICE, 403, 403), (BOB, 403, 403), (CAROL, 403, 200), ("group@example.com", 204, 200)]
    {
        let token = okta.token(login, MANAGE, None).expect("a user");
        let bearer = format!("Bearer {token}");
        let url = format!("{}{path}", okta.double.url());
        let joined = wire::send("PUT", &url, &[("authorization", &bearer)], "").await;
        assert_eq!(joined.status, member, "{login}");
        assert_eq!(post(&okta, reset, &token).await.status, resetting, "{login}");
    }
    assert!(okta.is_member(ALICE, GROUP));
    let imported = format!("{}/api/v1/groups/{IMPORTED}/users/00u1dev00000000alice", okta.double.url());
    let bearer = format!("Bearer {}", okta.token("group@example.com", MANAGE, None).expect("a user"));
    let refused = wire::send("PUT", &imported, &[("authorization", &bearer)], "").await;
    assert_eq!(code(&refused), "E0000060");
    assert!(!okta.is_member(ALICE, IMPORTED));
}

#[tokio::test]
async fn a_refused_write_changes_nothing() {
    let okta = org().await;
    let token = okta.token(CAROL, READ, None).expect("carol");
    let reset = "/api/v1/users/00u1dev0000000000bob/lifecycle/reset_password?sendEmail=true";
    assert_eq!(post(&okta, reset, &token).await.status, 403);
    assert!(okta.acts().is_empty());
}
