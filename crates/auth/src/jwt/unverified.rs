use super::algorithm::Algorithm;
use super::header::Header;
use super::refused::Refused;
use super::segments;

/// A token of the right shape whose signature nobody has checked. It gives what is needed to find a key and nothing
/// else: there is no way to read a claim, not even for a log.
pub struct Unverified<'a> {
    header: Header,
    pub(super) signing_input: &'a str,
    pub(super) payload: Vec<u8>,
    pub(super) signature: Vec<u8>,
}

impl<'a> Unverified<'a> {
    /// At most 8 KiB, three segments of strict base64url, and a header under the rules of RFC 8725.
    ///
    /// # Errors
    /// [`Refused::Invalid`], always: whether the key is known is not asked here.
    pub fn parse(token: &'a str) -> Result<Self, Refused> {
        let cut = segments::cut(token)?;
        let header = Header::parse(&segments::decode(cut.header)?)?;
        let payload = segments::decode(cut.payload)?;
        let signature = segments::decode(cut.signature)?;
        Ok(Self { header, signing_input: cut.signing_input, payload, signature })
    }

    /// What the header says the signature is. Not yet allowed by any policy.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.header.algorithm
    }

    /// The name of the key, to be compared for equality and for nothing else: it can hold any text.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.header.kid.as_deref()
    }

    /// The declared kind of token.
    #[must_use]
    pub fn typ(&self) -> Option<&str> {
        self.header.typ.as_deref()
    }
}
