//! Certificates of an authority of the test's own (RFC 5280), with what is wrong with them.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const OBJECT: u8 = 0x06;
/// id-ecPublicKey with prime256v1, ecdsa-with-SHA256, commonName, subjectAltName, basicConstraints.
const EC_KEY: [u8; 7] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01];
const P256: [u8; 8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const ECDSA_SHA256: [u8; 8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];
const ALT_NAME: [u8; 3] = [0x55, 0x1d, 0x11];
const CONSTRAINTS: [u8; 3] = [0x55, 0x1d, 0x13];

/// Until when a certificate is good.
#[derive(Clone, Copy)]
pub(super) enum Until {
    Year2099,
    Year2021,
}

/// Whom it names: 127.0.0.1, or another host.
#[derive(Clone, Copy)]
pub(super) enum Names {
    Loopback,
    Another,
}

/// A key and its name.
pub(super) struct Authority {
    name: &'static str,
    key: EcdsaKeyPair,
}

/// A certificate in DER, and its key as PKCS #8.
pub(super) struct Issued {
    pub(super) certificate: Vec<u8>,
    pub(super) key: Vec<u8>,
}

impl Authority {
    pub(super) fn new(name: &'static str) -> Self {
        Self { name, key: pair().1 }
    }

    /// Its own certificate, as PEM.
    pub(super) fn pem(&self) -> String {
        let constraints = der(SEQUENCE, &[der(1, &[0xff])].concat());
        let own = self.sign(self.name, &self.key, &extension(&CONSTRAINTS, &constraints), Until::Year2099);
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", STANDARD.encode(own))
    }

    pub(super) fn issue(&self, names: Names, until: Until) -> Issued {
        let (pkcs8, key) = pair();
        let name = match names {
            Names::Loopback => der(0x87, &[127, 0, 0, 1]),
            Names::Another => der(0x82, b"another.example"),
        };
        let extension = extension(&ALT_NAME, &der(SEQUENCE, &name));
        Issued { certificate: self.sign("server", &key, &extension, until), key: pkcs8 }
    }

    fn sign(&self, subject: &str, key: &EcdsaKeyPair, extension: &[u8], until: Until) -> Vec<u8> {
        let algorithm = der(SEQUENCE, &der(OBJECT, &ECDSA_SHA256));
        let end = match until {
            Until::Year2099 => der(0x18, b"20990101000000Z"),
            Until::Year2021 => der(0x17, b"210101000000Z"),
        };
        let kind = der(SEQUENCE, &[der(OBJECT, &EC_KEY), der(OBJECT, &P256)].concat());
        let point = [&[0], key.public_key().as_ref()].concat();
        let to_be_signed = der(
            SEQUENCE,
            &[
                der(0xa0, &der(2, &[2])),
                der(2, &[7]),
                algorithm.clone(),
                named(self.name),
                der(SEQUENCE, &[der(0x17, b"200101000000Z"), end].concat()),
                named(subject),
                der(SEQUENCE, &[kind, der(3, &point)].concat()),
                der(0xa3, &der(SEQUENCE, extension)),
            ]
            .concat(),
        );
        let signature = self.key.sign(&SystemRandom::new(), &to_be_signed).expect("it signs");
        let signature = der(3, &[&[0], signature.as_ref()].concat());
        der(SEQUENCE, &[to_be_signed, algorithm, signature].concat())
    }
}

fn pair() -> (Vec<u8>, EcdsaKeyPair) {
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &SystemRandom::new()).expect("a key");
    let key = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref()).expect("the key is one");
    (pkcs8.as_ref().to_vec(), key)
}

fn named(name: &str) -> Vec<u8> {
    let attribute = der(SEQUENCE, &[der(OBJECT, &COMMON_NAME), der(0x0c, name.as_bytes())].concat());
    der(SEQUENCE, &der(SET, &attribute))
}

fn extension(id: &[u8], value: &[u8]) -> Vec<u8> {
    der(SEQUENCE, &[der(OBJECT, id), der(4, value)].concat())
}

/// Tag, length and content (X.690 section 8.1).
fn der(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a certificate is short").to_be_bytes();
    let length = match length {
        [0, short] if short < 128 => vec![short],
        [0, short] => vec![0x81, short],
        [high, low] => vec![0x82, high, low],
    };
    [&[tag], &length[..], content].concat()
}
