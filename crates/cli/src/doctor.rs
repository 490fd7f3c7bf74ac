//! `mandate doctor`: looks at a configuration from end to end, and says for each line what is wrong and how to mend it.

mod aws;
mod checks;
mod evidence;
mod finding;
mod given;
mod report;
#[cfg(test)]
mod tests;
mod web;

use std::path::Path;
use std::time::Duration;

use auth::time::Clock;
use function::settings::Environment;
use tokio::time::Instant;
use upstream_http::transport::Transport;

use self::evidence::Evidence;
use self::finding::Line;
use self::given::Given;
pub(crate) use self::report::Report;
use crate::place::Place;
use crate::say;
use crate::trouble::Trouble;

/// For all that is asked, side by side.
const PATIENCE: Duration = Duration::from_secs(60);

/// Whose settings are looked at.
pub(crate) enum Whose<'a> {
    /// Those of the system that runs on these ports.
    Running(u16),
    /// Those of the environment, and of this file in place of them.
    Environment(Option<&'a Path>),
}

/// Prints the lines, or with `json` one object; tells on the standard error how far it is.
pub(crate) async fn run(whose: Whose<'_>, json: bool) -> Result<(), Trouble> {
    let environment = environment(whose).await?;
    let report = look(environment, function::clock::system(), |name| say::aside(format!("looked at {name}"))).await?;
    if json {
        say::line(report.json())
    } else {
        report.lines().iter().for_each(say::line)
    }
    report.ended()
}

/// As [`run`] reads them: a file's settings stand in place of those of the same name.
pub(crate) async fn environment(whose: Whose<'_>) -> Result<Environment, Trouble> {
    match whose {
        Whose::Running(port_base) => Place::at(port_base).await?.running.configuration(),
        Whose::Environment(None) => Ok(Environment::of_process()),
        Whose::Environment(Some(file)) => Ok(Environment::of_process().with(given::read(file)?)),
    }
}

/// Asks everybody once, and judges.
pub(crate) async fn look(
    environment: Environment,
    clock: Clock,
    asked: impl Fn(&str) + Copy,
) -> Result<Report, Trouble> {
    let given = Given(environment);
    let authority = given.get("EXTRA_CA_FILE").map(std::fs::read).transpose();
    let authority = authority.map_err(|error| Trouble::because("EXTRA_CA_FILE", error))?;
    let transport = Transport::new(authority.as_deref()).map_err(|error| Trouble::because("EXTRA_CA_FILE", error))?;
    let until = Instant::now() + PATIENCE;
    let evidence = Box::pin(Evidence::gather(given, &transport, &clock, until, asked)).await;
    Ok(Report { lines: checks::CHECKS.iter().map(|(name, check)| Line::of(name, check(&evidence))).collect() })
}
