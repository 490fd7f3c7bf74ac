use auth::mandate::Mandate;
use serde::{Serialize, Serializer};

fn write<S: Serializer>(mandate: &Mandate<()>, serializer: S) -> Result<S::Ok, S::Error> {
    mandate.serialize(serializer)
}

fn main() {}
