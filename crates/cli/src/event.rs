//! `mandate event`: an event from a file, with its placeholders filled for a person who is signed in.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use devstack::sample::Person;
use serde::Deserialize;
use serde_json::Value;

use crate::place::Place;
use crate::say;
use crate::start::sample_person;
use crate::trouble::Trouble;

/// Who is chatting if nothing says it.
const USUAL: &str = "alice";

/// Prints the event for the system that runs.
pub(crate) async fn run(file: &Path, who: Who<'_>, port_base: u16) -> Result<(), Trouble> {
    let (text, person) = (read(file)?, who.chats(file)?);
    let mut place = Place::at(port_base).await?;
    say::line(filled(&mut place, &text, &person).await?.trim_end());
    Ok(())
}

/// The text of an event file.
pub(crate) fn read(file: &Path) -> Result<String, Trouble> {
    fs::read_to_string(file).map_err(|error| Trouble::because(&format!("the file `{}`", file.display()), error))
}

/// The text with each placeholder replaced. Nobody is signed in for an event without placeholders.
pub(crate) async fn filled(place: &mut Place, text: &str, person: &Person) -> Result<String, Trouble> {
    if !text.contains("{{") {
        return Ok(text.to_owned());
    }
    let signed = place.session(person).await?;
    let (agent, ticket) = (place.web.agent(), place.web.ticket(&signed));
    Ok(fill(
        text,
        [
            ("{{ticket}}", ticket.expose()),
            ("{{session_id}}", signed.session.expose()),
            ("{{agent_id}}", &agent.id),
            ("{{agent_alias}}", &agent.alias),
        ],
    ))
}

/// None of the values holds a character that JSON escapes.
fn fill<const N: usize>(text: &str, values: [(&str, &str); N]) -> String {
    values.into_iter().fold(text.to_owned(), |text, (placeholder, value)| text.replace(placeholder, value))
}

/// Who is chatting, as far as the command line says.
pub(crate) struct Who<'a> {
    pub(crate) user: Option<&'a str>,
    pub(crate) world: Option<&'a Path>,
}

impl Who<'_> {
    /// The user of the command line, else the person of the world file, else alice. Without a world file on the command
    /// line, it is the one beside the event, if there is one.
    pub(crate) fn chats(&self, event: &Path) -> Result<Person, Trouble> {
        let world = match self.world {
            Some(file) => Some(World::read(file)?),
            None => beside(event).filter(|file| file.is_file()).map(|file| World::read(&file)).transpose()?,
        };
        let Some(world) = world else { return sample_person(self.user.unwrap_or(USUAL)) };
        if !world.rest.is_empty() {
            let rest: Vec<&str> = world.rest.keys().map(String::as_str).collect();
            say::aside(format!("of the world file only the person is set up here, not: {}", rest.join(", ")));
        }
        sample_person(self.user.or(world.person.as_deref()).unwrap_or(USUAL))
    }
}

/// What a world file says: who is chatting, and much that only a test sets up.
#[derive(Deserialize)]
struct World {
    person: Option<String>,
    #[serde(default, rename = "about")]
    _about: String,
    #[serde(flatten)]
    rest: BTreeMap<String, Value>,
}

impl World {
    fn read(file: &Path) -> Result<Self, Trouble> {
        let trouble = |error| Trouble::because(&format!("the world file `{}`", file.display()), error);
        serde_json::from_str(&read(file)?).map_err(trouble)
    }
}

fn beside(event: &Path) -> Option<PathBuf> {
    let name = event.file_name()?.to_str()?.strip_suffix(".event.json")?;
    Some(event.with_file_name(format!("{name}.world.json")))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{beside, fill};

    #[test]
    fn the_world_of_an_event_has_its_name() {
        let world = beside(Path::new("events/f/own.event.json"));
        assert_eq!(world.as_deref(), Some(Path::new("events/f/own.world.json")));
        assert_eq!(beside(Path::new("x.json")), None);
    }

    #[test]
    fn placeholders_inside_texts_are_replaced_wherever_they_stand_and_nothing_else_is() {
        let event = r#"{"a":"{{ticket}}","b":{"x-{{session_id}}-y":"{{ticket}}"},"c":"{{other}}"}"#;
        let filled = fill(event, [("{{ticket}}", "T.T"), ("{{session_id}}", "S")]);
        assert_eq!(filled, r#"{"a":"T.T","b":{"x-S-y":"T.T"},"c":"{{other}}"}"#);
    }
}
