use auth::approval::Permit;

fn from_a_row<'de, D: serde::Deserializer<'de>>(row: D) -> Result<Permit, D::Error> {
    serde::Deserialize::deserialize(row)
}

fn main() {}
