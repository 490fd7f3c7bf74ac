//! Who can stop: clients that may write at OpenFGA, and that open the tables.

use std::time::Duration;

use auth::approval::PersonKey;
use auth::id::{AgentId, Login};
use auth::subject::{Subject, SubjectRule};
use auth::time::Clock;
use aws_credential_types::Credentials;
use devstack::sample;
use function::settings::{Environment, Reader};
use tokio::time::Instant;
use tool::house::IdentityProvider;
use tool::stopping::{Patience, Stopping};
use upstream_aws::{ApprovalStore, AuditError, AuditStore, Aws, AwsSettings, Seal, SessionStore, SessionsOf};
use upstream_http::auth0;
use upstream_http::openfga::administration::{Administration, Stop};
use upstream_http::transport::Transport;

use super::report::Report;
use super::settings::Settings;
use crate::trouble::Trouble;

/// One answer of OpenFGA's.
const TO_SAY_NO: Duration = Duration::from_secs(60);
/// Some thousands of rows a minute; Auth0 may hang for all of its time and keeps nothing else from being done.
const PATIENCE: Patience =
    Patience { rows: Duration::from_secs(600), approvals: Duration::from_secs(300), tokens: Duration::from_secs(300) };

/// The operator's clients.
pub(crate) struct Office {
    administration: Administration,
    stopping: Stopping,
    records: AuditStore,
    issuer: String,
    subjects: SubjectRule,
}

/// Who is stopped.
pub(crate) enum Target {
    /// A person whom OpenFGA knows by issuer and subject.
    Subject(Subject),
    /// A person whom OpenFGA knows by address.
    Address(Login),
    /// An agent.
    Agent(AgentId),
}

impl Office {
    /// Builds the clients from settings; AWS's credentials are those of the environment unless they are given.
    ///
    /// # Errors
    /// All settings that are missing or wrong, by name.
    pub(crate) async fn new(
        environment: &Environment,
        credentials: Option<Credentials>,
        clock: Clock,
    ) -> Result<Self, Trouble> {
        let mut reader = Reader::new(environment);
        let settings = Settings::read(&mut reader);
        let settings = reader.finish(settings).map_err(|problems| Trouble::because("settings", problems))?;
        let authority = settings.extra_authority.map(String::into_bytes);
        let transport =
            Transport::new(authority.as_deref()).map_err(|error| Trouble::because("EXTRA_CA_FILE", error))?;
        let aws = Aws::connect(AwsSettings {
            region: Some(settings.region),
            credentials,
            dynamodb_url: settings.dynamodb.map(String::from),
            kms_url: settings.kms.map(String::from),
            extra_ca_pem: authority,
            ..AwsSettings::default()
        });
        let aws = aws.await.map_err(|error| Trouble::because("AWS", error))?;
        let seal =
            Seal::of(settings.seal, &aws, clock.clone()).map_err(|error| Trouble::because("SEAL_KEY_FILE", error))?;
        let administration = Administration::new(transport.clone(), settings.openfga, clock.clone())
            .map_err(|problem| Trouble::because("FGA_API_URL", problem))?;
        let IdentityProvider { issuer, base, provider } = settings.identity;
        let client = auth0::Client { base, id: settings.client_id, secret: settings.client_secret.into(), provider };
        let stopping = Stopping {
            sessions: SessionStore::new(&aws, settings.session_table, seal.clone()),
            approvals: ApprovalStore::new(&aws, settings.approval_table.clone(), seal),
            transport,
            auth0: client,
            clock,
        };
        // Nothing is added, so for how many days does not matter.
        let records = AuditStore::new(&aws, settings.approval_table, 0);
        Ok(Self { administration, stopping, records, issuer, subjects: settings.subjects })
    }

    /// A person as the settings have OpenFGA name them: a subject of the issuer, or an address.
    ///
    /// # Errors
    /// When the text is neither, and when it is an address where people are known by subject: a tuple for that would stop nobody.
    pub(crate) fn person(&self, user: &str) -> Result<Target, Trouble> {
        if matches!(self.subjects, SubjectRule::IssuerAndSubject) && Login::parse(user).is_ok() {
            return Err(Trouble::usage(format!(
                "`{user}` is an address, and people are known by subject here, as in auth0|…; --force if it is one"
            )));
        }
        self.as_given(user)
    }

