//! The roots we trust, for reqwest. `upstream-aws` builds the same set in the form that the AWS SDK takes.

use std::sync::Arc;

use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;
use rustls::{ClientConfig, RootCertStore};

use super::TransportProblem;

/// The bundled web roots and the certificates of `extra`, under the aws-lc provider.
pub(super) fn client_config(extra: Option<&[u8]>) -> Result<ClientConfig, TransportProblem> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter().cloned());
    if let Some(pem) = extra {
        let mut added = 0;
        for certificate in CertificateDer::pem_slice_iter(pem) {
            let certificate = certificate.map_err(|_| TransportProblem::ExtraAuthority)?;
            roots.add(certificate).map_err(|_| TransportProblem::ExtraAuthority)?;
            added += 1;
        }
        if added == 0 {
            return Err(TransportProblem::ExtraAuthority);
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|_| TransportProblem::Client)?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::client_config;

    #[test]
    fn an_extra_authority_without_a_certificate_is_a_problem() {
        assert!(client_config(None).is_ok());
        assert!(client_config(Some(b"not pem")).is_err());
        assert!(client_config(Some(b"-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n")).is_err());
    }
}
