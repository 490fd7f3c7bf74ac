//! Rows as DynamoDB has them.

use auth::approval::{
    Acting, Approval, ApprovalReference, Approved, Binding, Ended, Ending, Pending, PersonKey, Requested,
};
use auth::canonical::ArgumentsHash;
use auth::id::{Agent, Organization, SessionHash};
use auth::refusal::Code;
use auth::secret::Secret;
use auth::subject::Subject;
use auth::time::Timestamp;
use aws_sdk_dynamodb::types::AttributeValue;
use tokio::time::Instant;

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

/// Whether the row is where a row of this binding is kept.
fn belongs(binding: &Binding, person: &PersonKey, item: &Item) -> bool {
    let own_key = open_key(person, &binding.tool);
    own_key.iter().all(|(name, value)| item.get(name) == Some(value)) && PersonKey::of(&binding.subject) == *person
}

/// What an open row says openly, and its two sealed attributes: state and arguments.
fn closed<'a>(binding: &'a Binding, item: &'a Item) -> Option<(Stand<'a>, &'a [u8], &'a [u8])> {
    let stand = Stand {
        binding,
        state: OpenState::parse(text(item, "state")?)?,
        version: count(item, "version")?,
        interval: optional(item, "interval", count)?,
        next_poll_at: optional(item, "next_poll_at", time)?,
        holder: optional(item, "holder", text)?,
        lease_until: optional(item, "lease_until", time)?,
    };
    Some((stand, bytes(item, "sealed")?, bytes(item, "arguments")?))
}

fn approval_of(
    binding: Binding,
    state: OpenState,
    version: u64,
    (interval, next_poll_at, auth_req_id): (Option<u64>, Option<Timestamp>, Secret),
    (holder, lease_until): (Option<String>, Option<Timestamp>),
) -> Option<Approval> {
    Some(match state {
        OpenState::Requested => Approval::Requested(Requested { binding, version }),
        OpenState::Approved => Approval::Approved(Approved::stored(binding, version)),
        OpenState::Acting => Approval::Acting(Acting { binding, holder: holder?, lease_until: lease_until?, version }),
        OpenState::Pending => {
            let (interval, next_poll_at) = (interval?, next_poll_at?);
            Approval::Pending(Pending { binding, auth_req_id, interval, next_poll_at, version })
        }
    })
}

fn head_of<'a>(
    person: &'a PersonKey,
    reference: &'a ApprovalReference,
    session: &'a SessionHash,
    item: &'a Item,
) -> Option<Head<'a>> {
    Some(Head {
        person,
        reference,
        tool: text(item, "tool")?,
        shown_code: text(item, "shown_code")?,
        session,
        ending: text(item, "ending")?,
        at: time(item, "ended_at")?,
        version: count(item, "version")?,
    })
}

impl ApprovalStore {
    /// Unreadable if any attribute that is read is missing, of another type or form, or does not belong here.
    pub(super) async fn open_of(&self, person: &PersonKey, item: &Item, until: Instant) -> Result<Open, ApprovalError> {
        let binding = binding_of(item).filter(|binding| belongs(binding, person, item));
        let binding = binding.ok_or(ApprovalError::Unreadable)?;
        let (stand, sealed, arguments) = closed(&binding, item).ok_or(ApprovalError::Unreadable)?;
        let secret = self.open_state(&stand, sealed, until).await?;
        let arguments = self.open_arguments(&binding, arguments, until).await?;
        let Stand { state, version, interval, next_poll_at, holder, lease_until, .. } = stand;
        let holder = holder.map(str::to_owned);
        let approval = approval_of(binding, state, version, (interval, next_poll_at, secret), (holder, lease_until));
        Ok(Open { approval: approval.ok_or(ApprovalError::Unreadable)?, arguments })
    }

    pub(super) async fn done_item(
        &self,
        person: &PersonKey,
        ended: &Ended,
        until: Instant,
    ) -> Result<Item, ApprovalError> {
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
        let sealed = self.seal_outcome(&head, &words_of(ending), until).await?;
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
                ("sealed", binary(&sealed)),
                ("ttl", number(at.plus(DAYS_KEPT * SECONDS_A_DAY).seconds())),
            ]
            .map(|(name, value)| (name.to_owned(), value)),
        );
        Ok(item)
    }

    /// How it ended, and with which version of the row. Unreadable as in [`ApprovalStore::open_of`].
    pub(super) async fn ended_of(
        &self,
        person: &PersonKey,
        reference: &ApprovalReference,
        item: &Item,
        until: Instant,
    ) -> Result<(EndedApproval, u64), ApprovalError> {
        let session = text(item, "session").and_then(SessionHash::parse).ok_or(ApprovalError::Unreadable)?;
        let head = head_of(person, reference, &session, item).ok_or(ApprovalError::Unreadable)?;
        let sealed = bytes(item, "sealed").ok_or(ApprovalError::Unreadable)?;
        let words = self.open_outcome(&head, sealed, until).await?;
        let ended = EndedApproval {
            reference: reference.clone(),
            tool: head.tool.to_owned(),
            code: head.shown_code.to_owned(),
            session: session.clone(),
            ending: ending_of(head.ending, words.expose()).ok_or(ApprovalError::Unreadable)?,
            at: head.at,
        };
        Ok((ended, head.version))
    }
}
