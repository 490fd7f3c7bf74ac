//! What an MCP client is told where the web application is for a gateway, and how a session's id is handed out.

use acceptance::gateway::{Caller, context, sent};
use acceptance::{Browser, Page, Site, World};
use auth::id::SessionReference;
use auth::subject::Subject;
use devstack::sample::ORGANIZATION;
use devstack::stack::{APPROVAL_TABLE, SESSION_TABLE};
use serde_json::{Value, json};

const GROUPS: &str = "okta-groups___list_groups";
const PAGES: [&str; 4] = ["/", "/client", "/activity", "/accounts"];

/// Presses the button.
pub(crate) async fn press(browser: &mut Browser) -> Page {
    browser.post("/client/session", &[]).await
}

/// The id that was shown after a press.
pub(crate) async fn handed(browser: &mut Browser) -> SessionReference {
    let page = press(browser).await;
    assert_eq!((page.status, page.header("cache-control")), (200, Some("no-store")), "{}", page.text);
    SessionReference::parse(shown(&page).expect("an id")).unwrap()
}

fn shown(page: &Page) -> Option<&str> {
    page.text.split_once("<code id=\"session-id\">").and_then(|(_, rest)| rest.split('<').next())
}

/// What the tool answers to a call that the interceptor let pass: with an access token of this subject, and this session's id.
pub(crate) async fn called(site: &Site, subject: &Subject, session: &SessionReference) -> Value {
    let (world, hash) = (&site.world, session.hash());
    let organization = auth::id::Organization(ORGANIZATION.to_owned());
    let caller = Caller { subject, organization: Some(&organization), session: Some(&hash), reach: None };
    world.invoke_with("okta-groups", &sent(world, &caller, GROUPS, &json!({})), &context(GROUPS)).await
}

pub(crate) fn subject_of(world: &World, name: &str) -> Subject {
    let person = devstack::sample::Person::named(name).unwrap();
    Subject::new(world.laptop.stack.auth0.issuer(), &person.sub()).unwrap()
}

async fn kept(site: &Site) -> String {
    let dynamodb = &site.world.laptop.stack.dynamodb;
    let (sessions, records) =
        (dynamodb.items(SESSION_TABLE).await.unwrap(), dynamodb.items(APPROVAL_TABLE).await.unwrap());
    format!("{sessions:?}{records:?}")
}

#[tokio::test]
async fn a_press_shows_the_id_of_ones_own_row_and_nothing_else_has_it() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let (mut alice, mut bob) = (site.connected("alice").await, site.signed_in("bob").await);
    let id = handed(&mut alice).await;
    assert_ne!(id.hash(), handed(&mut bob).await.hash());
    let again = press(&mut alice).await;
    assert_eq!(shown(&again), Some(id.expose()), "the same as before");
    let (_, rest) = again.text.split_once("<code id=\"configuration\">").unwrap();
    let configuration = rest.split_once("</code>").unwrap().0.replace("&quot;", "\"");
    let configuration: Value = serde_json::from_str(&configuration).unwrap();
    let server = &configuration["mcpServers"]["mandate"];
    assert_eq!(server["url"], "https://gateway.example/mcp");
    assert_eq!((&server["type"], &server["headers"]), (&json!("http"), &json!({ "x-session-id": id.expose() })));
    // Its row is hers, and is for the gateway.
    let alices = subject_of(&site.world, "alice");
    let answer = called(&site, &alices, &id).await;
    assert!(answer["result"]["groups"].as_array().is_some_and(|groups| !groups.is_empty()), "{answer}");
    for path in PAGES {
        let page = alice.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(!page.text.contains(id.expose()), "{path}");
    }
    assert!(alice.get("/activity").await.text.contains("List Okta groups"), "the call has a record");
    assert!(!alice.jar.values().any(|value| value == id.expose()));
    for lines in [site.logs(), site.world.logs(), vec![kept(&site).await]] {
        assert!(
            !lines.is_empty() && lines.iter().all(|line| !line.contains(id.expose())),
            "no log and no record has it"
        );
    }
    assert!(site.logs().iter().any(|line| line.contains("\"web_client_session\"")));
}

