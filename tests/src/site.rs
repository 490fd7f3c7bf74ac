//! The web application of a running system, and a browser of a few lines in front of it.

mod browser;
mod lambda;

use std::sync::{Arc, Mutex, PoisonError};

use auth::time::Clock;
use cli::laptop::Website;
use devstack::sample::Person;
use function::telemetry::Log;

pub use self::browser::{Browser, Page};
pub use self::lambda::LambdaSite;
use crate::World;
use crate::gateway::GATEWAY;

/// A system and its web application.
pub struct Site {
    /// The application.
    pub website: Website,
    /// The system.
    pub world: World,
    /// What it logged.
    pub lines: Arc<Mutex<Vec<String>>>,
}

impl Site {
    /// Starts both. The functions that read are up.
    pub async fn start() -> Self {
        Self::of(World::start().await, function::clock::system(), &[]).await
    }

    /// Both, for people who come through a gateway: the tools take the tickets that [`gateway`](crate::gateway) makes, and there
    /// is no chat.
    pub async fn at_a_gateway(clock: Clock) -> Self {
        let settings = [
            ("GATEWAY_URL", "https://gateway.example/mcp"),
            ("GATEWAY_AUDIENCE", "https://tools.example"),
            ("GATEWAY_CLIENTS", "client-one,client-two"),
            ("AGENT_ID", GATEWAY),
            ("AGENT_ALIAS_ID", ""),
        ];
        Self::of(World::start_behind_a_gateway().await, clock, &settings).await
    }

    /// The web application of a system, with its own clock and settings.
    pub async fn of(world: World, clock: Clock, settings: &[(&str, &str)]) -> Self {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&lines);
        let log = Log::to("web", clock.clone(), move |line| {
            kept.lock().unwrap_or_else(PoisonError::into_inner).push(line.to_owned());
        });
        let website = world.laptop.serve_web(0, settings, clock, log).await.expect("the web application starts");
        world.forget();
        Self { website, world, lines }
    }

    /// A browser that nobody is signed in with.
    pub fn browser(&self) -> Browser {
        Browser::new(self.world.laptop.transport.clone(), &self.website.url)
    }

    /// A browser in which a sample person has signed in, through the pages.
    pub async fn signed_in(&self, name: &str) -> Browser {
        let person = Person::named(name).expect("a sample person");
        let mut browser = self.browser();
        browser.sign_in(&person).await;
        self.world.forget();
        browser
    }

    /// The same with their Okta account connected.
    pub async fn connected(&self, name: &str) -> Browser {
        let person = Person::named(name).expect("a sample person");
        self.world.laptop.stack.auth0.connect(&person.sub(), devstack::sample::CONNECTION).await.expect("it connects");
        self.signed_in(name).await
    }

    /// Every line that the application logged.
    pub fn logs(&self) -> Vec<String> {
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
