//! Just enough of a browser to walk through sign-in pages: redirects, and forms with hidden inputs.

use std::time::Duration;

use regex::Regex;
use tokio::time::Instant;
use upstream_http::transport::{Reply, Transport};
use url::Url;

use crate::trouble::Trouble;

const PATIENCE: Duration = Duration::from_secs(15);
const MOST_REDIRECTS: usize = 10;

/// Where a walk has come to.
pub struct Page {
    /// The address of the page.
    pub url: Url,
    /// Its text; empty for a redirect out of the walk.
    pub html: String,
}

/// Follows links and submits forms until it is sent to `home`, which it does not visit.
pub struct Browser {
    transport: Transport,
    home: Url,
}

impl Browser {
    /// `home` is the application's own address: a redirect to it ends a walk.
    #[must_use]
    pub fn new(transport: Transport, home: Url) -> Self {
        Self { transport, home }
    }

    /// Opens `url` and follows redirects.
    ///
    /// # Errors
    /// When a page does not come, or comes with an error status.
    pub async fn open(&self, url: Url) -> Result<Page, Trouble> {
        let reply = self.transport.get(url.clone()).send(Instant::now() + PATIENCE).await;
        self.arrive(url, reply.map_err(|error| Trouble::because("a page did not open", error))?).await
    }

    /// Presses the button `name`=`value` of the form whose action is `action`, with the form's hidden inputs.
    ///
    /// # Errors
    /// When the page has no such form, or the next page does not come.
    pub async fn press(&self, page: &Page, action: &str, name: &str, value: &str) -> Result<Page, Trouble> {
        let form = page
            .html
            .split("<form")
            .find(|form| form.contains(&format!("action=\"{action}\"")))
            .ok_or_else(|| Trouble::new(format!("the page has no form `{action}`")))?;
        let hidden = Regex::new(r#"<input type="hidden" name="([^"]*)" value="([^"]*)">"#)
            .map_err(|error| Trouble::because("the pattern of hidden inputs", error))?;
        let mut fields: Vec<(String, String)> =
            hidden.captures_iter(form).map(|found| (capture(&found, 1), capture(&found, 2))).collect();
        fields.push((name.to_owned(), value.to_owned()));
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let url = page.url.join(action).map_err(|error| Trouble::because("the form's address", error))?;
        let reply = self.transport.post(url.clone()).form(&fields).send(Instant::now() + PATIENCE).await;
        self.arrive(url, reply.map_err(|error| Trouble::because("a form was not answered", error))?).await
    }

    /// Whether the walk has come back to the application.
    #[must_use]
    pub fn is_home(&self, page: &Page) -> bool {
        self.goes_home(&page.url)
    }

    async fn arrive(&self, url: Url, reply: Reply) -> Result<Page, Trouble> {
        let (mut url, mut reply) = (url, reply);
        for _ in 0..MOST_REDIRECTS {
            let Some(location) = reply.header("location").filter(|_| (300..400).contains(&reply.status())) else {
                return read(url, &reply);
            };
            url = url.join(location).map_err(|error| Trouble::because("a redirect's address", error))?;
            if self.goes_home(&url) {
                return Ok(Page { url, html: String::new() });
            }
            let next = self.transport.get(url.clone()).send(Instant::now() + PATIENCE).await;
            reply = next.map_err(|error| Trouble::because("a page did not open", error))?;
        }
        Err(Trouble::new("the pages redirect in a circle"))
    }

    fn goes_home(&self, url: &Url) -> bool {
        url.origin() == self.home.origin() && url.path() == self.home.path()
    }
}

fn read(url: Url, reply: &Reply) -> Result<Page, Trouble> {
    if reply.status() != 200 {
        return Err(Trouble::new(format!("{} answered with status {}", url.path(), reply.status())));
    }
    Ok(Page { url, html: String::from_utf8_lossy(reply.body()).into_owned() })
}

/// The value of a query parameter of `url`.
#[must_use]
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

fn capture(found: &regex::Captures<'_>, group: usize) -> String {
    found.get(group).map_or_else(String::new, |text| text.as_str().to_owned())
}
