//! Starting the system for a command, and finding one that runs.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use devstack::sample::{PEOPLE, Person};
use devstack::stack::Ports;
use tokio::time::Instant;

use crate::laptop::{Laptop, Plan};
use crate::running::{self, Running, StateFile};
use crate::say;
use crate::sign_in::Signed;
use crate::trouble::Trouble;

/// A system that this process runs, and its state file. Dropping it ends both.
pub(crate) struct Started {
    pub(crate) laptop: Laptop,
    pub(crate) running: Running,
    file: StateFile,
}

impl Started {
    pub(crate) fn new(laptop: Laptop) -> Result<Self, Trouble> {
        let running = Running::of(&laptop);
        let file = StateFile::write(laptop.folder(), &running)?;
        Ok(Self { laptop, running, file })
    }

    /// Tells other processes that somebody is signed in.
    pub(crate) fn note(&mut self, person: &Person, signed: &Signed) -> Result<(), Trouble> {
        self.running.note(person, signed);
        running::rewrite(self.file.folder(), &self.running)
    }
}

/// Starts doubles and functions and, if asked, a gateway before them. With `aloud`, says how far it is.
pub(crate) async fn start(ports: Ports, gateway: bool, aloud: bool) -> Result<Started, Trouble> {
    let began = Instant::now();
    let plan = Plan { gateway, ..plan(ports)? };
    let laptop = Laptop::start(plan, function::clock::system()).await?;
    if aloud {
        say::line(format!("the doubles are up ({})", seconds(began.elapsed())));
    }
    let functions = Instant::now();
    laptop.warm().await?;
    if aloud {
        say::line(format!(
            "the functions are up: {} ({})",
            laptop.functions().join(", "),
            seconds(functions.elapsed())
        ));
    }
    Started::new(laptop)
}

pub(crate) fn plan(ports: Ports) -> Result<Plan, Trouble> {
    let binaries = binaries()?;
    let folder = match ports {
        Ports::From(base) => running::folder_of(&binaries, &base.to_string()),
        Ports::Any => running::folder_of(&binaries, &format!("any-{}", std::process::id())),
    };
    Ok(Plan {
        ports,
        binaries,
        folder,
        overrides: BTreeMap::new(),
        worker: true,
        keep_logs: true,
        keycards: true,
        gateway: false,
    })
}

/// The system that runs on these ports, if one does.
pub(crate) async fn find(port_base: u16) -> Result<Option<(PathBuf, Running)>, Trouble> {
    let folder = running::folder_of(&binaries()?, &port_base.to_string());
    match running::read(&folder) {
        Some(running) if running.answers().await => Ok(Some((folder, running))),
        _ => Ok(None),
    }
}

pub(crate) fn sample_person(name: &str) -> Result<Person, Trouble> {
    Person::named(name).ok_or_else(|| {
        let names = PEOPLE.map(|person| person.name).join(", ");
        Trouble::usage(format!("there is no sample user `{name}`; the sample users are: {names}"))
    })
}

pub(crate) fn seconds(took: Duration) -> String {
    format!("{:.1} s", took.as_secs_f64())
}

/// The function binaries are built beside this program.
fn binaries() -> Result<PathBuf, Trouble> {
    let own = std::env::current_exe().map_err(|error| Trouble::because("the path of this program", error))?;
    Ok(own.parent().unwrap_or(&own).to_path_buf())
}
