//! A browser with cookies: follows redirects until one leads home.

use std::collections::BTreeMap;

use http::header::COOKIE;
use upstream_http::transport::{Call, Reply, Transport};
use url::Url;

use crate::site::{HOME, PATIENCE, SIGNED_OUT, until};

pub(crate) struct Browser {
    transport: Transport,
    jar: BTreeMap<String, String>,
}

/// Where it has come to; without a text when that is home.
pub(crate) struct Page {
    pub(crate) url: Url,
    pub(crate) text: String,
}

impl Browser {
    pub(crate) fn new() -> Self {
        Self { transport: Transport::new(None).unwrap(), jar: BTreeMap::new() }
    }

    pub(crate) async fn open(&mut self, url: Url) -> Page {
        let transport = self.transport.clone();
        let reply = self.send(transport.get(url.clone())).await;
        self.arrive(url, reply).await
    }

    pub(crate) async fn submit(&mut self, url: Url, fields: &[(&str, &str)]) -> Page {
        let transport = self.transport.clone();
        let reply = self.send(transport.post(url.clone()).form(fields)).await;
        self.arrive(url, reply).await
    }

    /// Says yes on a page that asks whether to log out: to its first form, with what it hides and the button's field.
    pub(crate) async fn confirm(&mut self, page: &Page, button: (&str, &str)) -> Page {
        let form = page.text.split("<form").nth(1).expect("a form").split("</form>").next().unwrap();
        let value = |text: &str, name: &str| {
            text.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).map(str::to_owned)
        };
        let action = page.url.join(&value(form, "action").expect("an action").replace("&amp;", "&")).unwrap();
        let hidden = form.split("<input").find(|input| input.contains("\"hidden\"")).expect("a hidden field");
        let (name, content) = (value(hidden, " name").unwrap(), value(hidden, " value").unwrap());
        self.submit(action, &[(&name, &content), button]).await
    }

    async fn arrive(&mut self, mut url: Url, mut reply: Reply) -> Page {
        while let Some(location) = reply.header("location").filter(|_| (300..400).contains(&reply.status())) {
            url = url.join(location).unwrap();
            if [HOME, SIGNED_OUT].iter().any(|home| url.as_str().starts_with(home)) {
                return Page { url, text: String::new() };
            }
            let transport = self.transport.clone();
            reply = self.send(transport.get(url.clone())).await;
        }
        Page { url, text: String::from_utf8_lossy(reply.body()).into_owned() }
    }

    async fn send(&mut self, call: Call<'_>) -> Reply {
        let jar: Vec<String> = self.jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let call = call.header(COOKIE, &jar.join("; ")).at_most(PATIENCE).cap(1024 * 1024);
        let reply = call.send(until()).await.expect("a page");
        for cookie in reply.headers("set-cookie") {
            let (name, rest) = cookie.split_once('=').expect("a cookie");
            self.jar.insert(name.to_owned(), rest.split(';').next().unwrap_or_default().to_owned());
        }
        reply
    }
}
