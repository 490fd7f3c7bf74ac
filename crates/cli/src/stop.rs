//! `mandate stop`: says no at OpenFGA to a person or an agent, then ends what they have open. One line for each thing done.

mod office;
mod report;
mod settings;
#[cfg(test)]
mod tests;

use devstack::sample::Person;
use function::settings::Environment;

pub(crate) use self::office::{Office, Target};
pub(crate) use self::report::Report;
pub(crate) use self::settings::credentials as openfga_credentials;
use crate::laptop::account;
use crate::place::Place;
use crate::say;
use crate::start::sample_person;
use crate::trouble::Trouble;

/// Who is meant, as the command line says it: exactly one of them.
pub(crate) struct Whom<'a> {
    /// A sample user, or with `deployed` a subject or an address.
    pub(crate) user: Option<&'a str>,
    /// An agent's id.
    pub(crate) agent: Option<&'a str>,
    /// Whether a subject that looks like an address is one.
    pub(crate) force: bool,
}

/// Stops, or with `lift` takes the no away again. `port_base` is that of the running system; without it, the deployment is
/// meant that the environment's settings name.
pub(crate) async fn run(whom: Whom<'_>, lift: bool, port_base: Option<u16>) -> Result<(), Trouble> {
    let (office, person) = match port_base {
        None => (Office::new(&Environment::of_process(), None, function::clock::system()).await?, None),
        Some(port_base) => {
            // Whoever names nobody is told so before a system is looked for.
            let person: Option<Person> = whom.user.map(sample_person).transpose()?;
            let place = Place::at(port_base).await?;
            let environment = place.running.administration()?;
            let credentials = Some(account::credentials_in(&place.running.administrator)?);
            (Office::new(&environment, credentials, function::clock::system()).await?, person)
        }
    };
    let target = match (whom.agent, person, whom.user) {
        (Some(agent), ..) => office.agent(agent)?,
        (None, Some(person), _) => office.sample(&person)?,
        (None, None, Some(user)) if whom.force => office.as_given(user)?,
        (None, None, Some(user)) => office.person(user)?,
        (None, None, None) => return Err(Trouble::usage("say whom to stop: a user, or --agent and its id")),
    };
    let report = if lift { office.lift(&target).await } else { office.stop(&target).await };
    for line in &report.lines {
        say::line(line);
    }
    match report.failed {
        0 if report.unknown => Err(Trouble::unknown("nothing here knows this name: is it the right one?")),
        0 => Ok(()),
        1 => Err(Trouble::new("a part of it was not done")),
        failed => Err(Trouble::new(format!("{failed} parts of it were not done"))),
    }
}
