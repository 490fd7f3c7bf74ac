//! What stands around every request.

use acceptance::Site;
use serde_json::Value;

// S07, O08
#[tokio::test]
async fn every_answer_has_the_headers_and_redirects_are_303() {
    let site = Site::start().await;
    let mut browser = site.browser();
    for path in ["/", "/style.css", "/script.js", "/health", "/nowhere", "/sign-in", "/callback", "/activity"] {
        let page = browser.get(path).await;
        assert_eq!(page.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(page.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(page.header("referrer-policy"), Some("no-referrer"), "{path}");
        let policy = page.header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self'") && !policy.contains("unsafe"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
        assert!(page.header("strict-transport-security").unwrap().starts_with("max-age=63072000"), "{path}");
        assert!(!(300..400).contains(&page.status) || page.status == 303, "{path}: {}", page.status);
        assert!(!page.text.contains("<script>") && !page.text.contains("onclick") && !page.text.contains(" style="));
    }
}

// S09
#[tokio::test]
async fn an_error_is_a_code_and_a_reference_that_the_log_has_too() {
    let site = Site::start().await;
    let mut browser = site.browser();
    let page = browser.get_with("/activity", &[("accept", "application/json")]).await;
    assert_eq!((page.status, page.json()["error"].as_str()), (401, Some("auth_required")));
    let reference = page.json()["reference"].as_str().unwrap().to_owned();
    let lines: Vec<Value> = site.logs().iter().map(|line| serde_json::from_str(line).unwrap()).collect();
    let line = lines.iter().find(|line| line["reference"] == reference.as_str()).unwrap();
    assert_eq!((line["tool"].as_str(), line["code"].as_str()), (Some("web_activity"), Some("auth_required")));
    let page = browser.get("/activity").await;
    assert!(page.text.contains("auth_required") && page.text.contains("href=\"/sign-in\""), "{}", page.text);
}

// S06
#[tokio::test]
async fn no_form_is_taken_without_its_own_token_and_our_origin_and_nobody_is_asked_for_it() {
    let site = Site::start().await;
    let mut browser = site.connected("alice").await;
    let (token, another) = (browser.token.clone(), site.signed_in("bob").await.token);
    let origin = site.website.url.clone();
    let own = [("origin", origin.as_str())];
    site.world.forget();
    for (path, rest) in [
        ("/sign-out", &[][..]),
        ("/chat", &[("text", "What are my Okta groups?")]),
        ("/chat/stop", &[]),
        ("/chat/new", &[]),
        ("/accounts/connect", &[]),
        ("/accounts/disconnect", &[("id", "cac_1")]),
    ] {
        let with = |token| [rest, &[("token", token)]].concat();
        for wrong in ["", "x", &another] {
            assert_eq!(browser.post_bare(path, &with(wrong), &own).await.status, 403, "{path} with `{wrong}`");
        }
        assert_eq!(browser.post_bare(path, rest, &own).await.status, 422, "{path} without one");
        let page = browser.post_bare(path, &with(&token), &[]).await;
        assert_eq!(page.status, 403, "{path} without an origin");
    }
    let stack = &site.world.laptop.stack;
    for double in [&stack.auth0.double, &stack.okta.double, &stack.lambda.double, &stack.bedrock.double] {
        assert_eq!(double.log(), [""; 0], "nobody was asked");
    }
    let operations = stack.dynamodb.operations();
    assert!(operations.iter().all(|name| name == "GetItem"), "{operations:?}");
    assert!(browser.say("What are my Okta groups?").await.text.contains("VPN users"), "with the token it is taken");
}

// S06
#[tokio::test]
async fn a_change_from_elsewhere_or_without_the_forms_token_does_nothing() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let token = browser.token.clone();
    let origin = site.website.url.clone();
    let field = [("token", token.as_str())];
    for headers in
        [&[][..], &[("origin", "https://evil.test")], &[("origin", "null")], &[("sec-fetch-site", "same-site")]]
    {
        let page = browser.post_bare("/sign-out", &field, headers).await;
        assert_eq!(page.status, 403, "{headers:?}");
    }
    let own = [("origin", origin.as_str())];
    let another = site.signed_in("bob").await.token;
    for wrong in ["", "x", &another] {
        assert_eq!(browser.post_bare("/sign-out", &[("token", wrong)], &own).await.status, 403);
    }
    assert!((400..500).contains(&browser.post_bare("/sign-out", &[], &own).await.status));
    for path in ["/sign-out", "/chat", "/accounts/connect", "/accounts/disconnect"] {
        assert_eq!(browser.get(path).await.status, 405, "{path}");
    }
    assert!(browser.get("/").await.text.contains("Sign out"), "still signed in");
}

#[tokio::test]
async fn a_body_that_is_too_large_and_an_address_that_asks_too_often_are_refused() {
    let site = Site::start().await;
    let mut browser = site.signed_in("alice").await;
    let long = "x".repeat(70_000);
    assert_eq!(browser.say(&long).await.status, 413);
    assert_eq!(browser.say(&"x".repeat(4001)).await.status, 400);
    let mut last = 200;
    for _ in 0..150 {
        last = browser.get("/health").await.status;
        if last == 429 {
            break;
        }
    }
    assert_eq!(last, 429);
}
