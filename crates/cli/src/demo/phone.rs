//! The person's phone, answered from the chat.

use std::time::Duration;

use devstack::auth0::Pending;
use devstack::sample::Person;
use tokio::time::{Instant, sleep};

use crate::approvals::{Ended, ended_with_code};
use crate::laptop::Laptop;
use crate::say;
use crate::sign_in::Signed;

/// The worker asks Auth0 every five seconds how a request stands.
const PATIENCE: Duration = Duration::from_secs(12);
const PAUSE: Duration = Duration::from_millis(100);

/// What is pressed.
#[derive(Clone, Copy)]
pub(super) enum Button {
    Approve,
    Deny,
}

/// Answers the newest request that waits on the person's phone, and says how it ends if that is soon known.
pub(super) async fn press(laptop: &Laptop, person: &Person, signed: &Signed, button: Button) {
    let auth0 = &laptop.stack.auth0;
    let Some(newest) = auth0.pending(&person.sub()).pop() else {
        say::line(format!("nothing waits for an answer on {}'s phone", person.name));
        return;
    };
    let (said, pressed) = match button {
        Button::Approve => ("yes", auth0.approve(&newest.auth_req_id)),
        Button::Deny => ("no", auth0.deny(&newest.auth_req_id)),
    };
    if let Err(error) = pressed {
        say::line(format!("the request “{}” was not answered: {error}", newest.binding_message));
        return;
    }
    say::line(format!("{}'s phone said {said} to “{}”", person.name, newest.binding_message));
    say::line(match end(laptop, signed, &newest).await {
        Some(Ended { ending, reference, .. }) => {
            format!(
                "the request has ended: {ending}; the agent tells more when it is asked for the approval {reference}"
            )
        }
        None => "the request has not ended yet; the agent can be asked how it stands".to_owned(),
    });
}

/// Waits for the end of the request, but not for long.
async fn end(laptop: &Laptop, signed: &Signed, request: &Pending) -> Option<Ended> {
    let until = Instant::now() + PATIENCE;
    let code = code(&request.binding_message);
    loop {
        let ended = ended_with_code(laptop, &signed.subject, code).await;
        if ended.is_some() || Instant::now() >= until {
            return ended;
        }
        sleep(PAUSE).await;
    }
}

/// The code that the chat and the phone both show is the last word on the phone.
fn code(binding_message: &str) -> &str {
    binding_message.rsplit(' ').next().unwrap_or(binding_message)
}

#[cfg(test)]
mod tests {
    use super::code;

    #[test]
    fn the_code_is_the_last_word_that_the_phone_shows() {
        assert_eq!(code("Unlock an account 7KQ2MX"), "7KQ2MX");
        assert_eq!(code("7KQ2MX"), "7KQ2MX");
    }
}