    /// The same, whatever it looks like.
    ///
    /// # Errors
    /// When the text is neither.
    pub(crate) fn as_given(&self, user: &str) -> Result<Target, Trouble> {
        match self.subjects {
            SubjectRule::IssuerAndSubject => {
                let subject = Subject::new(&self.issuer, user);
                subject.map(Target::Subject).map_err(|_| Trouble::usage("a subject has 1 to 255 characters"))
            }
            SubjectRule::VerifiedEmail { .. } => {
                let login = Login::parse(user);
                login.map(Target::Address).map_err(|refusal| Trouble::usage(refusal.sentence()))
            }
        }
    }

    /// A sample person, in the same way.
    ///
    /// # Errors
    /// Never for a sample person.
    pub(crate) fn sample(&self, person: &sample::Person) -> Result<Target, Trouble> {
        match self.subjects {
            SubjectRule::IssuerAndSubject => self.person(&person.sub()),
            SubjectRule::VerifiedEmail { .. } => self.person(&person.email()),
        }
    }

    /// An agent.
    ///
    /// # Errors
    /// When the text is no agent's id.
    pub(crate) fn agent(&self, id: &str) -> Result<Target, Trouble> {
        let agent = AgentId::parse(id).map(Target::Agent);
        agent.ok_or_else(|| {
            Trouble::usage(format!("an agent's id is made of letters, digits, `-` and `_`, unlike `{id}`"))
        })
    }

    /// Says no first, so that nothing new begins; then ends what is open. What fails does not keep the rest from being done.
    pub(crate) async fn stop(&self, target: &Target) -> Report {
        let stop = target.stop();
        let mut report = Report::default();
        report.wrote(&stop, "stored", self.administration.stop(&stop, Instant::now() + TO_SAY_NO).await);
        let stopped = Box::pin(self.stopping.stop(target.whose(), PATIENCE)).await;
        report.ended(&stopped);
        report.heeded(self.administration.deaf(Instant::now() + TO_SAY_NO).await);
        // Of whom nothing is left a stop may still be meant; of whom there never was anything it is a slip.
        let found = !stopped.sessions.is_empty() || !stopped.approvals.ended.is_empty();
        if !found && stopped.approvals.acting.is_empty() && stopped.unfound.is_none() {
            report.unknown(self.has_records(target).await);
        }
        report
    }

    /// Whether anything was ever done in this person's name. Only of a subject are records found.
    async fn has_records(&self, target: &Target) -> Result<bool, AuditError> {
        let Target::Subject(subject) = target else { return Ok(false) };
        let person = PersonKey::of(subject);
        let newest = self.records.newest(&person, 1, None, Instant::now() + TO_SAY_NO);
        match Box::pin(newest).await {
            Ok(page) => Ok(!page.records.is_empty()),
            Err(AuditError::Unreadable) => Ok(true),
            Err(problem) => Err(problem),
        }
    }

    /// Takes the no away. What was ended stays so: people sign in again.
    pub(crate) async fn lift(&self, target: &Target) -> Report {
        let stop = target.stop();
        let mut report = Report::default();
        report.wrote(&stop, "removed", self.administration.lift(&stop, Instant::now() + TO_SAY_NO).await);
        report
    }
}

impl Target {
    fn stop(&self) -> Stop {
        match self {
            Self::Subject(subject) => Stop::Person(subject.encoded()),
            Self::Address(login) => Stop::Person(login.as_str().to_owned()),
            Self::Agent(agent) => Stop::Agent(agent.clone()),
        }
    }

    fn whose(&self) -> SessionsOf<'_> {
        match self {
            Self::Subject(subject) => SessionsOf::Person(subject),
            Self::Address(login) => SessionsOf::Address(login),
            Self::Agent(agent) => SessionsOf::Agent(agent),
        }
    }
}
