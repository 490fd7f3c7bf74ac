//! What a tool needs around it, in this process, for tools that no function of ours has.

use auth::scope::Scopes;
use function::settings::{Environment, Reader};
use okta_groups::settings::Settings;
use tool::house::{Clients, House};
use tool::registry::Registry;
use upstream_http::okta::Okta;

use crate::World;

impl World {
    /// A house with the settings of `okta-groups`, whose vault gives tokens for `scopes`, a registry of its action group
    /// without tools, and a client of Okta.
    pub async fn house(&self, scopes: &str) -> (House, Registry, Okta) {
        let (house, registry, clients) = self.house_with(scopes, &[]).await;
        (house, registry, clients.okta)
    }

    /// The same with settings added or replaced, and all clients.
    pub async fn house_with(&self, scopes: &str, more: &[(&str, &str)]) -> (House, Registry, Clients) {
        let mut environment = self.laptop.environment("okta-groups");
        environment.extend(more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let environment = Environment::from_pairs(environment);
        let mut reader = Reader::new(&environment);
        let settings = Settings::read(&mut reader);
        let settings = reader.finish(settings).expect("the settings are complete");
        let (identity, clock) = (self.identity("okta-groups"), self.laptop.clock.clone());
        let built = House::build(settings.house, Scopes::parse(scopes), None, identity, clock).await;
        let (house, clients) = built.expect("the clients are made");
        (house, Registry::of(settings.action_group, settings.ticket_keys), clients)
    }
}
