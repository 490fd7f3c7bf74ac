//! Signing a sample person in, as the web application does it: through the pages, with consent and enrolment, then
//! connecting their Okta account, then writing the session row.

use std::time::Duration;

use auth::id::{AgentId, Organization, SessionReference};
use auth::scope::Scopes;
use auth::secret::Secret;
use auth::session::{Row, Tokens};
use auth::subject::Subject;
use auth::ticket::Statement;
use devstack::sample::{CONNECTION, ORGANIZATION, Person};
use tokio::time::Instant;
use tool::stopping::SignedOut;
use upstream_aws::Creation;
use upstream_http::auth0::Settings;
use upstream_http::auth0::connected_accounts::{self, Connect, ConnectedAccounts};
use upstream_http::auth0::login::{self, Begin, SignedIn};
use upstream_http::auth0::refresh::{Ask, Held, refresh};

use crate::browser::{Browser, Page, parameter};
use crate::random;
use crate::trouble::Trouble;
use crate::web_app::WebApp;

/// A session lasts eight hours, as the web application's does.
const SESSION_SECONDS: u64 = 8 * 3600;
const TICKET_SECONDS: u64 = 300;
const PATIENCE: Duration = Duration::from_secs(20);

/// Somebody with a session row.
pub struct Signed {
    /// Who.
    pub subject: Subject,
    /// The organization that they signed in to.
    pub organization: Option<Organization>,
    /// Their session with the agent.
    pub session: SessionReference,
}

/// What the pages asked for on the way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// Consent.
    pub consent: bool,
    /// Enrolment of a phone for pushes.
    pub enrolment: bool,
}

impl WebApp {
    /// Walks a sample person through the sign-in pages, and says yes to what they ask.
    ///
    /// # Errors
    /// When a page does not come, or the sign-in is refused.
    pub async fn sign_in(&self, person: &Person) -> Result<(SignedIn, Asked), Trouble> {
        let scopes = Scopes::parse("openid profile email offline_access");
        let organization = Some(Organization(ORGANIZATION.to_owned()));
        let ask = Begin { scopes, organization, connection: Some(CONNECTION.to_owned()), ..Begin::default() };
        self.sign_in_to(&self.auth0, ask, person).await
    }

    /// The same for any application of the tenant that is sent back to the same address, and for what it asks.
    pub(crate) async fn sign_in_to(
        &self,
        application: &Settings,
        ask: Begin,
        person: &Person,
    ) -> Result<(SignedIn, Asked), Trouble> {
        let now = self.clock.now();
        let random = [random::bytes()?, random::bytes()?, random::bytes()?];
        let (url, pending) = login::begin(application, ask, random, now);
        let browser = self.browser();
        let mut page = browser.open(url).await?;
        page = browser.press(&page, "/u/login", "user", &person.sub()).await?;
        let mut asked = Asked::default();
        while !browser.is_home(&page) {
            page = answer(&browser, &page, &mut asked).await?;
        }
        let callback = login::Callback {
            code: parameter(&page.url, "code").map(Secret::new),
            state: parameter(&page.url, "state"),
            iss: parameter(&page.url, "iss"),
            error: parameter(&page.url, "error"),
        };
        let until = Instant::now() + PATIENCE;
        let refused = |error| Trouble::because("sign-in", error);
        let exchanged = pending.exchange(callback, &self.transport, application, now, until).await.map_err(refused)?;
        let keys = self.id_token_keys(exchanged.key_id().as_deref()).await?;
        let signed_in = exchanged.verify(&keys, self.clock.now()).map_err(refused)?;
        Ok((signed_in, asked))
    }

