//! `mandate ticket`: a ticket for a sample user, or a key pair to sign tickets with.

mod rotate;

use std::path::Path;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use function::settings::Environment;

use crate::doctor::{self, Whose};
use crate::place::Place;
use crate::start::sample_person;
use crate::trouble::Trouble;
use crate::{random, say, web_app};

/// Prints a ticket for the system that runs. It is good for five minutes.
pub(crate) async fn run(user: &str, port_base: u16) -> Result<(), Trouble> {
    let person = sample_person(user)?;
    let mut place = Place::at(port_base).await?;
    let signed = place.session(&person).await?;
    say::line(place.web.ticket(&signed).expose());
    Ok(())
}

/// Prints a fresh private seed, and the setting with the public key that belongs to it.
pub(crate) fn new_key(minter: &str) -> Result<(), Trouble> {
    let fits = !minter.is_empty() && minter.chars().all(|letter| letter.is_ascii_alphanumeric() || letter == '-');
    if !fits {
        return Err(Trouble::usage(format!("a minter's name is made of letters, digits and `-`, unlike `{minter}`")));
    }
    let seed = random::bytes::<32>()?;
    let kid = fresh_id(minter)?;
    say::line(format!("private seed (base64url, for the minter only): {}", URL_SAFE_NO_PAD.encode(seed)));
    say::line(format!("key id (for the minter): {kid}"));
    say::line(format!("TICKET_KEYS={}", web_app::ticket_keys_of(minter, &kid, &seed)?));
    Ok(())
}

/// Prints a new key for this minter beside those of `TICKET_KEYS`, which stand in the environment or in `file`, and the steps.
pub(crate) async fn rotate(minter: &str, file: Option<&Path>, json: bool) -> Result<(), Trouble> {
    let environment: Environment = doctor::environment(Whose::Environment(file)).await?;
    let mut reader = function::settings::Reader::new(&environment);
    let keys = reader.text("TICKET_KEYS");
    let keys = reader.finish(keys).map_err(|problems| Trouble::usage(problems.to_string()))?;
    let rotation = rotate::rotate(&keys, minter, &random::bytes::<32>()?, &fresh_id(minter)?)?;
    if json {
        say::line(rotation.json())
    } else {
        rotation.lines().iter().for_each(say::line)
    }
    Ok(())
}

/// Two keys of a minter are valid at once while one replaces the other, so each has an id of its own.
fn fresh_id(minter: &str) -> Result<String, Trouble> {
    Ok(format!("{minter}-{}", URL_SAFE_NO_PAD.encode(random::bytes::<6>()?)))
}
