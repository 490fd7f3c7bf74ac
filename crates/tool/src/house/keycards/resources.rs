//! What the keycards of one function are for.

use auth::approval::PersonKey;
use auth::encryption_context::EncryptionContext;
use auth::id::SessionHash;
use auth::keycard::{Account, Grant, SessionPolicy, Unpolicied};
use auth::refusal::{Code, Refusal};
use auth::time::Timestamp;
use upstream_aws::KmsKeys;

use super::super::rooms::{Needs, Whose};

/// The resources of the function's settings.
pub struct Resources {
    sessions: Table,
    authorizer: String,
    approvals: Table,
    queue: Option<String>,
    keys: Option<KmsKeys>,
}

struct Table {
    name: String,
    arn: String,
}

/// Why there could be no keycard for these settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unnameable {
    /// This setting.
    #[error("{0} does not name a resource that a keycard could be for")]
    Setting(&'static str),
    /// All of them.
    #[error(
        "SEAL_OLD_KEY_ARNS and the names of tables, queue and authorizer: together they are too long for a keycard"
    )]
    TooLong,
}

impl Table {
    fn of(account: &Account, name: &str, setting: &'static str) -> Result<Self, Unnameable> {
        let arn = account.table(name).ok_or(Unnameable::Setting(setting))?;
        Ok(Self { name: name.to_owned(), arn })
    }
}

impl Resources {
    /// `tables` are those of session rows and of approvals; `queue` is a URL, where the function has one; `keys` are those at
    /// KMS.
    ///
    /// # Errors
    /// [`Unnameable`] names the setting.
    pub fn of(
        account: &Account,
        (sessions, approvals): (&str, &str),
        authorizer: &str,
        queue: Option<&str>,
        keys: Option<KmsKeys>,
    ) -> Result<Self, Unnameable> {
        let queue = queue.map(|queue| {
            let name = queue.rsplit('/').next().unwrap_or_default();
            account.queue(name).ok_or(Unnameable::Setting("APPROVAL_QUEUE_URL"))
        });
        let resources = Self {
            sessions: Table::of(account, sessions, "SESSION_TABLE_NAME")?,
            authorizer: account.function(authorizer).ok_or(Unnameable::Setting("FGA_AUTHORIZER_FUNCTION_NAME"))?,
            approvals: Table::of(account, approvals, "APPROVAL_TABLE_NAME")?,
            queue: queue.transpose()?,
            keys,
        };
        resources.fit()
    }

    /// A policy that is too long would end every call: better that the function does not start.
    fn fit(self) -> Result<Self, Unnameable> {
        let letters = "A".repeat(43);
        let (Some(person), Some(session)) = (PersonKey::parse(&letters), SessionHash::parse(&letters)) else {
            return Ok(self);
        };
        let whose = Whose { person: &person, session: Some(&session), tool: "any" };
        let mut grants = Needs::ALL.into_iter().filter_map(|needs| self.grants(&whose, needs));
        let long =
            |grants: Vec<Grant>| SessionPolicy::of(&grants, Timestamp::from_seconds(0)) == Err(Unpolicied::TooLong);
        if grants.any(long) { Err(Unnameable::TooLong) } else { Ok(self) }
    }

    /// The session policy of a call that needs this.
    ///
    /// # Errors
    /// When the function has no such resources, or there is no such policy.
    pub fn policy(&self, whose: &Whose<'_>, needs: Needs, now: Timestamp) -> Result<SessionPolicy, Refusal> {
        let nothing = || Refusal::new(Code::Internal, "keycard: the function has no such resources");
        let grants = self.grants(whose, needs).ok_or_else(nothing)?;
        SessionPolicy::of(&grants, now).map_err(|none| Refusal::new(Code::Internal, none.to_string()))
    }

    /// What a call opens that needs this. Nothing if the function lacks a resource for it.
    fn grants(&self, whose: &Whose<'_>, needs: Needs) -> Option<Vec<Grant>> {
        let table = || self.sessions.arn.clone();
        let read = || Some(Grant::ReadSession { table: table(), session: whose.session?.clone() });
        let renew = || Some(Grant::RenewSession { table: table(), session: whose.session?.clone() });
        let invoke = || Grant::Invoke { function: self.authorizer.clone() };
        let approvals = || Grant::ChangeApprovals { table: self.approvals.arn.clone(), person: whose.person.clone() };
        // What is told of is ended where it is overdue: see `ApprovalStore::look`.
        let ends = || Grant::EndApprovals { table: self.approvals.arn.clone(), person: whose.person.clone() };
        let record = || Grant::Record { table: self.approvals.arn.clone(), person: whose.person.clone() };
        let send = || Some(Grant::Send { queue: self.queue.clone()? });
        let mut grants = match needs {
            Needs::Acts => vec![renew()?, invoke(), record()],
            Needs::Asks => vec![read()?, invoke(), record()],
            Needs::Requests => vec![approvals(), send()?],
            Needs::Reads => vec![read()?, record()],
            Needs::Tells => vec![ends()],
            Needs::Looks => vec![approvals(), send()?, record()],
            Needs::Resumes => vec![renew()?, invoke()],
        };
        grants.extend(self.sealed(whose, needs)?);
        Some(grants)
    }

    /// The data keys of the rows that are read, and new ones for those that are written.
    fn sealed(&self, whose: &Whose<'_>, needs: Needs) -> Option<Vec<Grant>> {
        let Some(keys) = &self.keys else { return Some(Vec::new()) };
        let session = || Some(EncryptionContext::of_session(&self.sessions.name, whose.session?));
        let approvals = || EncryptionContext::of_approvals(&self.approvals.name, whose.person);
        let open = |context| {
            let keys = std::iter::once(&keys.current).chain(&keys.old).cloned().collect();
            Grant::Open { keys, context }
        };
        let seal = |context| Grant::Seal { key: keys.current.clone(), context };
        Some(match needs {
            Needs::Acts | Needs::Resumes => vec![open(session()?), seal(session()?)],
            Needs::Asks | Needs::Reads => vec![open(session()?)],
            Needs::Requests | Needs::Tells | Needs::Looks => vec![open(approvals()), seal(approvals())],
        })
    }
}