    /// Connects the person's Okta account, so that the vault has something to exchange.
    ///
    /// # Errors
    /// When the tenant or Okta refuses.
    pub async fn connect(&self, signed_in: &SignedIn) -> Result<(), Trouble> {
        let (now, until) = (self.clock.now(), Instant::now() + PATIENCE);
        let audience = format!("{}me/", self.auth0.issuer);
        let scopes = Scopes::parse("create:me:connected_accounts read:me:connected_accounts");
        let ask = Ask { audience: Some(&audience), scopes: Some(&scopes) };
        let held = Held { token: &signed_in.refresh_token, subject: &signed_in.subject, keys: &self.keys };
        let token = refresh(&self.transport, &self.auth0.client, held, ask, now, until)
            .await
            .map_err(|error| Trouble::because("the My Account token", error))?
            .access_token;
        let accounts = ConnectedAccounts::new(self.transport.clone(), self.auth0.clone());
        let refused = |error| Trouble::because("connecting Okta", error);
        let nothing = Scopes::default();
        let connect = Connect { connection: CONNECTION, redirect_uri: &self.auth0.redirect_uri, scopes: &nothing };
        let random = [random::bytes()?, random::bytes()?];
        let (url, pending) = accounts.begin(&token, connect, random, now, until).await.map_err(refused)?;
        let page = self.browser().open(url).await?;
        let callback = connected_accounts::Callback {
            connect_code: parameter(&page.url, "connect_code").map(Secret::new),
            state: parameter(&page.url, "state"),
            error: parameter(&page.url, "error"),
        };
        accounts.complete(&token, pending, callback, now, until).await.map_err(refused)?;
        Ok(())
    }

    /// Writes the session row of somebody who signed in, for chats with the agent, under a new session id of 256 random bits.
    ///
    /// # Errors
    /// When the table does not take it.
    pub async fn begin_session(&self, signed_in: SignedIn) -> Result<Signed, Trouble> {
        let agent = self.agent().id;
        self.begin_session_with(signed_in, &agent).await
    }

    /// The same for another agent: behind a gateway that is the gateway, by its id.
    ///
    /// # Errors
    /// When the table does not take it.
    pub async fn begin_session_with(&self, signed_in: SignedIn, agent: &str) -> Result<Signed, Trouble> {
        let id = auth::id::sha256_base64url(&random::bytes::<32>()?);
        let session = SessionReference::parse(&id).map_err(|refusal| Trouble::new(refusal.cause()))?;
        let now = self.clock.now();
        let row = Row {
            hash: session.hash(),
            subject: signed_in.subject.clone(),
            organization: signed_in.organization.clone(),
            email: signed_in.email,
            connection: signed_in.connection,
            agent: AgentId::parse(agent),
            expires_at: now.plus(SESSION_SECONDS),
            version: 1,
            lease: None,
            tokens: Tokens::new(signed_in.refresh_token),
        };
        match self.store.create(&row, now, Instant::now() + PATIENCE).await {
            Ok(Creation::Created) => {
                Ok(Signed { subject: signed_in.subject, organization: signed_in.organization, session })
            }
            Ok(Creation::AlreadyThere) => Err(Trouble::new("the session id is taken, which chance does not explain")),
            Err(error) => Err(Trouble::because("the session table", error)),
        }
    }

    /// Signs somebody out: their session's row, its open approvals, its refresh token at Auth0, in this order.
    pub async fn sign_out(&self, signed: &Signed) -> SignedOut {
        Box::pin(self.stopping.sign_out(&signed.subject, &signed.session.hash(), Instant::now() + PATIENCE)).await
    }

    /// A ticket for this person's session and the agent, for five minutes.
    #[must_use]
    pub fn ticket(&self, signed: &Signed) -> Secret {
        let (agent, hash) = (self.agent(), signed.session.hash());
        let organization = signed.organization.as_ref();
        let statement = Statement { subject: &signed.subject, organization, agent: &agent, session: &hash };
        self.minter.mint(&statement, self.clock.now(), TICKET_SECONDS)
    }

    fn browser(&self) -> Browser {
        Browser::new(self.transport.clone(), self.auth0.redirect_uri.clone())
    }
}

async fn answer(browser: &Browser, page: &Page, asked: &mut Asked) -> Result<Page, Trouble> {
    if page.html.contains("action=\"/u/consent\"") {
        asked.consent = true;
        browser.press(page, "/u/consent", "action", "accept").await
    } else if page.html.contains("action=\"/u/mfa-push-enrollment\"") {
        asked.enrolment = true;
        browser.press(page, "/u/mfa-push-enrollment", "action", "enrol").await
    } else {
        Err(Trouble::new("a sign-in page asks for something unknown"))
    }
}
