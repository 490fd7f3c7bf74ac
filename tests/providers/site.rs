//! Our clients, set to a provider as a deployment would be: by settings.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use auth::approval::{Pending, Poll, Requested};
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::{Clock, Timestamp};
use function::settings::{Environment, Reader};
use tokio::time::Instant;
use tool::house::IdentityProvider;
use upstream_http::auth0::ciba::{Ciba, StartError};
use upstream_http::auth0::login::{Begin, Callback, LoginError, PendingLogin, SignedIn, begin};
use upstream_http::auth0::refresh::{self, Held, Refreshed};
use upstream_http::auth0::{Client, Settings, TokenError};
use upstream_http::jwks::Keys;
use upstream_http::transport::Transport;
use url::Url;

use crate::mandates::asking;

/// Nobody listens there: a walk ends when it is sent to it.
pub(crate) const HOME: &str = "http://127.0.0.1:9/callback";
pub(crate) const SIGNED_OUT: &str = "http://127.0.0.1:9/signed-out";
pub(crate) const CLIENT: &str = "mandate";
pub(crate) const SECRET: &str = "a-secret-of-the-tests";

/// What a loaded machine may need for one answer.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

pub(crate) struct Site {
    pub(crate) transport: Transport,
    pub(crate) settings: Settings,
    pub(crate) keys: Arc<Keys>,
    pub(crate) ciba: Ciba,
    ahead: Arc<AtomicU64>,
}

pub(crate) fn now() -> Timestamp {
    function::clock::system().now()
}

pub(crate) fn until() -> Instant {
    Instant::now() + PATIENCE
}

impl Site {
    /// From settings by name, as a function reads them.
    pub(crate) fn new(pairs: &[(&str, &str)]) -> Self {
        Self::with_secret(pairs, SECRET)
    }

    pub(crate) fn with_secret(pairs: &[(&str, &str)], secret: &str) -> Self {
        let environment = Environment::from_pairs(pairs.iter().copied());
        let mut reader = Reader::new(&environment);
        let identity = IdentityProvider::read(&mut reader);
        let IdentityProvider { issuer, base, provider } =
            reader.finish(identity).unwrap_or_else(|problems| panic!("{problems}"));
        let client = Client { base, id: CLIENT.to_owned(), secret: Secret::new(secret.to_owned()).into(), provider };
        let transport = Transport::new(None).unwrap();
        let ahead = Arc::new(AtomicU64::new(0));
        let by = Arc::clone(&ahead);
        let clock = Clock::new(move || now().plus(by.load(Ordering::SeqCst)));
        let keys = Arc::new(Keys::new(transport.clone(), client.keys(), clock));
        let ciba = Ciba::new(transport.clone(), issuer.clone(), client.clone(), Arc::clone(&keys));
        let redirect_uri = Url::parse(HOME).unwrap();
        let settings = Settings { issuer, client, redirect_uri, expects_iss: true };
        Self { transport, settings, keys, ciba, ahead }
    }

    /// For the keys' cache, so many seconds go by.
    pub(crate) fn pass(&self, seconds: u64) {
        self.ahead.fetch_add(seconds, Ordering::SeqCst);
    }

    /// Where a browser ends its session at the provider.
    pub(crate) fn logout(&self) -> Url {
        self.settings.client.logout(&Url::parse(SIGNED_OUT).unwrap()).expect("an address")
    }

    /// Where a sign-in begins; `seed` makes it this one and no other.
    pub(crate) fn begin(&self, seed: u8) -> (Url, PendingLogin) {
        let ask = Begin { scopes: Scopes::parse("profile email offline_access"), ..Begin::default() };
        begin(&self.settings, ask, [[seed; 32], [seed + 1; 32], [seed + 2; 32]], now())
    }

    /// From the callback to the person.
    pub(crate) async fn finish(&self, pending: PendingLogin, callback: Callback) -> Result<SignedIn, LoginError> {
        let exchanged = pending.exchange(callback, &self.transport, &self.settings, now(), until()).await?;
        let kid = exchanged.key_id();
        let keys = self.keys.of(kid.as_deref(), until()).await.map_err(|_| LoginError::UnknownKey)?;
        exchanged.verify(&keys, now())
    }

    /// A refresh by the token of somebody who signed in.
    pub(crate) async fn refresh(&self, of: &SignedIn, subject: &Subject) -> Result<Refreshed, TokenError> {
        let held = Held { token: &of.refresh_token, subject, keys: &self.keys };
        let ask = refresh::Ask::default();
        refresh::refresh(&self.transport, &self.settings.client, held, ask, now(), until()).await
    }

    /// Asks a person for an approval that lives for so many seconds.
    pub(crate) async fn ask(&self, subject: &Subject, email: &str, seconds: u64) -> Result<Pending, StartError> {
        let (mandate, binding) = asking(subject, Some(email), seconds);
        let started = self.ciba.start(&mandate, &binding, "Reset the password", now(), until()).await?;
        Ok(Requested { binding, version: 1 }.started(started, now(), now()))
    }

    pub(crate) async fn poll(&self, pending: &Pending) -> Poll {
        self.ciba.poll(pending, now(), until()).await
    }
}

/// The query that a walk brings home.
pub(crate) fn callback(home: &Url) -> Callback {
    let parameter =
        |wanted: &str| home.query_pairs().find(|(name, _)| name == wanted).map(|(_, value)| value.into_owned());
    Callback {
        code: parameter("code").map(Secret::new),
        state: parameter("state"),
        iss: parameter("iss"),
        error: parameter("error"),
    }
}
