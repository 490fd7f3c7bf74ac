//! Faults on the way of a sign-in and of connected accounts: a page of ours with the right status, in time, nothing begun, and no word
//! of an upstream's.

use std::collections::BTreeMap;

use acceptance::{Browser, Hands, Ledger, Line, Page, Site, World, fault_id};
use devstack::auth0::Rotation;
use devstack::fault::{Effect, Fault, Spoil};
use devstack::sample::Person;
use devstack::stack::SESSION_TABLE;
use serde_json::{Value, json};

const COOKIE: &str = "__Host-mandate";
/// In every body that a fault makes up.
const MARKER: &str = "marker-of-an-upstream-body";

/// What somebody does in the browser.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Act {
    /// Comes back from the provider's pages.
    SignsIn,
    /// Opens the page of connected accounts.
    Looks,
    /// Presses to connect one.
    Connects,
}

/// A pointer into an answer, the value that is put there, and the statuses that are right.
type Bend = (&'static str, Value, &'static [u16]);

/// A request that the application makes.
struct Place {
    name: &'static str,
    act: Act,
    /// Start of its request line at Auth0.
    on: &'static str,
    /// The most that are right.
    most: u64,
    /// What must not be asked then, by the start of its line.
    beyond: &'static [&'static str],
    /// Values of another type or meaning.
    bends: fn() -> Vec<Bend>,
}

const DOWN: &[u16] = &[503];
const BUSY: &[u16] = &[429];
const OURS: &[u16] = &[500];
const OUT: &[u16] = &[401];
/// A sign-in that came to nothing because its ID token could not be believed, or an account that the tenant does not know.
const NOT: &[u16] = &[400];
const FINE: &[u16] = &[200, 303];

const PLACES: [Place; 5] = [
    Place {
        name: "code",
        act: Act::SignsIn,
        on: "POST /oauth/token",
        most: 1,
        beyond: &[],
        bends: || {
            vec![
                ("/id_token", json!(7), DOWN),
                ("/id_token", Value::Null, OURS),
                ("/id_token", json!("e30.e30.e30"), NOT),
                ("/access_token", json!(""), DOWN),
                ("/refresh_token", Value::Null, OURS),
                ("/refresh_token", json!(""), OURS),
                ("/token_type", json!("mac"), DOWN),
                ("/expires_in", json!("3600"), DOWN),
            ]
        },
    },
    Place {
        name: "keys",
        act: Act::SignsIn,
        on: "GET /.well-known/jwks.json",
        most: 2,
        beyond: &[],
        bends: || vec![("/keys", json!("none"), DOWN), ("/keys", json!([]), DOWN), ("/keys/0/n", json!(7), DOWN)],
    },
    Place {
        name: "refresh",
        act: Act::Looks,
        on: "POST /oauth/token",
        most: 1,
        beyond: &["GET /me/", "POST /me/"],
        bends: || {
            vec![
                ("/access_token", json!(7), DOWN),
                ("/access_token", json!("two words"), DOWN),
                ("/expires_in", json!(-1), DOWN),
                ("/token_type", json!("mac"), DOWN),
                ("/scope", json!("openid"), OURS),
                ("/id_token", json!("e30.e30.e30"), OUT),
            ]
        },
    },
    Place {
        name: "accounts",
        act: Act::Looks,
        on: "GET /me/",
        most: 2,
        beyond: &["POST /me/"],
        bends: || {
            vec![("/accounts", json!(7), DOWN), ("/accounts/0/id", json!(7), DOWN), ("/accounts", Value::Null, DOWN)]
        },
    },
    Place {
        name: "connect",
        act: Act::Connects,
        on: "POST /me/",
        most: 1,
        beyond: &[],
        bends: || {
            vec![
                ("/connect_uri", json!(7), DOWN),
                ("/connect_uri", json!("javascript:alert(1)"), DOWN),
                ("/connect_uri", json!("https://elsewhere.example/connect"), DOWN),
                ("/auth_session", json!(""), DOWN),
                ("/connect_params", Value::Null, DOWN),
            ]
        },
    },
];

/// The statuses that are right at each place.
type Row = (&'static str, [&'static [u16]; 5]);

