//! What the function is set up with.

use auth::approval::LONGEST_SECONDS;
use auth::subject::SubjectRule;
use auth::ticket::TicketKeys;
use function::read_settings;
use function::settings::Reader;
use tool::house::{HouseSettings, ticket_keys};
use tool::question::subjects;
use url::Url;

/// A person needs some seconds to find their phone.
const SHORTEST_SECONDS: u64 = 20;

/// The function's settings, checked.
pub struct Settings {
    /// The action group that calls must name.
    pub action_group: String,
    /// Who signs tickets.
    pub ticket_keys: TicketKeys,
    /// Those that every tool function has.
    pub house: HouseSettings,
    /// How the authorizer names people.
    pub subjects: SubjectRule,
    /// Those of the tools.
    pub changes: okta_changes::Settings,
    /// The worker's queue.
    pub queue: Url,
    /// How long a person has to answer, in seconds.
    pub seconds: u64,
}

impl Settings {
    /// Reads them all.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_settings!(reader => Settings {
            action_group: text_or("ACTION_GROUP", crate::ACTION_GROUP),
            ticket_keys: with(ticket_keys),
            house: with(HouseSettings::read),
            subjects: with(subjects),
            changes: with(okta_changes::Settings::read),
            queue: url("APPROVAL_QUEUE_URL"),
            seconds: number("APPROVAL_SECONDS", SHORTEST_SECONDS..=LONGEST_SECONDS, 120),
        })
    }
}
