//! Somebody at a browser.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use tokio::time::{Instant, sleep};
use url::Url;

use super::figures::Figures;
use super::wire::{Answer, Jar, Wire};

/// Between two things that somebody does, in milliseconds: from so many to twice as many.
const THINKING: u64 = 5000;

pub(super) struct Person {
    number: u64,
    sub: String,
    home: Url,
    wire: Wire,
    jar: Jar,
    token: String,
    figures: Arc<Figures>,
    dice: u64,
}

impl Person {
    pub(super) fn new(number: u64, sub: String, home: SocketAddr, figures: Arc<Figures>) -> Self {
        let last = u8::try_from(number % 250).unwrap_or_default();
        let from = IpAddr::V4(Ipv4Addr::new(127, 1, u8::try_from(number / 250).unwrap_or_default(), last + 1));
        let home = Url::parse(&format!("http://{home}/")).unwrap();
        let dice = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
        Self { number, sub, home, wire: Wire { from }, jar: Jar::default(), token: String::new(), figures, dice }
    }

    /// One thing after another until it is time to go.
    pub(super) async fn live(mut self, end: Instant) {
        sleep(Duration::from_millis(self.number * 100)).await;
        while Instant::now() < end {
            match self.throw(10) {
                _ if self.token.is_empty() => self.sign_in().await,
                0 => self.sign_out().await,
                1..=2 => self.bad_cookie().await,
                3..=5 => self.look().await,
                _ => self.chat().await,
            }
            sleep(Duration::from_millis(THINKING + self.throw(THINKING))).await;
        }
    }

    /// Xorshift: enough to spread people out.
    fn throw(&mut self, sides: u64) -> u64 {
        self.dice ^= self.dice << 13;
        self.dice ^= self.dice >> 7;
        self.dice ^= self.dice << 17;
        self.dice % sides
    }

    async fn sign_in(&mut self) {
        let began = Instant::now();
        let mut page = self.ask("sign-in", "sign-in", None, 303).await;
        let Some(mut address) = page.location.take() else { return };
        for _ in 0..8 {
            if address.origin() == self.home.origin() {
                break;
            }
            page = if page.text.contains("name=\"transaction\"") {
                let id = between(&page.text, "name=\"transaction\" value=\"");
                let (path, name, value) = match page.text.contains("action=\"/u/login\"") {
                    true => ("/u/login", "user", self.sub.as_str()),
                    false => ("/u/consent", "action", "accept"),
                };
                let to = address.join(path).unwrap();
                self.wire.send(&to, &[], Some(&[("transaction", &id), (name, value)])).await
            } else {
                self.wire.send(&address, &[], None).await
            };
            if let Some(next) = page.location.take() {
                address = next;
            }
        }
        let back = format!("callback?{}", address.query().unwrap_or_default());
        let answer = self.ask("callback", &back, None, 303).await;
        if answer.status == 303 {
            self.figures.count("whole sign-in", "done", began.elapsed(), true, "");
            self.look().await;
        }
    }

    async fn look(&mut self) {
        let path = ["", "activity", "approvals"][usize::try_from(self.throw(3)).unwrap_or_default()];
        if self.token.is_empty() || path.is_empty() {
            let page = self.ask("chat page", "", None, 200).await;
            self.token = between(&page.text, "name=\"token\" value=\"");
        } else {
            self.ask("other page", path, None, 200).await;
        }
    }

    async fn chat(&mut self) {
        let began = Instant::now();
        let token = self.token.clone();
        let answer =
            self.send("chat", &[("token", &token), ("text", "What are my Okta groups?")], "text/event-stream").await;
        let whole = answer.text.contains("\"state\":\"complete\"");
        let status = if whole { "complete".to_owned() } else { answer.status.to_string() };
        self.figures.count("chat", &status, began.elapsed(), whole, &answer.text);
    }

    async fn sign_out(&mut self) {
        let began = Instant::now();
        let token = std::mem::take(&mut self.token);
        let answer = self.send("sign-out", &[("token", &token)], "text/html").await;
        self.jar.take(&answer.cookies);
        self.figures.count("sign-out", &answer.status.to_string(), began.elapsed(), answer.status == 200, &answer.text);
    }

    /// Nobody's cookie, one that is too long, one that is there twice, and bytes that are none.
    async fn bad_cookie(&mut self) {
        let nobody = format!("__Host-mandate={:043}", self.throw(u64::MAX));
        let (cookie, status) = match self.throw(4) {
            0 => (nobody, 401),
            1 => (format!("__Host-mandate={}", "x".repeat(4000)), 401),
            2 => (format!("{nobody}; {nobody}"), 400),
            _ => ("__Host-mandate=\u{e9}".to_owned(), 400),
        };
        let began = Instant::now();
        let url = self.home.join("activity").unwrap();
        let answer = self.wire.send(&url, &[("cookie", &cookie)], None).await;
        let good = answer.status == status && answer.cookies.is_empty();
        self.figures.count("bad cookie", &answer.status.to_string(), began.elapsed(), good, &answer.text);
    }

    async fn ask(&mut self, kind: &'static str, path: &str, form: Option<&[(&str, &str)]>, status: u16) -> Answer {
        let began = Instant::now();
        let url = self.home.join(path).unwrap();
        let answer = self.wire.send(&url, &[("cookie", &self.jar.header())], form).await;
        self.jar.take(&answer.cookies);
        self.figures.count(kind, &answer.status.to_string(), began.elapsed(), answer.status == status, &answer.text);
        answer
    }

    async fn send(&self, path: &str, form: &[(&str, &str)], accept: &str) -> Answer {
        let (url, origin) = (self.home.join(path).unwrap(), self.home.origin().ascii_serialization());
        let headers = [("cookie", self.jar.header()), ("origin", origin), ("accept", accept.to_owned())];
        let headers: Vec<(&str, &str)> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
        self.wire.send(&url, &headers, Some(form)).await
    }
}

fn between(text: &str, mark: &str) -> String {
    text.split_once(mark).and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default().to_owned()
}
