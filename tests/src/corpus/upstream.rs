//! What is different at Okta, Auth0 and OpenFGA.

use std::collections::BTreeMap;

use devstack::auth0::MfaPolicy;
use devstack::fault::Fault;
use devstack::okta::{Bucket, Status};
use devstack::openfga::Tuple;
use devstack::stack::STORE;
use serde::Deserialize;

use super::people::sample;
use crate::World;

/// A tuple that is added or taken away.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct TupleChange {
    /// A sample person, or a user as OpenFGA has it, as in `user:alice@example.com` or `group:staff#member`.
    user: String,
    relation: String,
    object: String,
}

/// Okta's data.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Okta {
    /// A sample person's groups, instead of those of the sample.
    groups: BTreeMap<String, Vec<GroupName>>,
    /// A sample person's status, as in `LOCKED_OUT`.
    status: BTreeMap<String, Status>,
    page_size: Option<usize>,
    /// A full last page links to an empty one.
    empty_last_page: bool,
    /// Whether anybody may list their own groups; absent: they may.
    self_may_list_groups: Option<bool>,
    rate: Option<Rate>,
    /// Everything that Okta gave these sample people is revoked.
    revoked: Vec<String>,
}

/// One name, or many.
#[derive(Deserialize)]
#[serde(untagged)]
enum GroupName {
    Text(String),
    /// `repeat` so many times in one name.
    Long {
        repeat: String,
        times: usize,
    },
    /// `numbered` with a number behind it, from `from` to `to`: so many names.
    Many {
        numbered: String,
        from: u32,
        to: u32,
    },
}

/// What is left in a bucket, and when it fills again.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rate {
    bucket: Bucket,
    remaining: u32,
    /// Seconds.
    reset_in: u64,
}

/// Auth0's settings.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Auth0 {
    mfa_policy: Option<MfaPolicy>,
}

/// A fault, and the double that has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FaultAt {
    double: Name,
    fault: Fault,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Name {
    Auth0,
    Okta,
    Openfga,
    Lambda,
    /// Its request lines are `POST /` and the operation, as those of the next.
    Dynamodb,
    Sqs,
}

impl TupleChange {
    pub(super) fn allow(&self, world: &World) -> Result<(), String> {
        let tuple = self.tuple(world)?;
        let allowed = world.laptop.stack.openfga.allow(STORE.0, &tuple);
        if allowed { Ok(()) } else { Err(format!("the model refuses the tuple {tuple}")) }
    }

    pub(super) fn revoke(&self, world: &World) -> Result<(), String> {
        let tuple = self.tuple(world)?;
        let revoked = world.laptop.stack.openfga.revoke(STORE.0, &tuple);
        if revoked { Ok(()) } else { Err(format!("there is no tuple {tuple} to revoke")) }
    }

    fn tuple(&self, world: &World) -> Result<Tuple, String> {
        let user = if self.user.contains(':') {
            self.user.clone()
        } else {
            let subject = cli::person::subject(&sample(&self.user)?, world.laptop.stack.auth0.issuer());
            format!("user:{}", subject.map_err(|refusal| refusal.cause().to_owned())?.encoded())
        };
        Ok(Tuple::new(&user, &self.relation, &self.object))
    }
}

impl Okta {
    /// Before anybody signs in.
    pub(super) fn prepare(&self, world: &World) -> Result<(), String> {
        let okta = &world.laptop.stack.okta;
        for (name, groups) in &self.groups {
            let names: Vec<String> = groups.iter().flat_map(GroupName::names).collect();
            okta.set_group_names(&sample(name)?.okta_id(), &names);
        }
        for (name, status) in &self.status {
            okta.set_status(&sample(name)?.okta_id(), *status);
        }
        if let Some(size) = self.page_size {
            okta.set_page_size(size);
        }
        if let Some(on) = self.self_may_list_groups {
            okta.set_self_may_list_groups(on);
        }
        okta.set_empty_last_page(self.empty_last_page);
        Ok(())
    }

    /// When everything is up.
    pub(super) fn upset(&self, world: &World) -> Result<(), String> {
        let okta = &world.laptop.stack.okta;
        if let Some(Rate { bucket, remaining, reset_in }) = self.rate {
            okta.set_rate(bucket, remaining, reset_in);
        }
        for name in &self.revoked {
            okta.revoke_all(&sample(name)?.okta_id());
        }
        Ok(())
    }
}

impl GroupName {
    fn names(&self) -> Vec<String> {
        match self {
            Self::Text(name) => vec![name.clone()],
            Self::Long { repeat, times } => vec![repeat.repeat(*times)],
            Self::Many { numbered, from, to } => (*from..=*to).map(|number| format!("{numbered}{number}")).collect(),
        }
    }
}

impl Auth0 {
    pub(super) fn prepare(&self, world: &World) {
        if let Some(policy) = self.mfa_policy {
            world.laptop.stack.auth0.set_mfa_policy(policy);
        }
    }
}

impl FaultAt {
    pub(super) fn cause(&self, world: &World) {
        let (stack, fault) = (&world.laptop.stack, self.fault.clone());
        match self.double {
            Name::Auth0 => stack.auth0.double.fault(fault),
            Name::Okta => stack.okta.double.fault(fault),
            Name::Openfga => stack.openfga.double.fault(fault),
            Name::Lambda => stack.lambda.double.fault(fault),
            Name::Dynamodb => stack.dynamodb.fault(fault),
            Name::Sqs => stack.sqs.fault(fault),
        }
    }
}
