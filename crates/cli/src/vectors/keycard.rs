//! Session policies of keycards.

use auth::approval::PersonKey;
use auth::encryption_context::EncryptionContext;
use auth::id::{SessionHash, SessionReference};
use auth::keycard::{Account, Grant, KeyArn, RoleArn, SessionName, SessionPolicy, Unpolicied};
use auth::subject::Subject;
use auth::time::Timestamp;
use serde::Deserialize;
use vectors::{Answer, Request};

use super::Operation;

pub(super) const KEYCARD: Operation = Operation {
    name: "keycard",
    told: "builds the session policy of a keycard for one person and session. `grants`: read_session, renew_session, \
           read_approvals,\nend_approvals, change_approvals and record (with `table`), invoke (`function`), send (`queue`), open_session \
           and open_approvals (`table`,\n`keys`: KMS ARNs), seal_session and seal_approvals (`table`, `key`). All are names in the \
           account of `role`.",
    example: (include_str!("keycard.json"), include_str!("keycard.answer.json")),
    answer: keycard,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Members {
    role: String,
    region: String,
    issuer: String,
    subject: String,
    session_id: String,
    now: u64,
    grants: Vec<Wanted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields, tag = "grant")]
enum Wanted {
    ReadSession { table: String },
    RenewSession { table: String },
    ReadApprovals { table: String },
    EndApprovals { table: String },
    ChangeApprovals { table: String },
    Record { table: String },
    Invoke { function: String },
    Send { queue: String },
    OpenSession { table: String, keys: Vec<String> },
    OpenApprovals { table: String, keys: Vec<String> },
    SealSession { table: String, key: String },
    SealApprovals { table: String, key: String },
}

struct Scene {
    account: Account,
    person: PersonKey,
    session: SessionHash,
}

fn keycard(request: &Request) -> Result<Answer, Answer> {
    let members: Members = request.members()?;
    let role = RoleArn::parse(&members.role).map_err(|takes| Answer::refused("bad_role").with("message", takes))?;
    let account = role.account(&members.region).ok_or_else(|| Answer::refused("bad_region"))?;
    let subject = Subject::new(&members.issuer, &members.subject).map_err(|_| Answer::refused("bad_subject"))?;
    let session = SessionReference::parse(&members.session_id).map_err(|_| Answer::refused("bad_session_id"))?.hash();
    let scene = Scene { account, person: PersonKey::of(&subject), session };
    let grants = members.grants.into_iter().map(|wanted| scene.grant(wanted)).collect::<Result<Vec<_>, _>>()?;
    let policy = SessionPolicy::of(&grants, Timestamp::from_seconds(members.now)).map_err(|why| {
        Answer::refused(match why {
            Unpolicied::Pattern => "pattern",
            Unpolicied::TooLong => "policy_too_long",
            Unpolicied::Nothing => "nothing",
            Unpolicied::Time => "time",
        })
    })?;
    Ok(Answer::good().with("policy", policy.as_str()).with("session_name", SessionName::of(&subject).as_str()))
}

impl Scene {
    fn grant(&self, wanted: Wanted) -> Result<Grant, Answer> {
        let (session, person) = (self.session.clone(), self.person.clone());
        let arn = |name: &str| self.account.table(name).ok_or_else(|| Answer::refused("bad_name"));
        Ok(match wanted {
            Wanted::ReadSession { table } => Grant::ReadSession { table: arn(&table)?, session },
            Wanted::RenewSession { table } => Grant::RenewSession { table: arn(&table)?, session },
            Wanted::ReadApprovals { table } => Grant::ReadApprovals { table: arn(&table)?, person },
            Wanted::EndApprovals { table } => Grant::EndApprovals { table: arn(&table)?, person },
            Wanted::ChangeApprovals { table } => Grant::ChangeApprovals { table: arn(&table)?, person },
            Wanted::Record { table } => Grant::Record { table: arn(&table)?, person },
            Wanted::Invoke { function } => {
                Grant::Invoke { function: self.account.function(&function).ok_or_else(|| Answer::refused("bad_name"))? }
            }
            Wanted::Send { queue } => {
                Grant::Send { queue: self.account.queue(&queue).ok_or_else(|| Answer::refused("bad_name"))? }
            }
            Wanted::OpenSession { table, keys } => Grant::Open {
                keys: keys.iter().map(|text| key(text)).collect::<Result<_, _>>()?,
                context: EncryptionContext::of_session(&table, &session),
            },
            Wanted::OpenApprovals { table, keys } => Grant::Open {
                keys: keys.iter().map(|text| key(text)).collect::<Result<_, _>>()?,
                context: EncryptionContext::of_approvals(&table, &person),
            },
            Wanted::SealSession { table, key: text } => {
                Grant::Seal { key: key(&text)?, context: EncryptionContext::of_session(&table, &session) }
            }
            Wanted::SealApprovals { table, key: text } => {
                Grant::Seal { key: key(&text)?, context: EncryptionContext::of_approvals(&table, &person) }
            }
        })
    }
}

fn key(text: &str) -> Result<KeyArn, Answer> {
    KeyArn::parse(text).map_err(|takes| Answer::refused("bad_key").with("message", takes))
}
