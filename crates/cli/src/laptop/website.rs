//! The web application, in this process.

use std::net::Ipv4Addr;

use auth::time::Clock;
use function::settings::{Environment, Reader};
use function::telemetry::Log;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use web::App;
use web::settings::Settings;

use super::Laptop;
use super::account::{self, WEB_APP_ROLE};
use crate::trouble::Trouble;

/// A running web application. Dropping it ends it at once; [`Website::stop`] lets answers finish.
pub struct Website {
    /// Its own origin, without a trailing slash.
    pub url: String,
    stop: Option<oneshot::Sender<()>>,
    task: JoinHandle<()>,
}

impl Laptop {
    /// Registers the addresses of a web application at `url`, which has no trailing slash, with the tenant: those that a sign-in, a
    /// connection and a logout come back to, and that of its back-channel logout.
    pub fn allow_web(&self, url: &str) {
        let auth0 = &self.stack.auth0;
        for path in ["callback", "accounts/callback"] {
            auth0.allow_callback(&format!("{url}/{path}"));
        }
        auth0.allow_logout_url(&format!("{url}/signed-out"));
        auth0.set_back_channel(&self.stack.web.id, &format!("{url}/back-channel-logout"));
    }

    /// Starts the web application on this port, or on a free one for 0, with the settings of this system and those of
    /// `overrides` in place of them. What it logs goes to `log`.
    ///
    /// # Errors
    /// A taken port, or a setting that it refuses.
    pub async fn serve_web(
        &self,
        port: u16,
        overrides: &[(&str, &str)],
        clock: Clock,
        log: Log,
    ) -> Result<Website, Trouble> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await;
        let listener =
            listener.map_err(|error| Trouble::because(&format!("port {port} for the web application"), error))?;
        let address = listener.local_addr().map_err(|error| Trouble::because("the web application's port", error))?;
        let url = format!("http://{address}");
        self.allow_web(&url);
        let mut pairs = self.web_environment(&url);
        pairs.extend(overrides.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let environment = Environment::from_pairs(pairs);
        let mut reader = Reader::new(&environment);
        let settings = Settings::read(&mut reader);
        let settings = reader.finish(settings).map_err(|problems| Trouble::new(problems.to_string()))?;
        let credentials = account::credentials(&self.stack.security, WEB_APP_ROLE)?;
        let identity = upstream_aws::Identity { credentials: Some(credentials) };
        let app = App::build(settings, identity, clock, log).await;
        let app = app.map_err(|error| Trouble::because("the web application", error))?;
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            let told = async {
                // Whoever drops the sender ends the task as well.
                let _told = stopped.await;
            };
            let _ended = web::server::serve(app, listener, told).await;
        });
        Ok(Website { url, stop: Some(stop), task })
    }
}

impl Website {
    /// Ends it as a signal would: streams are told to end, and what is open may finish.
    pub async fn stop(mut self) {
        if let Some(stop) = self.stop.take() {
            let _told = stop.send(());
        }
        let _ended = (&mut self.task).await;
    }
}

impl Drop for Website {
    fn drop(&mut self) {
        self.task.abort();
    }
}
