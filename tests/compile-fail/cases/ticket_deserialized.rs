use auth::ticket::Ticket;
use serde::{Deserialize, Deserializer};

fn unverified<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Ticket, D::Error> {
    Ticket::deserialize(deserializer)
}

fn main() {}
