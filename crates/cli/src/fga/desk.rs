//! The client at OpenFGA that may write, and what is done with it.

use std::path::Path;
use std::time::Duration;

use auth::id::Login;
use auth::subject::{Subject, SubjectRule};
use auth::time::Clock;
use function::read_settings;
use function::settings::{Environment, Reader};
use serde_json::{Value, json};
use tokio::time::Instant;
use tool::question::subjects;
use upstream_http::openfga::administration::Administration;
use upstream_http::openfga::authoring::Tuple;
use upstream_http::openfga::{CheckError, Credentials, Settings as Store, same_model};
use upstream_http::transport::Transport;
use url::Url;

use super::{Done, model, rights};
use crate::start::sample_person;
use crate::trouble::Trouble;

/// For all requests of one command.
const PATIENCE: Duration = Duration::from_secs(60);
/// What names the members of a group on a command line.
const GROUP: &str = "group:";

struct Settings {
    api: Url,
    store: String,
    pinned: Option<String>,
    credentials: Option<Credentials>,
    issuer: Option<Url>,
    subjects: SubjectRule,
    extra_authority: Option<String>,
}

impl Settings {
    fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_settings!(reader => Settings {
            api: url("FGA_API_URL"),
            store: text("FGA_STORE_ID"),
            pinned: optional_text("FGA_AUTHORIZATION_MODEL_ID"),
            credentials: with(crate::stop::openfga_credentials),
            issuer: optional_url("AUTH0_ISSUER"),
            subjects: with(subjects),
            extra_authority: optional_file("EXTRA_CA_FILE"),
        })
    }
}

/// The client, and how people are named.
pub(crate) struct Desk {
    environment: Environment,
    client: Administration,
    pinned: Option<String>,
    issuer: Option<Url>,
    subjects: SubjectRule,
    on_laptop: bool,
}

impl Desk {
    /// From an operator's settings. `on_laptop` says that people are named by the sample's names.
    ///
    /// # Errors
    /// All settings that are missing or wrong, by name.
    pub(crate) fn new(environment: Environment, on_laptop: bool, clock: Clock) -> Result<Self, Trouble> {
        let mut reader = Reader::new(&environment);
        let settings = Settings::read(&mut reader);
        let settings = reader.finish(settings).map_err(|problems| Trouble::because("settings", problems))?;
        let authority = settings.extra_authority.map(String::into_bytes);
        let transport =
            Transport::new(authority.as_deref()).map_err(|error| Trouble::because("EXTRA_CA_FILE", error))?;
        let store = Store {
            api: settings.api,
            store_id: settings.store,
            model_id: settings.pinned.clone().unwrap_or_default(),
            credentials: settings.credentials,
        };
        let client =
            Administration::new(transport, store, clock).map_err(|problem| Trouble::because("FGA_API_URL", problem))?;
        let (pinned, issuer, subjects) = (settings.pinned, settings.issuer, settings.subjects);
        Ok(Self { environment, client, pinned, issuer, subjects, on_laptop })
    }

    pub(super) fn environment(&self) -> &Environment {
        &self.environment
    }

    /// The user of a tuple: `user:…`, or `group:NAME#member`.
    pub(super) fn user(&self, named: &str) -> Result<String, Trouble> {
        if let Some(group) = named.strip_prefix(GROUP) {
            return rights::group(group).map(|object| format!("{object}#member"));
        }
        let id = match (&self.subjects, self.on_laptop) {
            (SubjectRule::VerifiedEmail { .. }, true) => sample_person(named)?.email(),
            (SubjectRule::VerifiedEmail { .. }, false) => {
                let login = Login::parse(named).map_err(|refusal| Trouble::usage(refusal.sentence()))?;
                login.as_str().to_owned()
            }
            (SubjectRule::IssuerAndSubject, on_laptop) => {
                let sub = if on_laptop { sample_person(named)?.sub() } else { named.to_owned() };
                if Login::parse(&sub).is_ok() {
                    let what = "is an address, and people are known by subject here, as in auth0|…";
                    return Err(Trouble::usage(format!("`{sub}` {what}")));
                }
                let lacking = || Trouble::new("settings: AUTH0_ISSUER is missing; people are named by it");
                let issuer = self.issuer.as_ref().ok_or_else(lacking)?;
                let subject = Subject::new(issuer.as_str(), &sub);
                subject.map_err(|_| Trouble::usage("a subject has 1 to 255 characters"))?.encoded()
            }
        };
        Ok(format!("user:{id}"))
    }

