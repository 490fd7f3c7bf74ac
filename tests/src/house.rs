//! What a tool needs around it, in this process, for tools that no function of ours has.

use auth::scope::Scopes;
use function::settings::{Environment, Reader};
use okta_groups::settings::Settings;
use tool::house::House;
use upstream_aws::{Authorizer, Aws, AwsSettings, Seal, SessionStore};
use upstream_http::auth0::{self, vault::Vault};
use upstream_http::okta::Okta;

use crate::World;

impl World {
    /// A house with the settings of `okta-groups`, whose vault gives tokens for `scopes`, and a client of Okta.
    pub async fn house(&self, scopes: &str) -> (House, Okta) {
        let environment = Environment::from_pairs(self.laptop.environment("okta-groups"));
        let mut reader = Reader::new(&environment);
        let settings = Settings::read(&mut reader);
        let settings = reader.finish(settings).expect("the settings are complete");
        let (transport, clock) = (self.laptop.transport.clone(), self.laptop.clock.clone());
        let identity = self.laptop.aws_identity();
        let aws = Aws::connect(AwsSettings {
            region: Some(settings.endpoints.region),
            credentials: identity.credentials,
            dynamodb_url: settings.endpoints.dynamodb.map(String::from),
            lambda_url: settings.endpoints.lambda.map(String::from),
            sqs_url: None,
            extra_ca_pem: None,
        });
        let aws = aws.await.expect("the clients are made");
        let okta = Okta::new(transport.clone(), settings.okta, clock.clone());
        let client = auth0::Client {
            base: settings.auth0.issuer,
            id: settings.auth0.client_id,
            secret: settings.auth0.client_secret,
        };
        let seal = Seal::local(&settings.seal_key).expect("the key seals");
        let house = House {
            keys: settings.ticket_keys,
            store: SessionStore::new(&aws, settings.session_table, seal),
            authorizer: Authorizer::new(&aws, settings.authorizer),
            vault: Vault::new(transport, client, settings.auth0.connection, Scopes::parse(scopes)),
            clock,
        };
        (house, okta)
    }
}
