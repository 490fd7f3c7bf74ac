//! A person in front of the tenant's pages.

use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;
use cli::browser::{Browser, Page, parameter};
use devstack::sample::Person;
use devstack::stack::Stack;
use upstream_http::auth0::login::{Begin, Callback, Exchanged, LoginError, PendingLogin, begin};
use upstream_http::auth0::refresh::{Ask, Held, refresh};
use upstream_http::jwks::Keys;
use url::Url;

use crate::start::{clock, now, settings, transport, until, url};

/// What somebody presses on each page.
#[derive(Clone, Copy)]
pub(crate) enum Presses {
    /// Yes to all.
    Yes,
    /// No to consent.
    No,
}

/// From the address of a sign-in to the callback's query.
pub(crate) async fn walk(stack: &Stack, address: Url, person: &Person, presses: Presses) -> Callback {
    let browser = Browser::new(transport(), url(&stack.redirect_uri));
    let mut page = open(&browser, address).await;
    while !browser.is_home(&page) {
        let (path, name, value) = match presses {
            _ if page.html.contains("action=\"/u/login\"") => ("/u/login", "user", person.sub()),
            Presses::Yes if page.html.contains("action=\"/u/consent\"") => {
                ("/u/consent", "action", "accept".to_owned())
            }
            Presses::No if page.html.contains("action=\"/u/consent\"") => {
                ("/u/consent", "action", "decline".to_owned())
            }
            Presses::Yes | Presses::No => ("/u/mfa-push-enrollment", "action", "enrol".to_owned()),
        };
        page = browser.press(&page, path, name, &value).await.unwrap();
    }
    callback(&page.url)
}

/// The query that an address brings home.
pub(crate) fn callback(home: &Url) -> Callback {
    Callback {
        code: parameter(home, "code").map(Secret::new),
        state: parameter(home, "state"),
        iss: parameter(home, "iss"),
        error: parameter(home, "error"),
    }
}

pub(crate) async fn open(browser: &Browser, address: Url) -> Page {
    browser.open(address).await.unwrap_or_else(|error| panic!("{error}"))
}

/// A sign-in that was begun; `seed` makes it this one and no other.
pub(crate) fn begun(stack: &Stack, ask: Begin, seed: u8, now: Timestamp) -> (Url, PendingLogin) {
    begin(&settings(stack), ask, [[seed; 32], [seed + 1; 32], [seed + 2; 32]], now)
}

pub(crate) async fn exchange(
    stack: &Stack,
    pending: PendingLogin,
    callback: Callback,
) -> Result<Exchanged, LoginError> {
    pending.exchange(callback, &transport(), &settings(stack), now(), until()).await
}

/// A refresh token of somebody who signed in without the pages.
pub(crate) fn refresh_token(stack: &Stack, person: &Person) -> Secret {
    let scope = "openid profile email offline_access";
    let organization = Some(devstack::sample::ORGANIZATION);
    Secret::new(stack.auth0.issue(&stack.web.id, &person.sub(), scope, organization).unwrap().refresh_token)
}

/// Who they are, by the double's ID tokens.
pub(crate) fn subject_of(stack: &Stack, person: &Person) -> Subject {
    Subject::new(stack.auth0.issuer(), &person.sub()).unwrap()
}

/// A person's token for the My Account API.
pub(crate) async fn my_account_token(stack: &Stack, person: &Person, scopes: &str) -> Secret {
    let (token, subject) = (refresh_token(stack, person), subject_of(stack, person));
    let audience = format!("{}me/", stack.auth0.issuer());
    let scopes = auth::scope::Scopes::parse(scopes);
    let ask = Ask { audience: Some(&audience), scopes: Some(&scopes) };
    let client = settings(stack).client;
    let keys = Keys::new(transport(), client.keys(), clock());
    let held = Held { token: &token, subject: &subject, keys: &keys };
    let refreshed = refresh(&transport(), &client, held, ask, now(), until()).await;
    refreshed.unwrap_or_else(|error| panic!("{error}")).access_token
}
