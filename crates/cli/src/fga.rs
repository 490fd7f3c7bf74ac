//! `mandate fga`: the model at OpenFGA, and who may do what. By a client that may write, which no function has.

mod desk;
pub(crate) mod model;
pub(crate) mod rights;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use clap::Subcommand;
use function::settings::Environment;
use serde_json::json;

use self::desk::Desk;
use self::rights::Asked;
use crate::place::Place;
use crate::say;
use crate::trouble::Trouble;

/// What is to be done.
#[derive(Subcommand)]
pub(crate) enum Fga {
    /// Write the authorization model, unless the store's newest one says the same, and print the id to pin.
    Apply {
        /// A model in OpenFGA's JSON syntax, in place of the one that this program was built with.
        #[arg(long, value_name = "FILE")]
        model: Option<PathBuf>,
        /// Write nothing; say whether a model would be written.
        #[arg(long)]
        dry_run: bool,
    },
    /// Let a person, or the members of a group, use a tool.
    Allow(Right),
    /// Take a right away again; one that is not there is none.
    Revoke(Right),
    /// Show what a person or a group was granted, also by the groups that they are in, and whether they are stopped.
    Show {
        /// As in `allow`.
        user: String,
    },
}

/// Who, and which tool.
#[derive(clap::Args)]
pub(crate) struct Right {
    /// A sample user; with --deployed a subject (auth0|…), or an address where FGA_USER_CLAIM is email; group:NAME for the members
    /// of a group.
    user: String,
    /// The tool, as in list_groups, or member:GROUP for being in a group.
    tool: String,
    /// Whose account the tool is about, by login, where it is about one.
    #[arg(long, value_name = "LOGIN")]
    of: Option<String>,
    /// Which group at Okta the tool is about, by its exact name, where it is about one.
    #[arg(long, value_name = "NAME")]
    group: Option<String>,
    /// The organization, where objects have one.
    #[arg(long, value_name = "ID")]
    org: Option<String>,
}

/// Works at the OpenFGA of the system that runs on `port_base`, or without it at the one that the environment's settings name.
pub(crate) async fn run(what: Fga, json: bool, port_base: Option<u16>) -> Result<(), Trouble> {
    let environment = match port_base {
        None => Environment::of_process(),
        Some(port_base) => Place::at(port_base).await?.running.administration()?,
    };
    let desk = Desk::new(environment, port_base.is_some(), function::clock::system())?;
    let done = desk.run(&what).await?;
    if json {
        say::line(done.json.to_string())
    } else {
        done.lines.iter().for_each(say::line)
    }
    Ok(())
}

/// What was done, for a person and for a program.
#[derive(Debug)]
pub(crate) struct Done {
    pub(crate) lines: Vec<String>,
    pub(crate) json: serde_json::Value,
}

impl Desk {
    /// Does one of them.
    ///
    /// # Errors
    /// What OpenFGA says, or a command line that means nothing.
    pub(crate) async fn run(&self, what: &Fga) -> Result<Done, Trouble> {
        match what {
            Fga::Apply { model, dry_run } => self.apply(model.as_deref(), *dry_run).await,
            Fga::Allow(right) => self.change(right, true).await,
            Fga::Revoke(right) => self.change(right, false).await,
            Fga::Show { user } => self.show(user).await,
        }
    }

    async fn change(&self, right: &Right, grant: bool) -> Result<Done, Trouble> {
        let asked = Asked {
            tool: &right.tool,
            of: right.of.as_deref(),
            group: right.group.as_deref(),
            organization: right.org.as_deref(),
        };
        let tuple = rights::tuple(self.environment(), &self.user(&right.user)?, &asked)?;
        self.write(&tuple, grant).await?;
        let done = if grant { "stored" } else { "removed" };
        let line = format!("{done} tuple: {} {} {}", tuple.user, tuple.relation, tuple.object);
        Ok(Done { lines: vec![line], json: json!({ "done": done, "tuple": tuple }) })
    }
}
