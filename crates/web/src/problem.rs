//! Why a page is not what was asked for.

use auth::refusal::{Code, Refusal};
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use upstream_aws::approval_store::ApprovalError;
use upstream_aws::{AuditError, StoreError};
use upstream_http::auth0::TokenError;
use upstream_http::auth0::connected_accounts::AccountsError;
use upstream_http::auth0::login::LoginError;

/// What a person is told, and what the log is told. The rim makes a page or JSON of it.
#[derive(Clone, Debug)]
pub(crate) struct Problem {
    pub(crate) status: StatusCode,
    pub(crate) refusal: Refusal,
    /// What to do next, in one sentence.
    pub(crate) next: &'static str,
    /// Whether the page offers to sign in.
    pub(crate) signs_in: bool,
}

const AGAIN: &str = "Go back and try again. If it stays like this, tell your administrator the reference.";

impl Problem {
    fn new(status: StatusCode, refusal: Refusal, next: &'static str) -> Self {
        Self { status, refusal, next, signs_in: false }
    }

    /// Something of ours is set up wrongly, or broke.
    pub(crate) fn internal(cause: &'static str) -> Self {
        Self::from(Refusal::new(Code::Internal, cause))
    }

    /// Nobody is signed in.
    pub(crate) fn signed_out(cause: &'static str) -> Self {
        let words = "You are not signed in, or your session has ended.";
        let refusal = Refusal::auth_required(cause).saying(words);
        Self { signs_in: true, ..Self::new(StatusCode::UNAUTHORIZED, refusal, "Sign in again.") }
    }

    /// A sign-in that came to nothing. The words are ours: none of the provider's is shown.
    pub(crate) fn sign_in(status: StatusCode, cause: String, words: &'static str) -> Self {
        let refusal = Refusal::auth_required(cause).saying(words);
        Self { signs_in: true, ..Self::new(status, refusal, "Start the sign-in once more.") }
    }

    /// A change that does not come from a page of ours.
    pub(crate) fn foreign(cause: &'static str) -> Self {
        let words = "This request did not come from a page of this application, so nothing was done.";
        let refusal = Refusal::new(Code::AccessDenied, cause).saying(words);
        Self::new(StatusCode::FORBIDDEN, refusal, "Open the page again and press the button there.")
    }

    /// A sign-out that came to no end.
    pub(crate) fn still_open() -> Self {
        let refusal = Refusal::new(Code::Unavailable, "sign-out: the row is still there");
        let refusal = refusal.saying("Your session could not be ended: you are not signed out.");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, refusal, "Reload this page to try once more.")
    }

    /// The session in this browser is over, and one that a client has may not be.
    pub(crate) fn clients_left() -> Self {
        let refusal = Refusal::new(Code::Unavailable, "sign-out: a session that a client has may be there still");
        let refusal = refusal.saying("You are signed out here, but a session that your MCP client has may go on.");
        let next = "Sign in and sign out once more to end it. It ends by itself eight hours after its sign-in.";
        Self { signs_in: true, ..Self::new(StatusCode::SERVICE_UNAVAILABLE, refusal, next) }
    }

    /// A request that cannot be understood.
    pub(crate) fn invalid(words: &'static str) -> Self {
        Self::from(Refusal::invalid_input(words))
    }

    /// Somebody else wrote a cookie that looks like ours.
    pub(crate) fn cookies(words: &'static str) -> Self {
        let next = "Delete the cookies of this site and of its parent domain, and open the page again.";
        Self { next, ..Self::invalid(words) }
    }

    /// There is no such page.
    pub(crate) fn not_found() -> Self {
        let refusal = Refusal::invalid_input("There is no such page.");
        Self::new(StatusCode::NOT_FOUND, refusal, "Go to the start page.")
    }

    /// A limit was reached.
    pub(crate) fn too_many(cause: &'static str, seconds: u64) -> Self {
        let refusal = Refusal::busy(cause, seconds).saying("That was too much at once.");
        Self::new(StatusCode::TOO_MANY_REQUESTS, refusal, "Wait a moment and try again.")
    }

    /// As many answers as a person may have are under way.
    pub(crate) fn too_many_turns() -> Self {
        let refusal = Refusal::busy("chat: all of the person's places are taken", 5);
        let refusal = refusal.saying("The agent is answering you in too many places at once.");
        let next = "Wait for one of the answers, or stop one, and send the message again.";
        Self::new(StatusCode::TOO_MANY_REQUESTS, refusal, next)
    }

    /// Another message of the same conversation is still being answered.
    pub(crate) fn answering() -> Self {
        let refusal = Refusal::busy("chat: a turn is under way", 5).saying("The agent is still answering.");
        Self::new(StatusCode::CONFLICT, refusal, "Wait for the answer, or stop it, and send the message again.")
    }

    /// Whether the same may go well a moment later.
    pub(crate) fn passes(&self) -> bool {
        matches!(self.refusal.code(), Code::Busy | Code::Unavailable)
    }

    /// What a framework's own answer of this status comes to.
    pub(crate) fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::not_found(),
            StatusCode::METHOD_NOT_ALLOWED => {
                let refusal = Refusal::invalid_input("This page does not take such a request.");
                Self::new(status, refusal, "Go to the start page.")
            }
            StatusCode::PAYLOAD_TOO_LARGE => {
                Self::new(status, Refusal::invalid_input("The request is too large."), "Send less at once.")
            }
            status if status.is_client_error() => {
                Self::new(status, Refusal::invalid_input("The request could not be understood."), AGAIN)
            }
            status => Self { status, ..Self::internal("a handler answered with an error of its own") },
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        let (status, next) = match refusal.code() {
            Code::AuthRequired => (StatusCode::UNAUTHORIZED, "Sign in again."),
            Code::ReconnectRequired => (StatusCode::CONFLICT, "Connect the account again."),
            Code::AccessDenied | Code::ApprovalDenied => (StatusCode::FORBIDDEN, AGAIN),
            Code::ApprovalPending => (StatusCode::ACCEPTED, "Answer the request on your phone."),
            Code::ApprovalExpired => (StatusCode::GONE, AGAIN),
            Code::Busy => (StatusCode::TOO_MANY_REQUESTS, "Wait a moment and try again."),
            Code::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "Try again in a minute."),
            Code::InvalidInput => (StatusCode::BAD_REQUEST, AGAIN),
            Code::Internal => (StatusCode::INTERNAL_SERVER_ERROR, AGAIN),
        };
        let signs_in = refusal.code() == Code::AuthRequired;
        Self { signs_in, ..Self::new(status, refusal, next) }
    }
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<ApprovalError> for Problem {
    fn from(error: ApprovalError) -> Self {
        Refusal::from(error).into()
    }
}

