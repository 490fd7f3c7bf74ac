//! The account: its roles and keys, and policies that are enforced where a start asks for them.

use std::io;

use tokio::net::TcpListener;

use super::Stack;
use crate::iam::Iam;
use crate::kms::{self, Kms};
use crate::secrets_manager::{self, SecretsManager};
use crate::sts::{self, Sts};

/// The alias of the key that rows are sealed under.
pub const SEAL_KEY_ALIAS: &str = "mandate-rows";

/// The account behind a stack, and the services that are about it.
pub struct Security {
    /// Roles, sessions and the clock they expire by. It starts without roles.
    pub iam: Iam,
    /// Issues sessions of the account's roles.
    pub sts: Sts,
    /// Holds keys. It starts with one.
    pub kms: Kms,
    /// The id of that key.
    pub seal_key: String,
    /// Holds secrets, on any free port. It starts with none.
    pub secrets: SecretsManager,
}

impl Security {
    pub(super) async fn start(at_sts: TcpListener, at_kms: TcpListener) -> io::Result<Self> {
        let iam = Iam::new();
        let sts = sts::start(at_sts, iam.clone()).await?;
        let kms = kms::start(at_kms).await?;
        let seal_key = kms.create_key(SEAL_KEY_ALIAS);
        let secrets = secrets_manager::start(TcpListener::bind(("127.0.0.1", 0)).await?).await?;
        Ok(Self { iam, sts, kms, seal_key, secrets })
    }
}

impl Stack {
    /// Has the tables, the queues, the keys, the secrets and the functions evaluate every request by the policies of the account from now
    /// on. Unsigned requests are refused then; the agent and the event sources call functions in the name of their services.
    /// Until this is called, nothing is evaluated.
    pub fn enforce(&self) {
        let iam = &self.security.iam;
        self.security.kms.enforce(iam);
        self.security.secrets.enforce(iam);
        self.dynamodb.enforce(iam);
        self.sqs.enforce(iam);
        self.lambda.enforce(iam);
    }
}
