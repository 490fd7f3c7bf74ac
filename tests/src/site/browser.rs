use std::collections::BTreeMap;
use std::time::Duration;

use devstack::sample::Person;
use http::header::{ACCEPT, COOKIE, ORIGIN};
use http::{HeaderName, Method};
use serde_json::Value;
use tokio::time::Instant;
use upstream_http::transport::{Call, Reply, Transport};
use url::Url;

/// A cookie jar and an address. It sends cookies to the application only, and follows no redirect by itself.
#[derive(Clone)]
pub struct Browser {
    transport: Transport,
    home: Url,
    /// The cookies by name.
    pub jar: BTreeMap<String, String>,
    /// The token that the last page gave its forms.
    pub token: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    /// The status.
    pub status: u16,
    /// The body.
    pub text: String,
    /// `Location`, made whole.
    pub location: Option<Url>,
    /// Every header by its name, in lower case; of those that are there twice, all.
    pub headers: Vec<(String, String)>,
}

impl Page {
    /// The value of a header; nothing if it is not there exactly once.
    pub fn header(&self, name: &str) -> Option<&str> {
        let mut found = self.headers.iter().filter(|(known, _)| known == name).map(|(_, value)| value.as_str());
        let first = found.next();
        if found.next().is_some() { None } else { first }
    }

    /// The cookies that it sets.
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.iter().filter(|(name, _)| name == "set-cookie").map(|(_, value)| value.as_str()).collect()
    }

    /// The JSON in it.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.text).expect("JSON")
    }

    /// The server-sent events in it: name and data.
    pub fn events(&self) -> Vec<(String, Value)> {
        let field = |block: &str, name: &str| {
            let prefix = format!("{name}: ");
            block.lines().find_map(|line| line.strip_prefix(&prefix).map(str::to_owned))
        };
        let blocks = self.text.split("\n\n").filter_map(|block| Some((field(block, "event")?, field(block, "data")?)));
        blocks.map(|(name, data)| (name, serde_json::from_str(&data).expect("JSON"))).collect()
    }
}

impl Browser {
    pub(super) fn new(transport: Transport, home: &str) -> Self {
        let home = Url::parse(home).expect("an address");
        Self { transport, home, jar: BTreeMap::new(), token: String::new() }
    }

    /// An address of the application.
    pub fn at(&self, path: &str) -> Url {
        self.home.join(path).expect("a path")
    }

    /// Opens a page of the application.
    pub async fn get(&mut self, path: &str) -> Page {
        self.get_with(path, &[]).await
    }

    /// The same with headers beside the usual ones, or in place of them.
    pub async fn get_with(&mut self, path: &str, headers: &[(&str, &str)]) -> Page {
        let transport = self.transport.clone();
        // A browser sends nothing twice by itself.
        self.send(transport.request(Method::GET, self.at(path)), headers).await
    }

    /// Sends a form as a page of the application does: with its token, and with the origin.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let token = self.token.clone();
        let fields: Vec<_> = fields.iter().copied().chain([("token", token.as_str())]).collect();
        let origin = self.home.origin().ascii_serialization();
        self.post_bare(path, &fields, &[(ORIGIN.as_str(), &origin)]).await
    }

    /// Sends just these fields with just these headers, and the cookies.
    pub async fn post_bare(&mut self, path: &str, fields: &[(&str, &str)], headers: &[(&str, &str)]) -> Page {
        let transport = self.transport.clone();
        self.send(transport.post(self.at(path)).form(fields), headers).await
    }

    /// Says something to the agent and reads the whole stream.
    pub async fn say(&mut self, text: &str) -> Page {
        let token = self.token.clone();
        let origin = self.home.origin().ascii_serialization();
        let headers = [(ORIGIN.as_str(), origin.as_str()), (ACCEPT.as_str(), "text/event-stream")];
        self.post_bare("/chat", &[("token", &token), ("text", text)], &headers).await
    }

    /// Signs a sample person in, through the application's and the provider's pages, and opens the chat.
    pub async fn sign_in(&mut self, person: &Person) {
        let begun = self.get("/sign-in").await;
        let callback = self.walk(begun.location.expect("the provider's page"), person).await;
        let back = self.visit(&callback).await;
        assert_eq!((back.status, back.location.as_ref().map(Url::path)), (303, Some("/")), "{}", back.text);
        assert_eq!(self.get("/").await.status, 200);
    }

    /// From the provider's page back to an address of the application, which is not opened yet.
    pub async fn walk(&self, address: Url, person: &Person) -> Url {
        self.walk_to(address, "/callback", person).await
    }

    /// The same to another path of the application.
    pub async fn walk_to(&self, address: Url, path: &str, person: &Person) -> Url {
        let elsewhere = cli::browser::Browser::new(self.transport.clone(), self.at(path));
        let mut page = elsewhere.open(address).await.expect("a page");
        while !elsewhere.is_home(&page) {
            let sub = person.sub();
            let (path, name, value) = if page.html.contains("action=\"/u/login\"") {
                ("/u/login", "user", sub.as_str())
            } else if page.html.contains("action=\"/u/consent\"") {
                ("/u/consent", "action", "accept")
            } else {
                ("/u/mfa-push-enrollment", "action", "enrol")
            };
            page = elsewhere.press(&page, path, name, value).await.expect("the next page");
        }
        page.url
    }

    /// Opens a whole address of the application.
    pub async fn visit(&mut self, address: &Url) -> Page {
        let path = format!("{}?{}", address.path(), address.query().unwrap_or_default());
        self.get(&path).await
    }

    async fn send(&mut self, call: Call<'_>, headers: &[(&str, &str)]) -> Page {
        let jar: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut call = call.at_most(Duration::from_secs(60)).cap(1024 * 1024);
        if !jar.is_empty() && !headers.iter().any(|(name, _)| *name == COOKIE.as_str()) {
            call = call.header(COOKIE, &jar.join("; "));
        }
        for (name, value) in headers {
            call = call.header(HeaderName::from_bytes(name.as_bytes()).expect("a header's name"), value);
        }
        let reply = call.send(Instant::now() + Duration::from_secs(60)).await.expect("an answer");
        self.arrived(&reply)
    }

    fn arrived(&mut self, reply: &Reply) -> Page {
        for cookie in reply.headers("set-cookie") {
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            let value = rest.split(';').next().unwrap_or_default().to_owned();
            if value.is_empty() {
                self.jar.remove(name)
            } else {
                self.jar.insert(name.to_owned(), value)
            };
        }
        let names = [
            "cache-control",
            "content-security-policy",
            "strict-transport-security",
            "x-content-type-options",
            "referrer-policy",
            "content-type",
            "location",
            "set-cookie",
            "retry-after",
            "x-frame-options",
        ];
        let headers =
            names.iter().flat_map(|name| reply.headers(name).map(|value| ((*name).to_owned(), value.to_owned())));
        let text = String::from_utf8_lossy(reply.body()).into_owned();
        if let Some(token) = text.split("name=\"token\" value=\"").nth(1).and_then(|rest| rest.split('"').next()) {
            self.token = token.to_owned();
        }
        Page {
            status: reply.status(),
            location: reply.header("location").and_then(|location| self.home.join(location).ok()),
            headers: headers.collect(),
            text,
        }
    }
}
