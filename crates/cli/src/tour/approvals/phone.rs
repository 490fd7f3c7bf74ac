//! Answering on the phone: its page, as its person sees it.

use url::Url;

use super::request::Waiting;
use crate::browser::{Browser, Page};
use crate::start::sample_person;
use crate::tour::Tour;
use crate::trouble::Trouble;

/// What is pressed.
#[derive(Clone, Copy)]
pub(in crate::tour) enum Button {
    Approve,
    Deny,
}

impl Tour {
    /// Answers a request on its person's phone, which must show the code that the chat showed.
    pub(in crate::tour) async fn press(&mut self, waiting: &Waiting, button: Button) -> Result<(), Trouble> {
        let laptop = &self.started.laptop;
        let url = laptop.stack.auth0.phone(&sample_person(waiting.who)?.sub());
        let url = Url::parse(&url).map_err(|error| Trouble::because("the phone's address", error))?;
        let browser = Browser::new(laptop.transport.clone(), laptop.auth0.redirect_uri.clone());
        let page = browser.open(url).await?;
        let Some(card) = card(&page, &waiting.code) else {
            let name = format!("{}'s phone shows the same code", waiting.who);
            self.report.step(false, &name, &format!("it does not show {}", waiting.code));
            return Ok(());
        };
        let (value, said, stands) = match button {
            Button::Approve => ("approve", "yes", "approved"),
            Button::Deny => ("deny", "no", "denied"),
        };
        let page = browser.press(&card, "/phone/answer", "answer", value).await?;
        let answered = page.html.contains(&format!("{}: {stands}", waiting.code));
        let seen = if answered { format!("{}: {stands}", waiting.code) } else { "the answer did not count".to_owned() };
        let name = format!("{}'s phone shows the same code, and says {said}", waiting.who);
        self.report.step(answered, &name, &seen);
        Ok(())
    }
}

/// The part of the page that asks about the request with this code. There may be others: ours are over on the second,
/// the phone's a moment later.
fn card(page: &Page, code: &str) -> Option<Page> {
    let form = page.html.split("<form").skip(1).find(|form| form.contains(&format!("{code}</b>")))?;
    Some(Page { url: page.url.clone(), html: format!("<form{form}") })
}

#[cfg(test)]
mod tests {
    use super::{Page, Url, card};

    #[test]
    fn of_several_requests_the_one_with_the_code_is_answered() {
        let html =
            "<form a><b>Unlock AAAAAA</b></form>\n<form b><b>Unlock BBBBBB</b></form><li>Unlock CCCCCC: denied</li>";
        let page = Page { url: Url::parse("http://127.0.0.1/phone/x").unwrap(), html: html.to_owned() };
        let found = card(&page, "BBBBBB").map(|card| card.html).unwrap();
        assert!(found.starts_with("<form b>") && !found.contains("AAAAAA"), "{found}");
        assert!(card(&page, "CCCCCC").is_none());
    }
}
