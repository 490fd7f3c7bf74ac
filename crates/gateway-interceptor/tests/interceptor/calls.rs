use auth::gateway::take_ticket;
use auth::ticket::{GatewayOrigin, GatewayTicket};
use serde_json::{Value, json};

use crate::scene::{
    GATEWAY, NOW, OTHER_ISSUER, Scene, answered, call, claims, event, message, ticket_keys, token, token_of, told,
};

const USER: &str = "bob@example.com";

async fn outcome(scene: &Scene, token: &str, body: &Value) -> Result<(), (u64, i64)> {
    told(&scene.answer(&event(token, body).to_string()).await).map(|_| ())
}

// M03, M10, M13, M14
#[tokio::test]
async fn a_permitted_call_carries_a_ticket_for_itself_and_not_the_callers_token() {
    let (scene, token) = (Scene::start().await, token("openid api/read"));
    let output =
        scene.answer(&event(&token, &call("okta-groups___list_groups", &json!({"user": USER}))).to_string()).await;
    let forwarded = told(&output).unwrap();
    assert!(!output.to_string().contains(&token));
    let mut arguments = forwarded["body"]["params"]["arguments"].as_object().unwrap().clone();
    let ticket = take_ticket(&mut arguments).unwrap();
    assert_eq!(forwarded["headers"]["Authorization"], format!("Bearer {}", ticket.expose()));
    let origin = GatewayOrigin { gateway: GATEWAY, tool: "okta-groups___list_groups", arguments: &arguments };
    let ticket = GatewayTicket::verify(&ticket, &ticket_keys(), &origin, NOW).unwrap();
    assert_eq!(ticket.holder().subject().id(), "auth0|alice");
    assert!(ticket.session().is_some());
}

// J17, M01, M08
#[tokio::test]
async fn the_articles_three_users_call_what_their_scopes_say_even_by_name() {
    let scene = Scene::start().await;
    let group = json!({"user": USER, "group": "VPN users"});
    for (scopes, read, write, admin) in [
        ("api/read api/write api/admin", true, true, true),
        ("api/read api/write", true, true, false),
        ("api/read", true, false, false),
        ("api/readonly API/READ", false, false, false),
    ] {
        for (tool, arguments, goes) in [
            ("okta-groups___list_groups", json!({}), read),
            ("okta-changes___reset_password", json!({"user": USER}), write),
            ("okta-changes___add_to_group", group.clone(), admin),
        ] {
            let expected = if goes { Ok(()) } else { Err((403, -32003)) };
            assert_eq!(outcome(&scene, &token(scopes), &call(tool, &arguments)).await, expected, "{scopes} {tool}");
        }
    }
    let event = event(&token("api/read"), &call("okta-changes___reset_password", &json!({"user": USER})));
    let output = scene.answer(&event.to_string()).await;
    let challenge = &output["mcp"]["transformedGatewayResponse"]["headers"]["WWW-Authenticate"];
    assert!(challenge.as_str().unwrap().starts_with("Bearer error=\"insufficient_scope\", scope=\"api/write\""));
}

// J01, J11, J12, J13, J20, M03, M05
#[tokio::test]
async fn a_bad_token_is_refused_for_every_method_and_all_look_alike() {
    let scene = Scene::start().await;
    let bent = |name: &str, value: Value| {
        let mut claims = claims("api/read");
        claims[name] = value;
        token_of(&claims)
    };
    let good = token("api/read");
    let mut answers = Vec::new();
    for bad in [
        bent("exp", json!(NOW.seconds() - 31)),
        bent("aud", json!("https://another-api")),
        bent("iss", json!("https://unknown.example/")),
        bent("sub", json!("c")),
        format!("{good}x"),
        good.rsplit_once('.').unwrap().0.to_owned() + ".AAAA",
        "x".repeat(9000),
        "a.b.c".to_owned(),
    ] {
        for body in [
            message("initialize", &json!({})),
            message("tools/list", &json!({})),
            call("okta-groups___list_groups", &json!({})),
        ] {
            let output = scene.answer(&event(&bad, &body).to_string()).await;
            assert_eq!(told(&output).err(), Some((401, -32001)));
            answers.push(output.to_string());
        }
    }
    answers.dedup();
    assert_eq!(answers.len(), 1, "the caller cannot tell which check failed");
}

