//! The chat.

use devstack::openfga::Tuple;
use devstack::sample::Person;
use devstack::stack::STORE;

use super::banner::{self, QUESTIONS};
use super::keyboard::Keyboard;
use super::phone::{self, Button};
use crate::chat::Chat;
use crate::laptop::Laptop;
use crate::sign_in::Signed;
use crate::start::sample_person;
use crate::trouble::Trouble;
use crate::{person, say, story};

/// Talks until the end of input.
pub(super) async fn talk(laptop: &Laptop, person: &Person, signed: &Signed) -> Result<(), Trouble> {
    let chat = Chat::new(laptop.stack.bedrock.double.url(), laptop.agent());
    let mut keyboard = Keyboard::open();
    loop {
        say::part(format!("{}> ", person.name));
        let Some(line) = keyboard.line().await else {
            say::line("");
            return Ok(());
        };
        if !keyboard.echoes {
            say::line(&line);
        }
        match line.as_str() {
            "" => {}
            "/quit" => return Ok(()),
            "/help" => {
                banner::questions();
                banner::commands();
            }
            "/revoke" => revoke(laptop, signed),
            "/allow" => allow(laptop, person, signed)?,
            "/approve" => phone::press(laptop, person, signed, Button::Approve).await,
            "/deny" => phone::press(laptop, person, signed, Button::Deny).await,
            "/lock" => lock(laptop)?,
            "/why" => story::of_last_call(laptop).await.iter().for_each(say::line),
            command if command.starts_with('/') => {
                say::line(format!("there is no command `{command}`; /help shows what there is"));
            }
            text => ask(laptop, &chat, signed, question(text)).await,
        }
    }
}

/// A number stands for a question of the list.
fn question(text: &str) -> &str {
    let number = text.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
    number.and_then(|index| QUESTIONS.get(index)).copied().unwrap_or(text)
}

async fn ask(laptop: &Laptop, chat: &Chat, signed: &Signed, text: &str) {
    let asked = chat.say(text, &signed.session, &laptop.ticket(signed)).await;
    say::line(asked.unwrap_or_else(|trouble| trouble.to_string()));
}

fn revoke(laptop: &Laptop, signed: &Signed) {
    let removed = person::held(laptop, &signed.subject);
    for tuple in &removed {
        laptop.stack.openfga.revoke(STORE.0, tuple);
    }
    if removed.is_empty() {
        say::line("there was no tuple to remove");
    }
    removed.iter().for_each(|tuple| say::line(format!("removed {}", short(tuple))));
}

fn allow(laptop: &Laptop, person: &Person, signed: &Signed) -> Result<(), Trouble> {
    let mut given = laptop.tuples(person)?;
    let own = person::own_groups(&signed.subject);
    if !given.contains(&own) {
        given.push(own);
    }
    for tuple in &given {
        laptop.stack.openfga.allow(STORE.0, tuple);
        say::line(format!("stored {}", short(tuple)));
    }
    Ok(())
}

fn lock(laptop: &Laptop) -> Result<(), Trouble> {
    let bob = sample_person("bob")?;
    person::lock(laptop, &bob);
    say::line(format!("the Okta account of {} is locked", bob.email()));
    Ok(())
}

fn short(tuple: &Tuple) -> String {
    format!("tuple: {} on {}", tuple.relation, tuple.object)
}

#[cfg(test)]
mod tests {
    use super::{QUESTIONS, question};

    #[test]
    fn a_number_asks_the_question_of_that_number_and_any_other_text_is_asked_as_it_is() {
        assert_eq!(question("1"), QUESTIONS[0]);
        assert_eq!(question("0"), "0");
        assert_eq!(question("99"), "99");
        assert_eq!(question("what?"), "what?");
    }
}
