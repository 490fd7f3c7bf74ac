//! Policies that are enforced, in a stack that asks for them.

use std::io;
use std::net::Ipv4Addr;

use tokio::net::TcpListener;

use super::Stack;
use crate::iam::Iam;
use crate::kms::{self, Kms};
use crate::sts::{self, Sts};

/// An account whose policies a stack enforces, and the services that only such a stack has. Dropping it closes these; the
/// stack goes on enforcing.
pub struct Security {
    /// Roles, sessions and the clock they expire by.
    pub iam: Iam,
    /// Issues sessions of the account's roles.
    pub sts: Sts,
    /// Holds keys. It starts without any.
    pub kms: Kms,
}

impl Stack {
    /// Has the tables, the queues and the functions evaluate every request by the policies of this account from now on,
    /// and starts STS and KMS for it on free ports. Unsigned requests are refused then; the agent and the event sources
    /// call functions in the name of their services. Until this is called, nothing is evaluated.
    ///
    /// # Errors
    /// When no free port can be had; nothing is enforced then.
    pub async fn secure(&self, iam: Iam) -> io::Result<Security> {
        let sts = sts::start(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?, iam.clone()).await?;
        let kms = kms::start(TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?).await?;
        kms.enforce(&iam);
        self.dynamodb.enforce(&iam);
        self.sqs.enforce(&iam);
        self.lambda.enforce(&iam);
        Ok(Security { iam, sts, kms })
    }
}
