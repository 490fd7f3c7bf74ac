//! The scripted server as an Auth0 tenant.

use auth::secret::Secret;
use url::Url;

use super::{Client, Provider, Settings};
pub(super) use crate::testing::{Answer, Scripted, transport, until};

pub(super) const ISSUER: &str = "https://tenant.example/";

impl Scripted {
    pub(super) fn settings(&self) -> Settings {
        Settings {
            issuer: ISSUER.to_owned(),
            client: Client {
                base: self.base.clone(),
                id: "client-1".to_owned(),
                secret: Secret::new("s3cret+&=".to_owned()).into(),
                provider: Provider::default(),
            },
            redirect_uri: Url::parse("https://app.example.com/callback").unwrap(),
            expects_iss: true,
        }
    }
}