impl From<AuditError> for Problem {
    fn from(error: AuditError) -> Self {
        let code = match error {
            AuditError::Busy => return Refusal::busy(error.to_string(), 2).into(),
            AuditError::Unavailable => Code::Unavailable,
            AuditError::Exists | AuditError::Misconfigured | AuditError::Unreadable => Code::Internal,
        };
        Refusal::new(code, error.to_string()).into()
    }
}

impl From<TokenError> for Problem {
    fn from(error: TokenError) -> Self {
        let cause = error.to_string();
        match error {
            TokenError::Grant => Self::signed_out("auth0: the refresh token or the code is over"),
            TokenError::IdToken => {
                Self::signed_out("auth0: the id token that came with the refresh is not this person's")
            }
            TokenError::Busy { seconds } => Refusal::busy(cause, seconds).into(),
            TokenError::Unavailable(_) => Refusal::new(Code::Unavailable, cause).into(),
            TokenError::Misconfigured(_) => Refusal::new(Code::Internal, cause).into(),
        }
    }
}

impl From<AccountsError> for Problem {
    fn from(error: AccountsError) -> Self {
        let cause = error.to_string();
        let saying = |code: Code, words: &'static str| Self::from(Refusal::new(code, cause.clone()).saying(words));
        match error {
            AccountsError::State => saying(Code::InvalidInput, "This connection was not begun in this browser."),
            AccountsError::Expired => saying(Code::InvalidInput, "This connection was begun too long ago."),
            AccountsError::Declined => saying(Code::AccessDenied, "The account was not connected: it was declined."),
            AccountsError::Failed | AccountsError::Conflict | AccountsError::NotFound => {
                saying(Code::InvalidInput, "The account was not connected.")
            }
            AccountsError::Busy { seconds } => Refusal::busy(cause, seconds).into(),
            AccountsError::Unavailable(_) => Refusal::new(Code::Unavailable, cause).into(),
            AccountsError::TokenRefused | AccountsError::MissingRight | AccountsError::Invalid => {
                Refusal::new(Code::Internal, cause).into()
            }
        }
    }
}

impl From<LoginError> for Problem {
    fn from(error: LoginError) -> Self {
        let cause = error.to_string();
        let (status, words) = match error {
            LoginError::State => (StatusCode::BAD_REQUEST, "This sign-in was not begun in this browser."),
            LoginError::Expired => (StatusCode::BAD_REQUEST, "This sign-in was begun too long ago."),
            LoginError::Declined => (StatusCode::FORBIDDEN, "The sign-in was declined."),
            LoginError::Issuer | LoginError::Failed | LoginError::IdToken(_) => {
                (StatusCode::BAD_REQUEST, "The sign-in failed.")
            }
            // The provider's keys cannot be had, or are newer than those that are known: nobody's mistake here.
            LoginError::UnknownKey => {
                let refusal = Refusal::new(Code::Unavailable, cause).saying("The sign-in could not be checked now.");
                return Self { signs_in: true, ..Self::from(refusal) };
            }
            LoginError::Exchange(error) => return Self { signs_in: true, ..Self::from(error) },
        };
        Self::sign_in(status, cause, words)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}
