//! `mandate event`: an event from a file, with its placeholders filled for a person who is signed in.

use std::fs;
use std::path::Path;

use devstack::sample::Person;
use serde::Deserialize;

use crate::place::Place;
use crate::say;
use crate::start::sample_person;
use crate::trouble::Trouble;

/// Prints the event for the system that runs.
pub(crate) async fn run(file: &Path, world: Option<&Path>, user: &str, port_base: u16) -> Result<(), Trouble> {
    let (text, person) = (read(file)?, person(world, user)?);
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

/// What a world file says that matters here: who is chatting.
#[derive(Deserialize)]
struct World {
    user: Option<String>,
}

/// The person that the world file names, or else the one that the command line names.
fn person(world: Option<&Path>, user: &str) -> Result<Person, Trouble> {
    let Some(file) = world else { return sample_person(user) };
    let world: World = serde_json::from_str(&read(file)?)
        .map_err(|error| Trouble::because(&format!("the world file `{}`", file.display()), error))?;
    sample_person(world.user.as_deref().unwrap_or(user))
}

#[cfg(test)]
mod tests {
    use super::fill;

    #[test]
    fn placeholders_inside_texts_are_replaced_wherever_they_stand_and_nothing_else_is() {
        let event = r#"{"a":"{{ticket}}","b":{"x-{{session_id}}-y":"{{ticket}}"},"c":"{{other}}"}"#;
        let filled = fill(event, [("{{ticket}}", "T.T"), ("{{session_id}}", "S")]);
        assert_eq!(filled, r#"{"a":"T.T","b":{"x-S-y":"T.T"},"c":"{{other}}"}"#);
    }
}
