//! The web application as a Lambda function behind an address of its own.

use std::time::Duration;

use devstack::lambda::{Function, FunctionUrl};
use devstack::sample::{CONNECTION, Person};
use tokio::net::TcpListener;

use super::Browser;
use crate::World;
use crate::world::binaries;

/// A system whose web application is a process that speaks the Runtime API.
pub struct LambdaSite {
    /// Its address.
    pub address: FunctionUrl,
    /// The system.
    pub world: World,
}

impl LambdaSite {
    /// Starts both, with settings of the web application added or replaced. A request may take so long.
    pub async fn start(settings: &[(&str, &str)], within: Duration) -> Self {
        let world = World::start().await;
        let laptop = &world.laptop;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        laptop.allow_web(&url);
        let mut function = Function::new("web", binaries().join("web")).within(within);
        function.concurrency = 3;
        function.environment = laptop.web_environment(&url);
        function.environment.extend(laptop.web_credentials());
        let settings = settings.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        function.environment.extend(settings);
        laptop.stack.lambda.add(function).expect("the function is hosted");
        laptop.stack.lambda.warm("web").await.expect("the function starts");
        let address = laptop.stack.lambda.address("web", listener).expect("an address");
        world.forget();
        Self { address, world }
    }

    /// A browser that nobody is signed in with.
    pub fn browser(&self) -> Browser {
        Browser::new(self.world.laptop.transport.clone(), &self.address.double.url())
    }

    /// A browser in which a sample person has signed in, with their Okta account connected.
    pub async fn connected(&self, name: &str) -> Browser {
        let person = Person::named(name).expect("a sample person");
        self.world.laptop.stack.auth0.connect(&person.sub(), CONNECTION).await.expect("it connects");
        let mut browser = self.browser();
        browser.sign_in(&person).await;
        browser
    }
}
