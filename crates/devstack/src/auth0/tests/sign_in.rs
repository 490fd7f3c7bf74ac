use http::StatusCode;

use super::house::{
    ALICE, ALL_PAGES, BOB, CALLBACK, VERIFIER, house, json, parameters, part, refusal, text, transaction,
};

#[tokio::test]
async fn a_sign_in_passes_login_consent_and_enrolment_and_ends_in_tokens() {
    let house = house().await;
    let login = house.get(&house.authorize(&[("max_age", "60")])).await;
    assert!(text(&login).contains("Alice &lt;b&gt;"), "names are escaped");

    let back = parameters(&house.press(login, &ALL_PAGES).await);
    assert_eq!((back["state"].as_str(), back["iss"].as_str()), ("a state", house.auth0.issuer()));
    assert!(house.auth0.enrolled(ALICE));

    let answer = json(&house.redeem(&back["code"], VERIFIER).await);
    let token = answer["id_token"].as_str().unwrap();
    assert!(house.verifies(token).await);
    let claims = part(token, 1);
    assert_eq!(claims["iss"], house.auth0.issuer());
    assert_eq!((&claims["sub"], &claims["aud"], &claims["nonce"]), (&ALICE.into(), &"web".into(), &"n-1".into()));
    assert_eq!((&claims["email"], &claims["email_verified"]), (&"alice@example.com".into(), &true.into()));
    assert_eq!(claims["exp"].as_u64().unwrap() - claims["iat"].as_u64().unwrap(), 36_000);
    assert_eq!(claims["auth_time"], claims["iat"]);
    assert_eq!(claims.get("org_id"), None);
    assert_eq!((&answer["token_type"], &answer["expires_in"]), (&"Bearer".into(), &86_400.into()));
    assert!(answer["refresh_token"].is_string());

    let access = answer["access_token"].as_str().unwrap();
    let userinfo = json(&house.call("GET", "userinfo", access, &().into()).await);
    assert_eq!((&userinfo["sub"], &userinfo["name"]), (&ALICE.into(), &"Alice <b>".into()));
    assert_eq!(house.call("GET", "userinfo", "another", &().into()).await.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn consent_and_enrolment_are_remembered_until_forgotten() {
    let house = house().await;
    house.code().await;

    let again = house.get(&house.authorize(&[])).await;
    let again = house.press(again, &[("u/login", "user", ALICE)]).await;
    assert!(parameters(&again).contains_key("code"));

    house.auth0.forget_consent(Some(ALICE));
    let asked = house.get(&house.authorize(&[])).await;
    let asked = house.press(asked, &[("u/login", "user", ALICE)]).await;
    assert!(text(&asked).contains("Authorize app"));
}

#[tokio::test]
async fn declining_comes_back_as_access_denied_without_a_code() {
    let house = house().await;
    let login = house.get(&house.authorize(&[])).await;
    let pages = [("u/login", "user", ALICE), ("u/consent", "action", "decline")];
    let back = parameters(&house.press(login, &pages).await);
    assert_eq!((back["error"].as_str(), back["state"].as_str()), ("access_denied", "a state"));
    assert!(!back.contains_key("code"));
}

#[tokio::test]
async fn a_required_enrolment_cannot_be_skipped_and_no_page_out_of_turn() {
    let house = house().await;
    let login = house.get(&house.authorize(&[])).await;
    let id = transaction(&login);
    let early = house.post("u/mfa-push-enrollment", &[("transaction", &id), ("action", "enrol")]).await;
    assert_eq!(early.status(), StatusCode::BAD_REQUEST);

    let pages = [ALL_PAGES[0], ALL_PAGES[1], ("u/mfa-push-enrollment", "action", "skip")];
    assert_eq!(house.press(login, &pages).await.status(), StatusCode::BAD_REQUEST);
    assert!(!house.auth0.enrolled(ALICE));
}

#[tokio::test]
async fn a_password_counts_and_so_does_membership() {
    let house = house().await;
    let url = house.authorize(&[("organization", "org_a")]);
    let id = transaction(&house.get(&url).await);
    let email = |password: &'static str| [("email", "alice@example.com"), ("password", password)];
    let post = async |fields: &[(&str, &str)]| {
        house.post("u/login", &[&[("transaction", id.as_str())], fields].concat()).await
    };
    assert_eq!(post(&email("a guess")).await.status(), StatusCode::BAD_REQUEST);
    assert!(text(&post(&email("alice's password")).await).contains("Authorize app"));

    let login = house.get(&url).await;
    let back = parameters(&house.press(login, &[("u/login", "user", BOB)]).await);
    assert_eq!(back["error"], "access_denied");

    let login = house.get(&url).await;
    let back = parameters(&house.press(login, &ALL_PAGES).await);
    let answer = json(&house.redeem(&back["code"], VERIFIER).await);
    assert_eq!(part(answer["id_token"].as_str().unwrap(), 1)["org_id"], "org_a");
}

#[tokio::test]
async fn a_bad_client_or_callback_is_never_redirected() {
    let house = house().await;
    let good = house.authorize(&[]);
    for bad in [good.replace("client_id=web", "client_id=other"), good.replace("callback", "elsewhere")] {
        let answer = house.get(&bad).await;
        assert_eq!(answer.status(), StatusCode::BAD_REQUEST);
        assert!(!answer.headers().contains_key("location"));
    }
    let cases = [
        ("response_type=code", "response_type=token", "unsupported_response_type"),
        ("openid+", "", "invalid_scope"),
        ("=S256", "=plain", "invalid_request"),
        ("nonce=", "audience=urn%3Aunknown&nonce=", "access_denied"),
        ("nonce=", "prompt=none&nonce=", "login_required"),
    ];
    for (from, to, error) in cases {
        let back = parameters(&house.get(&good.replace(from, to)).await);
        assert_eq!((back["error"].as_str(), back["state"].as_str()), (error, "a state"));
    }
}

#[tokio::test]
async fn a_code_is_good_once_for_its_verifier_and_its_callback() {
    let house = house().await;
    let code = house.code().await;
    assert_eq!(house.redeem(&code, VERIFIER).await.status(), StatusCode::OK);
    assert_eq!(refusal(&house.redeem(&code, VERIFIER).await), (403, "invalid_grant".to_owned()));

    let code = house.fresh_code().await;
    let fields = [("code", code.as_str()), ("redirect_uri", "http://127.0.0.1:9/"), ("code_verifier", VERIFIER)];
    let elsewhere = house.token(&[&[("grant_type", "authorization_code")], &fields[..]].concat()).await;
    assert_eq!(refusal(&elsewhere), (403, "invalid_grant".to_owned()));

    let code = house.fresh_code().await;
    let other = "another-verifier-of-at-least-forty-three-characters";
    assert_eq!(refusal(&house.redeem(&code, other).await), (403, "invalid_grant".to_owned()));
    assert_eq!(refusal(&house.redeem(&code, VERIFIER).await), (403, "invalid_grant".to_owned()));
}

#[tokio::test]
async fn an_expired_code_and_a_wrong_secret_are_refused() {
    let house = house().await;
    house.auth0.set_lifetimes(crate::auth0::Lifetimes { code: 0, ..house.auth0.lifetimes() });
    let code = house.code().await;
    assert_eq!(refusal(&house.redeem(&code, VERIFIER).await), (403, "invalid_grant".to_owned()));

    let fields = [("grant_type", "authorization_code"), ("code", &code), ("redirect_uri", CALLBACK)];
    let wrong = [&fields[..], &[("client_id", "web"), ("client_secret", "a guess")]].concat();
    assert_eq!(refusal(&house.post("oauth/token", &wrong).await), (401, "invalid_client".to_owned()));
}
