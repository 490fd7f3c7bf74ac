//! What the function is set up with.

use auth::subject::SubjectRule;
use auth::ticket::TicketKeys;
use function::read_settings;
use function::settings::Reader;
use tool::house::{HouseSettings, ticket_keys};
use tool::question::{Kind, Question, subjects};

use crate::list_groups::Source;

/// The function's settings, checked.
pub struct Settings {
    /// The action group that calls must name.
    pub action_group: String,
    /// Who signs tickets.
    pub ticket_keys: TicketKeys,
    /// Those that every tool function has.
    pub house: HouseSettings,
    /// Where group names come from.
    pub source: Source,
    /// How the authorizer names people.
    pub subjects: SubjectRule,
    /// What is asked about one's own groups.
    pub own: Question,
    /// What is asked about another person's groups.
    pub others: Question,
}

impl Settings {
    /// Reads them all.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_settings!(reader => Settings {
            action_group: text_or("ACTION_GROUP", crate::ACTION_GROUP),
            ticket_keys: with(ticket_keys),
            house: with(HouseSettings::read),
            source: choice_or("GROUPS_SOURCE", &[("api", Source::Api), ("claim", Source::Claim)], Source::Api),
            subjects: with(subjects),
            own: with(|reader| {
                let (relation, object) = (("DEFAULT_RELATION", "read_okta"), ("DEFAULT_OBJECT", "okta:groups"));
                Question::read(reader, relation, object, Kind::Oneself)
            }),
            others: with(|reader| {
                let (relation, object) = (("OTHERS_RELATION", "read_groups"), ("OTHERS_OBJECT", "okta_user:{login}"));
                Question::read(reader, relation, object, Kind::Login)
            }),
        })
    }
}
