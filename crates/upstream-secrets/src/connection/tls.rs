//! What the AWS clients trust: Mozilla's roots, compiled in, and nothing that the machine has.

use std::fmt::Write as _;
use std::time::Duration;

use aws_sdk_secretsmanager::config::SharedHttpClient;
use aws_smithy_http_client::Builder;
use aws_smithy_http_client::tls::rustls_provider::CryptoMode;
use aws_smithy_http_client::tls::{Provider, TlsContext, TrustStore};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject as _;

use super::ConnectError;

/// Shorter than any AWS service keeps an idle connection: one that its peer closed while the sandbox was frozen is not
/// picked up again.
const POOL_IDLE: Duration = Duration::from_secs(20);

pub(super) fn client(extra_ca_pem: Option<&[u8]>) -> Result<SharedHttpClient, ConnectError> {
    let mut store = TrustStore::empty().with_pem_certificate(mozilla_pem());
    if let Some(pem) = extra_ca_pem {
        store.add_pem_certificate(usable(pem)?);
    }
    let context = TlsContext::builder().with_trust_store(store).build().map_err(|_| ConnectError::Tls)?;
    Ok(Builder::new()
        .pool_idle_timeout(POOL_IDLE)
        .tls_provider(Provider::Rustls(CryptoMode::AwsLc))
        .tls_context(context)
        .build_https())
}

/// The client takes PEM only, and its builder panics on a certificate that it cannot read: so every extra one is read here
/// first.
fn usable(pem: &[u8]) -> Result<Vec<u8>, ConnectError> {
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_slice_iter(pem) {
        roots.add(certificate.map_err(|_| ConnectError::ExtraCa)?).map_err(|_| ConnectError::ExtraCa)?;
    }
    if roots.is_empty() { Err(ConnectError::ExtraCa) } else { Ok(pem.to_vec()) }
}

fn mozilla_pem() -> String {
    let mut pem = String::new();
    for certificate in webpki_root_certs::TLS_SERVER_ROOT_CERTS {
        let text = STANDARD.encode(certificate);
        // Writing to a text cannot fail.
        let _ = write!(pem, "-----BEGIN CERTIFICATE-----\n{text}\n-----END CERTIFICATE-----\n");
    }
    pem
}

#[cfg(test)]
mod tests {
    use rustls::pki_types::CertificateDer;
    use rustls::pki_types::pem::PemObject as _;

    use super::{ConnectError, client, mozilla_pem, usable};

    #[test]
    fn every_root_survives_the_way_through_pem() {
        let pem = mozilla_pem();
        let read: Vec<_> = CertificateDer::pem_slice_iter(pem.as_bytes()).map(Result::unwrap).collect();
        assert_eq!(read, webpki_root_certs::TLS_SERVER_ROOT_CERTS);
        assert!(usable(pem.as_bytes()).is_ok());
    }

    #[test]
    fn extra_certificates_that_cannot_be_read_stop_the_start() {
        for pem in [
            "",
            "no certificate",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n",
        ] {
            assert!(matches!(client(Some(pem.as_bytes())), Err(ConnectError::ExtraCa)), "{pem}");
        }
        assert!(client(None).is_ok());
    }
}
