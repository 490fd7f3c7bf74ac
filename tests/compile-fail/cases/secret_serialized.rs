use auth::secret::Secret;
use serde::{Serialize, Serializer};

fn write<S: Serializer>(secret: &Secret, serializer: S) -> Result<S::Ok, S::Error> {
    secret.serialize(serializer)
}

fn main() {}
