//! Answering on the phone: its page, as its person sees it.

use url::Url;

use super::request::Waiting;
use crate::browser::Browser;
use crate::start::sample_person;
use crate::tour::Tour;
use crate::trouble::Trouble;

/// What is pressed.
#[derive(Clone, Copy)]
pub(super) enum Button {
    Approve,
    Deny,
}

impl Tour {
    /// Answers a request on its person's phone, which must show the code that the chat showed.
    pub(super) async fn press(&mut self, waiting: &Waiting, button: Button) -> Result<(), Trouble> {
        let laptop = &self.started.laptop;
        let url = laptop.stack.auth0.phone(&sample_person(waiting.who)?.sub());
        let url = Url::parse(&url).map_err(|error| Trouble::because("the phone's address", error))?;
        let browser = Browser::new(laptop.transport.clone(), laptop.auth0.redirect_uri.clone());
        let page = browser.open(url).await?;
        let same = page.html.contains(&format!("{}</b>", waiting.code));
        let (value, said, stands) = match button {
            Button::Approve => ("approve", "yes", "approved"),
            Button::Deny => ("deny", "no", "denied"),
        };
        let page = browser.press(&page, "/phone/answer", "answer", value).await?;
        let answered = page.html.contains(&format!("{}: {stands}", waiting.code));
        let seen = match (same, answered) {
            (true, true) => format!("{}: {stands}", waiting.code),
            (true, false) => "the answer did not count".to_owned(),
            (false, _) => format!("the phone does not show {}", waiting.code),
        };
        let name = format!("{}'s phone shows the same code, and says {said}", waiting.who);
        self.report.step(same && answered, &name, &seen);
        Ok(())
    }
}
