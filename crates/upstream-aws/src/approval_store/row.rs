//! Rows as DynamoDB has them.

use auth::approval::{
    Acting, Approval, ApprovalReference, Approved, Binding, Ended, Ending, Pending, PersonKey, Requested,
};
use auth::canonical::ArgumentsHash;
use auth::id::{Agent, Organization, SessionHash};
use auth::refusal::Code;
use auth::subject::Subject;
use auth::time::Timestamp;
use aws_sdk_dynamodb::types::AttributeValue;

use super::attributes::{Item, binary, bytes, count, done_key, number, open_key, optional, string, text, time};
use super::reading::{EndedApproval, Open, OpenState};
use super::sealing::{Head, Stand};
use super::{ApprovalError, ApprovalStore, DAYS_KEPT, SECONDS_A_DAY};

/// The attributes that a change of state writes, or removes where there is no value.
pub(super) fn changing(stand: &Stand<'_>, sealed: &[u8]) -> [(&'static str, Option<AttributeValue>); 8] {
    [
        ("state", Some(string(stand.state.name()))),
        ("version", Some(number(stand.version))),
        ("expires_at", Some(number(stand.binding.expires_at.seconds()))),
        ("sealed", Some(binary(sealed))),
        ("interval", stand.interval.map(number)),
        ("next_poll_at", stand.next_poll_at.map(|time| number(time.seconds()))),
        ("holder", stand.holder.map(string)),
        ("lease_until", stand.lease_until.map(|time| number(time.seconds()))),
    ]
}

/// A new open row.
pub(super) fn open_item(stand: &Stand<'_>, sealed: &[u8], arguments: &[u8], now: Timestamp) -> Item {
    let binding = stand.binding;
    let mut item = open_key(&PersonKey::of(&binding.subject), &binding.tool);
    let organization = binding.organization.as_ref().map(|organization| string(&organization.0));
    let fixed = [
        ("reference", Some(string(binding.reference.as_str()))),
        ("tool", Some(string(&binding.tool))),
        ("issuer", Some(string(binding.subject.issuer()))),
        ("subject", Some(string(binding.subject.id()))),
        ("session", Some(string(binding.session.as_str()))),
        ("org_id", organization),
        ("agent_id", Some(string(&binding.agent.id))),
        ("agent_alias", Some(string(&binding.agent.alias))),
        ("arguments_hash", Some(string(binding.arguments.as_str()))),
        ("arguments", Some(binary(arguments))),
        ("created_at", Some(number(now.seconds()))),
        ("ttl", Some(number(binding.expires_at.plus(DAYS_KEPT * SECONDS_A_DAY).seconds()))),
    ];
    for (name, value) in fixed.into_iter().chain(changing(stand, sealed)) {
        if let Some(value) = value {
            item.insert(name.to_owned(), value);
        }
    }
    item
}

fn binding_of(item: &Item) -> Option<Binding> {
    Some(Binding {
        reference: ApprovalReference::parse(text(item, "reference")?)?,
        subject: Subject::new(text(item, "issuer")?, text(item, "subject")?).ok()?,
        session: SessionHash::parse(text(item, "session")?)?,
        organization: optional(item, "org_id", text)?.map(|id| Organization(id.to_owned())),
        agent: Agent { id: text(item, "agent_id")?.to_owned(), alias: text(item, "agent_alias")?.to_owned() },
        tool: text(item, "tool")?.to_owned(),
        arguments: ArgumentsHash::parse(text(item, "arguments_hash")?)?,
        expires_at: time(item, "expires_at")?,
    })
}

fn name_of(ending: &Ending) -> &'static str {
    match ending {
        Ending::Done { .. } => "done",
        Ending::Denied => "denied",
        Ending::Expired => "expired",
        Ending::Failed { .. } => "failed",
        Ending::Unknown => "unknown",
    }
}

/// A failure's code and sentence stand in one text, the code first.
fn words_of(ending: &Ending) -> String {
    match ending {
        Ending::Done { words } => words.clone(),
        Ending::Failed { code, words } => format!("{}\n{words}", code.name()),
        Ending::Denied | Ending::Expired | Ending::Unknown => String::new(),
    }
}

