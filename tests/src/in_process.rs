//! The functions' handlers in this process, set up as their processes are.

use std::time::Duration;

use auth::time::Clock;
use ciba_initiator::CibaInitiator;
use function::serve::{ClientContext, Invocation};
use function::settings::{Environment, Reader};
use function::telemetry::{Outcome, Steps};
use function::trace::Trace;
use okta_groups::OktaGroups;
use serde_json::Value;
use tokio::time::Instant;
use tool::catalog::Entry;
use upstream_aws::Identity;
use upstream_http::openfga::OpenFga;

use crate::World;

/// The handler of `okta-groups`.
pub struct InProcess(OktaGroups);

/// The handler of `fga-authorizer`.
pub struct Authorizing(OpenFga);

impl World {
    /// The handler of `okta-groups` with the settings that its process has. The authorizer it asks is the process.
    pub async fn okta_groups(&self) -> InProcess {
        self.okta_groups_by(self.laptop.clock.clone()).await
    }

    /// The same by another clock.
    pub async fn okta_groups_by(&self, clock: Clock) -> InProcess {
        let environment = Environment::from_pairs(self.laptop.environment("okta-groups"));
        let mut reader = Reader::new(&environment);
        let settings = okta_groups::settings::Settings::read(&mut reader);
        let settings = reader.finish(settings).expect("the settings are complete");
        let aws = self.identity("okta-groups");
        InProcess(OktaGroups::build(settings, aws, clock).await.expect("it starts"))
    }

    /// The tools that `ciba-initiator` registers with the settings that its process has.
    pub async fn ciba_initiator_entries(&self) -> Vec<Entry> {
        let environment = Environment::from_pairs(self.laptop.environment("ciba-initiator"));
        let mut reader = Reader::new(&environment);
        let settings = ciba_initiator::settings::Settings::read(&mut reader);
        let settings = reader.finish(settings).expect("the settings are complete");
        let aws = self.identity("ciba-initiator");
        CibaInitiator::build(settings, aws, self.laptop.clock.clone()).await.expect("it starts").entries()
    }

    /// The handler of `fga-authorizer` with the settings that its process has.
    pub async fn fga_authorizer(&self) -> Authorizing {
        let environment = Environment::from_pairs(self.laptop.environment("fga-authorizer"));
        let mut reader = Reader::new(&environment);
        let settings = fga_authorizer::settings::Settings::read(&mut reader);
        let settings = reader.finish(settings).expect("the settings are complete");
        let built = fga_authorizer::build(settings, Identity::default(), self.laptop.clock.clone());
        Authorizing(built.await.expect("it starts"))
    }
}

impl InProcess {
    /// The tools that it has registered.
    pub fn entries(&self) -> Vec<Entry> {
        self.0.entries()
    }

    /// One event.
    pub async fn handle(&self, event: &Value) -> (Value, Outcome) {
        self.handle_as(event, &invocation(Duration::from_secs(10))).await
    }

    /// One event of this invocation.
    pub async fn handle_as(&self, event: &Value, invocation: &Invocation) -> (Value, Outcome) {
        self.0.handle(&event.to_string(), invocation).await
    }
}

impl Authorizing {
    /// One event.
    pub async fn handle(&self, event: &Value) -> Value {
        fga_authorizer::handle(&self.0, &event.to_string(), &invocation(Duration::from_secs(10))).await.body
    }
}

/// An invocation that must be done within `time`.
pub fn invocation(time: Duration) -> Invocation {
    invocation_named("11111111-2222-3333-4444-555555555555".to_owned(), time)
}

/// The same with this request id.
pub fn invocation_named(request_id: String, time: Duration) -> Invocation {
    Invocation {
        reference: auth::id::Reference::of_request(&request_id),
        until: Instant::now() + time,
        remaining: time,
        trace: Trace::of_request(&request_id),
        client_context: ClientContext::default(),
        steps: Steps::new(),
        cold: false,
        request_id,
    }
}