#[rustfmt::skip]
const ROWS: [Row; 19] = [
    //                   code   keys  refresh accounts connect
    ("500",             [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("503",             [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("429",             [BUSY,  DOWN, BUSY,   BUSY,    BUSY]),
    ("401",             [OURS,  DOWN, OURS,   OURS,    OURS]),
    ("403",             [OURS,  DOWN, OURS,   OURS,    OURS]),
    ("404",             [OURS,  DOWN, OURS,   NOT,     NOT]),
    ("html",            [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("text",            [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("204",             [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("acted, 500",      [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("reset",           [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("truncate",        [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("redirect",        [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("flood",           [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("byte order mark", [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("utf-16",          [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("deep",            [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("gzip bomb",       [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
    ("hang",            [DOWN,  DOWN, DOWN,   DOWN,    DOWN]),
];

fn effect(name: &str, elsewhere: &str) -> Effect {
    let answer = |status: u16, kind: &str| {
        let body = json!({"error": MARKER, "error_description": MARKER, "title": MARKER, "detail": MARKER}).to_string();
        Effect::Answer { status, headers: BTreeMap::from([("content-type".to_owned(), kind.to_owned())]), body }
    };
    match name {
        "html" => answer(200, "text/html"),
        "text" => answer(200, "application/json"),
        "204" => Effect::Answer { status: 204, headers: BTreeMap::new(), body: String::new() },
        "acted, 500" => Effect::AnswerAfter { status: 500, body: MARKER.to_owned() },
        "reset" => Effect::Reset,
        "truncate" => Effect::Truncate { bytes: 1 },
        "redirect" => Effect::Redirect { to: format!("{elsewhere}/stolen") },
        "flood" => Effect::Flood { bytes: 8 * 1024 * 1024 },
        "byte order mark" => Effect::Spoil(Spoil::ByteOrderMark),
        "utf-16" => Effect::Spoil(Spoil::Utf16),
        "deep" => Effect::Spoil(Spoil::Deep),
        "gzip bomb" => Effect::Spoil(Spoil::GzipBomb),
        "hang" => Effect::Hang,
        status => answer(status.parse().unwrap(), "application/json"),
    }
}

/// A site whose clock can be moved, and somebody signed in.
struct Walk {
    site: Site,
    hands: Hands,
    alice: Browser,
}

impl Walk {
    async fn start() -> Self {
        let (world, hands) = (World::start().await, Hands::default());
        let site = Site::of(world, hands.clock(), &[]).await;
        let alice = site.connected("alice").await;
        Self { site, hands, alice }
    }

    async fn rows(&self) -> usize {
        self.site.world.laptop.stack.dynamodb.items(SESSION_TABLE).await.unwrap().len()
    }

    /// Up to the request, and what is to be done then.
    async fn prepare(&mut self, place: &Place) -> (Browser, Option<url::Url>) {
        // Nobody may sign in or connect an account too often.
        self.hands.ahead(self.hands.by() + 61);
        match place.act {
            Act::SignsIn => {
                // A key that is not known, when one may be fetched again.
                if place.name == "keys" {
                    self.site.world.laptop.stack.auth0.rotate(Rotation::Replace).await.unwrap();
                }
                let mut browser = self.site.browser();
                let address = browser.get("/sign-in").await.location.expect("the provider's page");
                let callback = browser.walk(address, &Person::named("alice").unwrap()).await;
                (browser, Some(callback))
            }
            Act::Looks | Act::Connects => (self.alice.clone(), None),
        }
    }

    async fn act(&self, act: Act, browser: &mut Browser, callback: Option<url::Url>) -> Page {
        match (act, callback) {
            (Act::SignsIn, callback) => browser.visit(&callback.unwrap()).await,
            (Act::Looks, _) => browser.get("/accounts").await,
            (Act::Connects, _) => browser.post("/accounts/connect", &[]).await,
        }
    }

    /// One fault at one place; what is wrong.
    async fn meet(
        &mut self,
        place: &Place,
        name: &str,
        effect: Effect,
        right: &[u16],
        ledger: &mut Ledger,
    ) -> Vec<String> {
        let (mut browser, callback) = Box::pin(self.prepare(place)).await;
        let rows = self.rows().await;
        self.site.world.forget();
        let id = fault_id(&effect);
        let auth0 = &self.site.world.laptop.stack.auth0.double;
        let elsewhere = self.site.world.laptop.stack.bedrock.double.connections();
        auth0.fault(Fault { on: place.on.to_owned(), times: None, skip: 0, effect });
        let page = Box::pin(self.act(place.act, &mut browser, callback)).await;
        let asked = auth0.requests_to(place.on);
        let beyond: u64 = place.beyond.iter().map(|on| auth0.requests_to(on)).sum();
        self.site.world.mend();
        let mut wrong = Vec::new();
        if !right.contains(&page.status) {
            wrong.push(format!("{} instead of {right:?}", page.status));
        }
        if page.text.contains(MARKER) || self.site.logs().iter().any(|line| line.contains(MARKER)) {
            wrong.push("the upstream's body is told".to_owned());
        }
        if asked == 0 || asked > place.most || beyond > 0 {
            wrong.push(format!("asked {asked} times, and {beyond} times beyond"));
        }
        if page.status >= 400 && !page.text.contains("eference") {
            wrong.push("no reference".to_owned());
        }
        if place.act == Act::SignsIn
            && page.status >= 400
            && (browser.jar.contains_key(COOKIE) || self.rows().await > rows)
        {
            wrong.push("a session was begun".to_owned());
        }
        if self.site.world.laptop.stack.bedrock.double.connections() != elsewhere {
            wrong.push("the target of a redirect was connected to".to_owned());
        }
        let (acts, code) = (self.site.world.laptop.stack.okta.acts().len(), page.status.to_string());
        let (upstream, at, fault) = ("auth0", format!("web: {}", place.name), name.to_owned());
        ledger.note(Line { id, upstream, place: at, when: "before", fault, code, requests: asked, acts });
        wrong.into_iter().map(|what| format!("{} / {name}: {what}", place.name)).collect()
    }
}

async fn walk(which: impl Fn(&str) -> bool, table: Option<&str>) -> usize {
    let mut walk = Box::pin(Walk::start()).await;
    let elsewhere = walk.site.world.laptop.stack.bedrock.double.url();
    let (mut ledger, mut wrong, mut cells) = (Ledger::default(), Vec::new(), 0);
    for (column, place) in PLACES.iter().enumerate() {
        walk.hands.ahead(walk.hands.by() + 61);
        walk.alice = walk.site.connected("alice").await;
        for (name, right) in ROWS.iter().filter(|(name, _)| which(name)) {
            cells += 1;
            wrong.extend(Box::pin(walk.meet(place, name, effect(name, &elsewhere), right[column], &mut ledger)).await);
        }
        for (pointer, value, right) in (place.bends)().into_iter().filter(|_| table.is_some()) {
            cells += 1;
            let (name, patch) = (format!("{pointer} = {value}"), BTreeMap::from([(pointer.to_owned(), value)]));
            wrong.extend(Box::pin(walk.meet(place, &name, Effect::Patch(patch), right, &mut ledger)).await);
        }
        // Everything is as before.
        let (mut browser, callback) = Box::pin(walk.prepare(place)).await;
        let page = Box::pin(walk.act(place.act, &mut browser, callback)).await;
        if !FINE.contains(&page.status) {
            wrong.push(format!("{} when all is well again: {}", place.name, page.status));
        }
    }
    if let Some(table) = table {
        ledger.write(table);
    }
    assert!(wrong.is_empty(), "{}:\n{}", wrong.len(), wrong.join("\n"));
    cells
}

#[tokio::test]
async fn a_fault_while_somebody_signs_in_or_looks_at_accounts_is_a_page_of_ours_and_begins_nothing() {
    Box::pin(walk(|name| ["500", "429", "text", "reset"].contains(&name), None)).await;
}

#[tokio::test]
#[ignore = "all of them: make rounds"]
async fn every_fault_while_somebody_signs_in_or_looks_at_accounts_is_a_page_of_ours_and_begins_nothing() {
    println!("faults of the web application: {} cells", Box::pin(walk(|_| true, Some("web"))).await);
}