fn ending_of(name: &str, words: &str) -> Option<Ending> {
    match name {
        "done" => Some(Ending::Done { words: words.to_owned() }),
        "failed" => {
            let (name, words) = words.split_once('\n')?;
            let code = Code::ALL.into_iter().find(|code| code.name() == name)?;
            Some(Ending::Failed { code, words: words.to_owned() })
        }
        "denied" => Some(Ending::Denied),
        "expired" => Some(Ending::Expired),
        "unknown" => Some(Ending::Unknown),
        _ => None,
    }
}

impl ApprovalStore {
    /// Nothing if any attribute that is read is missing, of another type or form, or does not belong here.
    pub(super) fn open_of(&self, person: &PersonKey, item: &Item) -> Option<Open> {
        let binding = binding_of(item)?;
        let own_key = open_key(person, &binding.tool);
        let belongs = own_key.iter().all(|(name, value)| item.get(name) == Some(value));
        if !belongs || PersonKey::of(&binding.subject) != *person {
            return None;
        }
        let stand = Stand {
            binding: &binding,
            state: OpenState::parse(text(item, "state")?)?,
            version: count(item, "version")?,
            interval: optional(item, "interval", count)?,
            next_poll_at: optional(item, "next_poll_at", time)?,
            holder: optional(item, "holder", text)?,
            lease_until: optional(item, "lease_until", time)?,
        };
        let secret = self.open_state(&stand, bytes(item, "sealed")?)?;
        let arguments = self.open_arguments(&binding, bytes(item, "arguments")?)?;
        let Stand { state, version, interval, next_poll_at, holder, lease_until, .. } = stand;
        let holder = holder.map(str::to_owned);
        let approval = match state {
            OpenState::Requested => Approval::Requested(Requested { binding, version }),
            OpenState::Approved => Approval::Approved(Approved::stored(binding, version)),
            OpenState::Acting => {
                Approval::Acting(Acting { binding, holder: holder?, lease_until: lease_until?, version })
            }
            OpenState::Pending => {
                let (interval, next_poll_at) = (interval?, next_poll_at?);
                Approval::Pending(Pending { binding, auth_req_id: secret, interval, next_poll_at, version })
            }
        };
        Some(Open { approval, arguments })
    }

    pub(super) fn done_item(&self, person: &PersonKey, ended: &Ended) -> Result<Item, ApprovalError> {
        let Ended { binding, ending, at, version } = ended;
        let shown_code = binding.code();
        let head = Head {
            person,
            reference: &binding.reference,
            tool: &binding.tool,
            shown_code: &shown_code,
            session: &binding.session,
            ending: name_of(ending),
            at: *at,
            version: *version,
        };
        let mut item = done_key(person, &binding.reference);
        item.extend(
            [
                ("reference", string(binding.reference.as_str())),
                ("tool", string(&binding.tool)),
                ("shown_code", string(&shown_code)),
                ("session", string(binding.session.as_str())),
                ("ending", string(name_of(ending))),
                ("ended_at", number(at.seconds())),
                ("version", number(*version)),
                ("sealed", binary(&self.seal_outcome(&head, &words_of(ending))?)),
                ("ttl", number(at.plus(DAYS_KEPT * SECONDS_A_DAY).seconds())),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        Ok(item)
    }

    /// How it ended, and with which version of the row. Nothing as in [`ApprovalStore::open_of`].
    pub(super) fn ended_of(
        &self,
        person: &PersonKey,
        reference: &ApprovalReference,
        item: &Item,
    ) -> Option<(EndedApproval, u64)> {
        let session = SessionHash::parse(text(item, "session")?)?;
        let head = Head {
            person,
            reference,
            tool: text(item, "tool")?,
            shown_code: text(item, "shown_code")?,
            session: &session,
            ending: text(item, "ending")?,
            at: time(item, "ended_at")?,
            version: count(item, "version")?,
        };
        let words = self.open_outcome(&head, bytes(item, "sealed")?)?;
        let ended = EndedApproval {
            reference: reference.clone(),
            tool: head.tool.to_owned(),
            code: head.shown_code.to_owned(),
            session: session.clone(),
            ending: ending_of(head.ending, words.expose())?,
            at: head.at,
        };
        Some((ended, head.version))
    }
}
