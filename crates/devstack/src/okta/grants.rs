//! Codes, refresh tokens and access tokens that the org handed out.

use std::collections::BTreeMap;

/// Seconds in which a code must be redeemed.
const CODE_LIFETIME: u64 = 60;

/// What a person agreed to.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) user: String,
    pub(super) client: String,
    pub(super) scopes: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Code {
    pub(super) grant: Grant,
    pub(super) redirect_uri: String,
    /// The S256 challenge of RFC 7636, if one was sent.
    pub(super) challenge: Option<String>,
    expires: u64,
}

#[derive(Clone, Debug)]
pub(super) struct Access {
    pub(super) user: String,
    pub(super) scopes: Vec<String>,
    expires: u64,
}

#[derive(Debug)]
pub(super) struct Grants {
    /// Seconds that an access token lives.
    pub(super) lifetime: u64,
    codes: BTreeMap<String, Code>,
    refresh: BTreeMap<String, Grant>,
    access: BTreeMap<String, Access>,
    /// Every code and token since the start, spent ones included.
    pub(super) handed_out: Vec<String>,
}

impl Grants {
    pub(super) fn new(lifetime: u64) -> Self {
        let (codes, refresh, access) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { lifetime, codes, refresh, access, handed_out: Vec::new() }
    }

    fn secret(&mut self) -> String {
        let secret = crate::random::token("");
        self.handed_out.push(secret.clone());
        secret
    }

    pub(super) fn issue_code(
        &mut self,
        grant: Grant,
        redirect_uri: String,
        challenge: Option<String>,
        now: u64,
    ) -> String {
        let code = self.secret();
        let expires = now.saturating_add(CODE_LIFETIME);
        self.codes.insert(code.clone(), Code { grant, redirect_uri, challenge, expires });
        code
    }

    /// Gives a code once.
    pub(super) fn redeem(&mut self, code: &str, now: u64) -> Option<Code> {
        self.codes.remove(code).filter(|code| code.expires > now)
    }

    /// A refresh token that stays the same over refreshes, as Okta's are for web applications by default.
    pub(super) fn issue_refresh(&mut self, grant: Grant) -> String {
        let token = self.secret();
        self.refresh.insert(token.clone(), grant);
        token
    }

    pub(super) fn refresh(&self, token: &str) -> Option<&Grant> {
        self.refresh.get(token)
    }

    pub(super) fn issue_access(&mut self, user: &str, scopes: &[String], lifetime: u64, now: u64) -> String {
        let token = self.secret();
        let expires = now.saturating_add(lifetime);
        self.access.insert(token.clone(), Access { user: user.to_owned(), scopes: scopes.to_vec(), expires });
        token
    }

    pub(super) fn access(&self, token: &str, now: u64) -> Option<&Access> {
        self.access.get(token).filter(|access| access.expires > now)
    }

    /// Makes one token, of either kind, invalid.
    pub(super) fn revoke(&mut self, token: &str) {
        self.refresh.remove(token);
        self.access.remove(token);
    }

    /// Makes everything that one person has invalid.
    pub(super) fn revoke_all(&mut self, user: &str) {
        self.codes.retain(|_, code| code.grant.user != user);
        self.refresh.retain(|_, grant| grant.user != user);
        self.access.retain(|_, access| access.user != user);
    }

    /// Makes all access tokens expire now; refresh tokens stay.
    pub(super) fn expire_access(&mut self) {
        self.access.clear();
    }
}