// M05
#[tokio::test]
async fn the_id_with_another_persons_token_is_refused_before_anybody_is_asked() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let mut alice = site.connected("alice").await;
    let id = handed(&mut alice).await;
    site.world.forget();
    for name in ["bob", "carol"] {
        let answer = called(&site, &subject_of(&site.world, name), &id).await;
        assert_eq!(answer["error"]["code"], "auth_required", "{name}: {answer}");
    }
    let counts = site.world.counts();
    assert_eq!((counts.checks, counts.okta, counts.auth0_tokens), (0, 0, 0), "{counts:?}");
    let answer = called(&site, &subject_of(&site.world, "alice"), &id).await;
    assert!(answer.get("result").is_some(), "{answer}");
    assert_eq!((site.world.counts().checks, site.world.counts().okta), (1, 1));
}

// S06
#[tokio::test]
async fn without_the_forms_token_or_from_elsewhere_no_id_is_shown() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let mut alice = site.signed_in("alice").await;
    let (token, another) = (alice.token.clone(), site.signed_in("bob").await.token);
    let origin = site.website.url.clone();
    let own = [("origin", origin.as_str())];
    for wrong in ["", "x", &another] {
        let page = alice.post_bare("/client/session", &[("token", wrong)], &own).await;
        assert_eq!((page.status, shown(&page)), (403, None));
    }
    for headers in
        [&[][..], &[("origin", "https://evil.test")], &[("origin", "null")], &[("sec-fetch-site", "same-site")]]
    {
        let page = alice.post_bare("/client/session", &[("token", &token)], headers).await;
        assert_eq!((page.status, shown(&page)), (403, None), "{headers:?}");
    }
    assert!((400..500).contains(&alice.post_bare("/client/session", &[], &own).await.status));
    assert_eq!(alice.get("/client/session").await.status, 405);
    let mut nobody = site.browser();
    nobody.token = token;
    for page in [nobody.get("/client").await, press(&mut nobody).await] {
        assert_eq!((page.status, shown(&page)), (401, None));
        assert!(page.text.contains("href=\"/sign-in\""));
    }
    alice.post("/sign-out", &[]).await;
    assert_eq!(press(&mut alice).await.status, 401);
}

#[tokio::test]
async fn the_page_says_where_to_connect_and_what_to_ask_for_and_when_the_id_ends() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let mut alice = site.signed_in("alice").await;
    let page = alice.get("/client").await;
    let issuer = site.world.laptop.stack.auth0.issuer().to_owned();
    for told in [
        "https://gateway.example/mcp",
        "https://tools.example",
        "client-one",
        "client-two",
        "api/read",
        "api/admin",
        "x-session-id",
        "30 minutes",
        &issuer,
        ORGANIZATION,
    ] {
        assert!(page.text.contains(told), "{told}");
    }
    assert!(!page.text.contains("data-copy"), "there is nothing to copy yet");
}

#[tokio::test]
async fn with_a_gateway_there_is_no_chat_and_with_an_agent_no_page_for_clients() {
    let site = Site::at_a_gateway(function::clock::system()).await;
    let mut alice = site.signed_in("alice").await;
    let start = alice.get("/").await.text;
    assert!(start.contains("id=\"approvals\"") && start.contains("href=\"/client\""), "{start}");
    assert!(!start.contains("<textarea") && !start.contains(">Chat<"), "{start}");
    assert_eq!(alice.say("What are my Okta groups?").await.status, 404);
    assert_eq!(alice.get("/chat/messages").await.status, 404);
    for path in ["/chat/stop", "/chat/new"] {
        assert_eq!(alice.post(path, &[]).await.status, 404, "{path}");
    }
    assert_eq!(site.world.laptop.stack.bedrock.double.requests(), 0);
    let classic = Site::start().await;
    let mut dave = classic.signed_in("dave").await;
    let chat = dave.get("/").await.text;
    assert!(chat.contains("<textarea") && !chat.contains("/client"), "{chat}");
    assert_eq!((dave.get("/client").await.status, press(&mut dave).await.status), (404, 404));
}
