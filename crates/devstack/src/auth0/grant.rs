//! What a sign-in gave to an application; every token comes from one.

/// Who allowed which application what.
#[derive(Clone)]
pub(crate) struct Grant {
    pub(crate) sub: String,
    pub(crate) client_id: String,
    pub(crate) scope: Vec<String>,
    pub(crate) audience: Option<String>,
    pub(crate) org_id: Option<String>,
    pub(crate) nonce: Option<String>,
    /// The sign-in's id, in every ID token that follows from it; a CIBA approval is no sign-in.
    pub(crate) sid: Option<String>,
    /// Seconds since 1970; present when `max_age` was asked, and for a CIBA approval.
    pub(crate) auth_time: Option<u64>,
}

impl Grant {
    pub(crate) fn has(&self, scope: &str) -> bool {
        self.scope.iter().any(|granted| granted == scope)
    }
}

/// The words of a `scope` parameter (RFC 6749, section 3.3), each once, in their order.
pub(crate) fn words(scope: &str) -> Vec<String> {
    let mut words = Vec::new();
    for word in scope.split_ascii_whitespace() {
        if !words.iter().any(|known| known == word) {
            words.push(word.to_owned());
        }
    }
    words
}