#[tokio::test]
async fn another_issuers_people_reach_only_what_needs_no_vault() {
    let scene = Scene::start().await;
    let mut claims = claims("api/read");
    claims["iss"] = json!(OTHER_ISSUER);
    let token = token_of(&claims);
    for tool in ["okta-groups___list_groups", "okta-changes___list_approvals"] {
        assert_eq!(outcome(&scene, &token, &call(tool, &json!({}))).await, Err((403, -32003)));
    }
    assert_eq!(outcome(&scene, &token, &call("okta-groups___whoami", &json!({}))).await, Ok(()));
}

#[tokio::test]
async fn the_houses_own_policies_hold_beside_those_of_the_scopes() {
    let (scene, token) = (Scene::start().await, token("api/admin"));
    let add = |group: &str| call("okta-changes___add_to_group", &json!({"user": USER, "group": group}));
    assert_eq!(outcome(&scene, &token, &add("VPN users")).await, Ok(()));
    assert_eq!(outcome(&scene, &token, &add("Okta Administrators")).await, Err((403, -32003)));
}

// M08
#[tokio::test]
async fn a_list_and_a_refusal_agree() {
    let (scene, token) = (Scene::start().await, token("api/read api/write"));
    let [groups, reset, unlock] =
        ["okta-groups___list_groups", "okta-changes___reset_password", "okta-changes___unlock_user"];
    let hidden = ["okta-changes___add_to_group", "okta-changes___list_groups", "okta-changes___unknown"];
    let tools: Vec<Value> = [groups, reset, unlock].iter().chain(&hidden).map(|name| json!({"name": name})).collect();
    let body = json!({"jsonrpc": "2.0", "id": 7, "result": {"tools": tools, "nextCursor": "c-2"}});
    let list = message("tools/list", &json!({}));
    let output = scene.answer(&answered(&token, &list, 200, &body).to_string()).await;
    let result = &told(&output).unwrap()["body"]["result"];
    let shown: Vec<&str> =
        result["tools"].as_array().unwrap().iter().map(|tool| tool["name"].as_str().unwrap()).collect();
    assert_eq!(shown, [groups, reset, unlock]);
    assert_eq!(result["nextCursor"], "c-2");
    for hidden in hidden {
        let body = call(hidden, &json!({"user": USER, "group": "VPN users"}));
        assert_eq!(outcome(&scene, &token, &body).await, Err((403, -32003)));
    }
}

// J03, J21
#[tokio::test]
async fn a_warm_decision_makes_no_request_and_invented_keys_cause_one_at_most() {
    let (scene, token) = (Scene::start().await, token("api/read"));
    for _ in 0..20 {
        assert_eq!(outcome(&scene, &token, &call("okta-groups___list_groups", &json!({}))).await, Ok(()));
    }
    assert_eq!(scene.fetches(), 1);
    for number in 0..20 {
        let header = json!({"alg": "EdDSA", "typ": "at+jwt", "kid": format!("invented-{number}"),
                            "jku": "http://127.0.0.1:1/jwks", "x5u": "http://127.0.0.1:1/x"});
        let forged = crate::scene::issuer().sign(&header, &claims("api/read"));
        let outcome = outcome(&scene, forged.expose(), &call("okta-groups___list_groups", &json!({}))).await;
        assert_eq!(outcome, Err((401, -32001)));
    }
    assert_eq!(scene.fetches(), 1, "the cooldown of the first fetch still runs");
}
