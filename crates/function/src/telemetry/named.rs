//! What an outcome is told of its call, one fact after the other.

use auth::approval::ApprovalReference;
use auth::audit::{Activity, Asked, Reached, Source, UsedKeycards};
use auth::canonical::ArgumentsHash;
use auth::decision::{Check, Decision};
use auth::id::{Agent, Organization, SessionHash, sha256_base64url};
use auth::subject::Subject;

use super::outcome::Outcome;

impl Outcome {
    /// The tool, once it is known which one is called.
    pub fn name_tool(&self, tool: &'static str) {
        self.facts().learn(|learned| learned.tool = Some(tool));
    }

    /// What the tool does, once it is known which one is called.
    pub fn name_activity(&self, activity: Activity) {
        self.facts().learn(|learned| learned.activity = activity);
    }

    /// What brought the call, if it is no invocation by an agent.
    pub fn name_source(&self, source: Source) {
        self.facts().learn(|learned| learned.source = source);
    }

    /// The session that the call named.
    pub fn name_session(&self, session: SessionHash) {
        self.facts().learn(|learned| learned.session = Some(session));
    }

    /// The person that the call was for, who is written as a hash.
    pub fn name_subject(&self, subject: &Subject) {
        let subject = sha256_base64url(subject.encoded().as_bytes());
        self.facts().learn(|learned| learned.subject = Some(subject));
    }

    /// The organization that the person is signed in to, if any.
    pub fn name_organization(&self, organization: Option<&Organization>) {
        self.facts().learn(|learned| learned.organization = organization.cloned());
    }

    /// The agent that called, once it is known that it did: an event's word for it is not worth a line.
    pub fn name_agent(&self, agent: &Agent) {
        self.facts().learn(|learned| learned.agent = Some(agent.clone()));
    }

    /// The approval that was asked for, or that the call was about.
    pub fn name_approval(&self, reference: &ApprovalReference) {
        self.facts().learn(|learned| learned.approval = Some(reference.clone()));
    }

    /// The arguments, once they are parsed; nothing if they have no hash.
    pub fn name_arguments(&self, arguments: Option<ArgumentsHash>) {
        self.facts().learn(|learned| learned.arguments = arguments);
    }

    /// The check that the authorizer is about to be asked.
    pub fn name_check(&self, check: &Check) {
        self.facts().learn(|learned| learned.asked = Some(Asked::of(check)));
    }

    /// What it answered.
    pub fn name_decision(&self, decision: &Decision) {
        self.facts().learn(|learned| learned.asked = Some(Asked::answered(decision)));
    }

    /// A keycard that the call uses, by the name of its session at STS and the id of its access key.
    pub fn name_keycard(&self, session_name: &str, access_key_id: &str) {
        self.facts().learn(|learned| {
            let empty = || UsedKeycards { session_name: session_name.to_owned(), access_key_ids: Vec::new() };
            let used = learned.keycards.get_or_insert_with(empty);
            if !used.access_key_ids.iter().any(|id| id == access_key_id) {
                used.access_key_ids.push(access_key_id.to_owned());
            }
        });
    }

    /// A service that was reached, and what it answered last.
    pub fn name_reached(&self, reached: Reached) {
        self.facts().learn(|learned| {
            learned.reached.retain(|before| before.upstream != reached.upstream);
            learned.reached.push(reached);
        });
    }
}