    /// Writes a model if the newest says something else.
    pub(super) async fn apply(&self, file: Option<&Path>, dry_run: bool) -> Result<Done, Trouble> {
        let wanted = match file {
            None => model::ours()?,
            Some(file) => {
                let shown = format!("`{}`", file.display());
                let text = std::fs::read_to_string(file).map_err(|error| Trouble::because(&shown, error))?;
                serde_json::from_str(&text).map_err(|error| Trouble::because(&shown, error))?
            }
        };
        let until = Instant::now() + PATIENCE;
        let newest = self.client.latest_model(until).await.map_err(said)?;
        let same = newest.as_ref().filter(|newest| same_model(newest, &wanted));
        let id = same.and_then(|newest| newest.get("id")?.as_str()).map(str::to_owned);
        let (written, id) = match (id, dry_run) {
            (Some(id), _) => (false, Some(id)),
            (None, true) => (false, None),
            (None, false) => (true, Some(self.client.write_model(&wanted, until).await.map_err(said)?)),
        };
        let mut lines = vec![match (&id, written) {
            (Some(_), true) => "the model was written".to_owned(),
            (Some(_), false) => "the store's newest model says the same; nothing was written".to_owned(),
            (None, _) => {
                "a model would be written: the store's newest one says something else, or there is none".to_owned()
            }
        }];
        let pinned = id.is_some() && id == self.pinned;
        lines.extend(id.iter().map(|id| format!("FGA_AUTHORIZATION_MODEL_ID={id}")));
        if id.is_some() && !pinned {
            lines.push("pin it at fga-authorizer, and wherever mandate stop is run".to_owned());
        }
        Ok(Done { lines, json: json!({"written": written, "dry_run": dry_run, "model_id": id, "pinned": pinned}) })
    }

    pub(super) async fn write(&self, tuple: &Tuple, grant: bool) -> Result<(), Trouble> {
        let (tuples, until) = (std::slice::from_ref(tuple), Instant::now() + PATIENCE);
        let written =
            if grant { self.client.grant(tuples, until).await } else { self.client.take(tuples, until).await };
        written.map_err(said)
    }

    /// Every tuple of theirs, by type, and those of their groups.
    pub(super) async fn show(&self, named: &str) -> Result<Done, Trouble> {
        let (user, until) = (self.user(named)?, Instant::now() + PATIENCE);
        let model = match &self.pinned {
            Some(pinned) => self.client.model(pinned, until).await.map_err(said)?,
            None => self.client.latest_model(until).await.map_err(said)?,
        };
        let model = model.ok_or_else(|| Trouble::new("openfga: the model does not exist; run: mandate fga apply"))?;
        let kinds: Vec<&str> = model
            .get("type_definitions")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter(|kind| kind.get("relations").and_then(Value::as_object).is_some_and(|all| !all.is_empty()))
            .filter_map(|kind| kind.get("type")?.as_str())
            .collect();
        let mut found = self.all(&user, &kinds, until).await?;
        let stopped = found.iter().any(|tuple| tuple.relation == "stopped");
        let groups: Vec<String> =
            found.iter().filter(|tuple| tuple.relation == "member").map(|tuple| tuple.object.clone()).collect();
        for group in groups {
            found.extend(self.all(&format!("{group}#member"), &kinds, until).await?);
        }
        let mut lines: Vec<String> = found.iter().map(|tuple| self.told(&user, tuple)).collect();
        if lines.is_empty() {
            lines.push(format!("nothing is granted to {user}"));
        }
        if stopped {
            lines.push("they are STOPPED: whatever is granted, every check is a no".to_owned());
        }
        Ok(Done { lines, json: json!({"user": user, "tuples": found, "stopped": stopped}) })
    }

    async fn all(&self, user: &str, kinds: &[&str], until: Instant) -> Result<Vec<Tuple>, Trouble> {
        let mut found = Vec::new();
        for kind in kinds {
            found.extend(self.client.tuples(user, kind, until).await.map_err(said)?);
        }
        Ok(found)
    }

    /// One line: relation, object, by which group, and the tools that ask about it.
    fn told(&self, user: &str, tuple: &Tuple) -> String {
        let by = if tuple.user == user { String::new() } else { format!(", by {}", tuple.user) };
        let tools = rights::tools_of(&self.environment, &tuple.relation);
        let tools = if tools.is_empty() { String::new() } else { format!(" ({})", tools.join(", ")) };
        format!("{} {}{by}{tools}", tuple.relation, tuple.object)
    }
}

fn said(error: CheckError) -> Trouble {
    Trouble::new(error.to_string())
}
