//! `mandate ticket`: a ticket for a sample user, or a key pair to sign tickets with.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

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
    // Two keys of a minter are valid at once while one replaces the other, so each has an id of its own.
    let kid = format!("{minter}-{}", URL_SAFE_NO_PAD.encode(random::bytes::<6>()?));
    say::line(format!("private seed (base64url, for the minter only): {}", URL_SAFE_NO_PAD.encode(seed)));
    say::line(format!("key id (for the minter): {kid}"));
    say::line(format!("TICKET_KEYS={}", web_app::ticket_keys_of(minter, &kid, &seed)?));
    Ok(())
}
