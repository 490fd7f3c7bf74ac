//! A sign-in under way: kept here, and bound to the browser by a cookie of its own.

use std::borrow::Cow;

use auth::secret::Secret;
use auth::time::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::time::Instant;
use upstream_aws::{Creation, WebItem, WebKey, WebKind};
use upstream_http::auth0::login::{Callback, PendingLogin};

use crate::app::App;
use crate::person::place::Place;
use crate::problem::Problem;
use crate::random;

pub(super) struct Begun {
    pub(super) login: PendingLogin,
    pub(super) place: Place,
    /// When.
    pub(super) at: Timestamp,
}

#[derive(Serialize, Deserialize)]
struct Plain<'a> {
    #[serde(borrow)]
    login: Cow<'a, str>,
    place: String,
}

impl Begun {
    /// Stores it and gives the cookie.
    pub(super) async fn keep(self, app: &App, end: Timestamp) -> Result<Secret, Problem> {
        let cookie = random::text()?;
        let login = self.login.to_plain();
        let plain = Plain { login: Cow::Borrowed(login.expose()), place: self.place.path().to_owned() };
        let plain = Secret::new(serde_json::to_string(&plain).unwrap_or_default());
        let created = app.items.create(&key(&cookie)?, plain.expose().as_bytes(), end, App::until()).await?;
        if created == Creation::Created { Ok(cookie) } else { Err(Problem::internal("a random value came twice")) }
    }

    /// Takes it out of the table, so that it is there for one callback only: the one that has its `state`. Any other, which
    /// anybody can have a browser open, leaves it there.
    pub(super) async fn take(
        app: &App,
        cookie: &Secret,
        callback: &Callback,
        until: Instant,
    ) -> Result<Option<Self>, Problem> {
        let key = key(cookie)?;
        let seen = app.items.read(&key, until).await?.and_then(|item| Self::of(app, &item));
        if !seen.is_some_and(|seen| seen.login.is_of(callback)) {
            return Ok(None);
        }
        let taken = app.items.take(&key, until).await?.and_then(|item| Self::of(app, &item));
        Ok(taken.filter(|taken| taken.login.is_of(callback)))
    }

    /// Nothing if it is over or is none.
    fn of(app: &App, item: &WebItem) -> Option<Self> {
        if item.expires_at <= app.clock.now() {
            return None;
        }
        let plain: Plain<'_> = serde_json::from_slice(&item.content).ok()?;
        let login = PendingLogin::from_plain(plain.login.as_bytes())?;
        let at = item.expires_at.minus(super::SIGN_IN_SECONDS);
        Some(Self { login, place: Place::of(&plain.place), at })
    }
}

fn key(cookie: &Secret) -> Result<WebKey, Problem> {
    WebKey::of(WebKind::SignIn, cookie.expose().as_bytes()).ok_or_else(|| Problem::internal("a hash has another form"))
}
