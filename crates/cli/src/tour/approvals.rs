//! Changes that wait for a yes on the person's own phone.

mod done;
mod outcome;
pub(super) mod phone;
mod refused;
pub(super) mod request;

use devstack::auth0::Lifetimes;
use devstack::sample::{Person, group_id};

use super::Tour;
use crate::start::sample_person;
use crate::trouble::Trouble;

/// The group whose members are changed.
const GROUP: &str = "VPN users";
const ADD_BOB: &str = "Add bob@example.com to the group \"VPN users\"";
const REMOVE_ALICE: &str = "Remove alice@example.com from the group \"VPN users\"";

/// The approvals are polled for every second, which is as fast as the functions ever poll.
pub(super) async fn walk(tour: &mut Tour) -> Result<(), Trouble> {
    let auth0 = &tour.started.laptop.stack.auth0;
    auth0.set_lifetimes(Lifetimes { ciba_interval: 1, ..auth0.lifetimes() });
    let (person, signed_in, _) = tour.sign_in("dave").await?;
    tour.started.laptop.connect(&signed_in).await?;
    tour.begin(&person, signed_in).await?;
    done::unlock(tour).await?;
    refused::declined(tour).await?;
    refused::expired(tour).await?;
    refused::revoked(tour).await?;
    done::simulated(tour).await?;
    refused::by_okta(tour).await
}

impl Tour {
    /// Whether somebody is in the group, which Okta's double knows without being asked by anybody.
    fn in_the_group(&self, name: &str) -> Result<bool, Trouble> {
        let (person, group): (Person, _) = (sample_person(name)?, group_id(GROUP));
        Ok(group.is_some_and(|group| self.started.laptop.stack.okta.is_member(&person.okta_id(), &group)))
    }

    /// A step: somebody's membership is as it was.
    fn still(&mut self, name: &str, member: bool) -> Result<(), Trouble> {
        let is = self.in_the_group(name)?;
        let seen = if is { "is in it" } else { "is not in it" };
        self.report.step(is == member, &format!("at Okta, {name} and the group “{GROUP}”"), seen);
        Ok(())
    }
}
