//! The functions and the store, set up as their processes are.

use approval_worker::ApprovalWorker;
use auth::time::Clock;
use ciba_initiator::CibaInitiator;
use cli::laptop::account::{self, OPERATOR_ROLE};
use devstack::stack::APPROVAL_TABLE;
use function::settings::{Environment, Reader};
use upstream_aws::{ApprovalStore, Aws, AwsSettings, KmsKeys, Seal};

use crate::World;

fn environment(world: &World, function: &str, settings: &[(&str, &str, &str)]) -> Environment {
    let mut environment = world.laptop.environment(function);
    let own = settings.iter().filter(|(of, ..)| *of == function);
    environment.extend(own.map(|(_, name, value)| ((*name).to_owned(), (*value).to_owned())));
    Environment::from_pairs(environment)
}

pub(super) async fn initiator(world: &World, settings: &[(&str, &str, &str)]) -> CibaInitiator {
    let environment = environment(world, "ciba-initiator", settings);
    let mut reader = Reader::new(&environment);
    let read = ciba_initiator::settings::Settings::read(&mut reader);
    let settings = reader.finish(read).expect("the settings are complete");
    let built = CibaInitiator::build(settings, world.identity("ciba-initiator"), world.laptop.clock.clone()).await;
    built.expect("it starts")
}

pub(super) async fn worker(world: &World, clock: Clock, settings: &[(&str, &str, &str)]) -> ApprovalWorker {
    let environment = environment(world, "approval-worker", settings);
    let mut reader = Reader::new(&environment);
    let read = approval_worker::settings::Settings::read(&mut reader);
    let settings = reader.finish(read).expect("the settings are complete");
    let built = ApprovalWorker::build(settings, world.identity("approval-worker"), clock).await;
    built.expect("it starts")
}

/// By the rights of whoever runs `mandate stop`, who may open every approval; where rights are not enforced, by the worker's.
pub(crate) async fn store(world: &World) -> ApprovalStore {
    let environment = world.laptop.environment("approval-worker");
    let file = environment.get("SEAL_KEY_FILE");
    let operator =
        || account::credentials(&world.laptop.stack.security, OPERATOR_ROLE).expect("the account has its role");
    let credentials = match file {
        Some(_) => world.identity("approval-worker").credentials,
        None => Some(operator()),
    };
    let settings = AwsSettings {
        region: Some("us-east-1".to_owned()),
        credentials,
        dynamodb_url: Some(world.laptop.stack.dynamodb.double.url()),
        kms_url: Some(world.laptop.stack.security.kms.double.url()),
        ..AwsSettings::default()
    };
    let aws = Aws::connect(settings).await.expect("the clients are made");
    let seal = match file {
        Some(path) => {
            let key = std::fs::read_to_string(path).expect("the key file can be read");
            Seal::local(&auth::secret::Secret::new(key)).expect("the key seals")
        }
        None => {
            let current = account::sealing_key(&world.laptop.stack.security).expect("a key");
            Seal::kms(&aws, KmsKeys { current, old: Vec::new() }, world.laptop.clock.clone())
        }
    };
    ApprovalStore::new(&aws, APPROVAL_TABLE.to_owned(), seal)
}
