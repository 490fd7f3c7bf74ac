//! Ids of stores and models: ULIDs, 26 characters of Crockford's alphabet.

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A new id: ten characters of time, sixteen of chance.
pub(super) fn fresh() -> String {
    let mut time = crate::clock::now().saturating_mul(1000);
    let mut characters = Vec::with_capacity(26);
    for _ in 0..10 {
        characters.push(character(time % 32));
        time /= 32;
    }
    characters.reverse();
    characters.extend(crate::random::token("").bytes().take(16).map(|byte| character(u64::from(byte) % 32)));
    characters.into_iter().collect()
}

/// Whether the server would accept this as an id (the pattern of the API's `store_id`).
pub(super) fn is_valid(id: &str) -> bool {
    id.len() == 26 && id.bytes().all(|byte| ALPHABET.contains(&byte))
}

fn character(index: u64) -> char {
    usize::try_from(index).ok().and_then(|index| ALPHABET.get(index)).map_or('0', |byte| char::from(*byte))
}
