//! What the function is set up with.

use auth::subject::SubjectRule;
use function::read_settings;
use function::settings::Reader;
use tool::house::HouseSettings;
use tool::question::subjects;
use url::Url;

/// The function's settings, checked.
pub struct Settings {
    /// Those that every tool function has.
    pub house: HouseSettings,
    /// How the authorizer names people.
    pub subjects: SubjectRule,
    /// Those of the tools, as the function that asks for approvals has them.
    pub changes: okta_changes::Settings,
    /// The queue that wakes this function.
    pub queue: Url,
}

impl Settings {
    /// Reads them all.
    pub fn read(reader: &mut Reader<'_>) -> Option<Self> {
        read_settings!(reader => Settings {
            house: with(HouseSettings::read),
            subjects: with(subjects),
            changes: with(okta_changes::Settings::read),
            queue: url("APPROVAL_QUEUE_URL"),
        })
    }
}
