//! The application's credential: as `etage connect` is given it, and as `etage doctor` tells of it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use booking::time::{DAY_MS, Instant};
use clap::Args;
use graph::{Certificate, Credential};
use secrecy::SecretString;

use crate::config::{ConfigError, Env};

/// A certificate that ends sooner than this needs somebody's attention.
const DAYS_LEFT_MIN: i64 = 30;

/// Where the certificate is.
#[derive(Debug, Args)]
pub(super) struct Files {
    /// The application's certificate, PEM, in place of a secret (also `ETAGE_CLIENT_CERTIFICATE_FILE`).
    #[arg(long, value_name = "FILE")]
    certificate: Option<PathBuf>,
    /// The certificate's private key, PEM, not encrypted (also `ETAGE_CLIENT_KEY_FILE`).
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
}

/// The credential that arguments and settings name.
///
/// # Errors
/// When they name none, two, half a one, or one that is no good; the text says what to do.
pub(super) fn given(env: &Env, files: &Files, now: Instant) -> anyhow::Result<Credential> {
    let secret = env.secret("ETAGE_CLIENT_SECRET", "ETAGE_CLIENT_SECRET_FILE")?;
    let named =
        |file: &Option<PathBuf>, name| file.clone().or_else(|| env.text(name).map(PathBuf::from));
    let certificate = named(&files.certificate, CERTIFICATE);
    let key = named(&files.key, KEY);
    match (secret, certificate, key) {
        (Some(_), Some(_), _) | (Some(_), _, Some(_)) => bail!(
            "a secret and a certificate are both given; leave out ETAGE_CLIENT_SECRET (and …_FILE), or the certificate"
        ),
        (Some(secret), None, None) => Ok(Credential::Secret(secret)),
        (None, Some(certificate), Some(key)) => read(&certificate, &key, now),
        (None, Some(_), None) => {
            bail!("the certificate's private key is missing: name its file by --key or {KEY}")
        }
        (None, None, Some(_)) => {
            bail!(
                "the key's certificate is missing: name its file by --certificate or {CERTIFICATE}"
            )
        }
        (None, None, None) => bail!(
            "the application's credential is missing: put its secret into ETAGE_CLIENT_SECRET, or the secret's file into \
             ETAGE_CLIENT_SECRET_FILE, or name a certificate by --certificate and --key"
        ),
    }
}

const CERTIFICATE: &str = "ETAGE_CLIENT_CERTIFICATE_FILE";
const KEY: &str = "ETAGE_CLIENT_KEY_FILE";

fn read(certificate: &Path, key: &Path, now: Instant) -> anyhow::Result<Credential> {
    let text = |name, path: &Path| {
        std::fs::read_to_string(path).map_err(|source| ConfigError::File {
            name,
            path: path.display().to_string(),
            source,
        })
    };
    let pem = format!("{}\n{}", text(CERTIFICATE, certificate)?, text(KEY, key)?);
    let read = Certificate::read(SecretString::from(pem)).with_context(|| {
        format!(
            "the certificate {} with the key {} cannot be used",
            certificate.display(),
            key.display()
        )
    })?;
    if read.valid_until().as_millisecond() <= now.0 {
        bail!(
            "the certificate {} ended on {}; make a new one and upload it in the Entra admin centre",
            certificate.display(),
            day(&read)
        );
    }
    Ok(Credential::Certificate(read))
}

/// What a connection's credential is and how long it lasts, or what is wrong with it.
pub(super) fn describe(credential: &Credential, now: Instant) -> Result<String, String> {
    let Credential::Certificate(certificate) = credential else {
        return Ok("a secret; when it ends is told in the Entra admin centre only".to_owned());
    };
    let which = format!("the certificate {}", certificate.thumbprint());
    let remedy = "upload a new one in the Entra admin centre and run `etage connect` with it";
    let left_ms = certificate.valid_until().as_millisecond() - now.0;
    if left_ms <= 0 {
        return Err(format!("{which} ended on {}; {remedy}", day(certificate)));
    }
    if certificate.valid_from().as_millisecond() > now.0 {
        let from = certificate.valid_from().strftime("%Y-%m-%d");
        return Err(format!(
            "{which} begins on {from}; see that this machine's clock is right"
        ));
    }
    let days = left_ms / DAY_MS;
    let told = format!("{which} ends on {}, in {days} days", day(certificate));
    if days < DAYS_LEFT_MIN {
        return Err(format!("{told}; {remedy}"));
    }
    Ok(told)
}

/// The day a certificate ends on, in UTC.
fn day(certificate: &Certificate) -> String {
    certificate.valid_until().strftime("%Y-%m-%d").to_string()
}

#[cfg(test)]
mod tests {
    use booking::time::HOUR_MS;
    use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};

    use super::*;

    /// When the certificates of these tests end.
    const END: Instant = Instant(1_803_859_200_000);

    /// A folder with a certificate and its key.
    fn files() -> (tempfile::TempDir, Files) {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
        let mut params = CertificateParams::new(Vec::<String>::new()).unwrap();
        params.not_before = rcgen::date_time_ymd(2026, 3, 1);
        params.not_after = rcgen::date_time_ymd(2027, 3, 1);
        let (certificate_file, key_file) =
            (folder.path().join("c.pem"), folder.path().join("k.pem"));
        std::fs::write(&certificate_file, params.self_signed(&key).unwrap().pem()).unwrap();
        std::fs::write(&key_file, key.serialize_pem()).unwrap();
        let files = Files {
            certificate: Some(certificate_file),
            key: Some(key_file),
        };
        (folder, files)
    }

    fn none() -> Files {
        Files {
            certificate: None,
            key: None,
        }
    }

    #[test]
    fn a_credential_that_is_missing_doubled_or_half_is_refused_with_what_to_do() {
        let now = END.plus_ms(-DAY_MS);
        let (_folder, whole) = files();
        let half = |certificate: bool| Files {
            certificate: whole.certificate.clone().filter(|_| certificate),
            key: whole.key.clone().filter(|_| !certificate),
        };
        let secret = Env::of(&[("ETAGE_CLIENT_SECRET", "s")]);
        for (env, files, named) in [
            (Env::default(), &none(), "ETAGE_CLIENT_SECRET"),
            (secret, &whole, "both given"),
            (Env::default(), &half(true), "--key"),
            (Env::default(), &half(false), "--certificate"),
        ] {
            let error = given(&env, files, now).unwrap_err().to_string();
            assert!(error.contains(named), "{error}");
        }
        let late = given(&Env::default(), &whole, END).unwrap_err().to_string();
        assert!(late.contains("ended on 2027-03-01"), "{late}");
    }

    #[test]
    fn a_certificate_is_named_by_arguments_or_by_settings() {
        let now = END.plus_ms(-DAY_MS);
        let (_folder, whole) = files();
        let path = |file: &Option<PathBuf>| file.as_ref().unwrap().display().to_string();
        let (certificate, key) = (path(&whole.certificate), path(&whole.key));
        let env = Env::of(&[(CERTIFICATE, &certificate), (KEY, &key)]);
        for (env, files) in [(Env::default(), &whole), (env, &none())] {
            let read = given(&env, files, now).unwrap();
            assert!(matches!(read, Credential::Certificate(_)));
        }
    }

    #[test]
    fn how_long_a_credential_lasts_is_told_and_a_month_before_its_end_is_a_fault() {
        let (_folder, whole) = files();
        let read = given(&Env::default(), &whole, END.plus_ms(-HOUR_MS)).unwrap();
        let at = |days: i64| describe(&read, END.plus_ms(-days * DAY_MS));
        assert!(at(40).unwrap().contains("ends on 2027-03-01, in 40 days"));
        assert!(at(29).unwrap_err().contains("in 29 days; upload a new one"));
        assert!(at(0).unwrap_err().contains("ended on 2027-03-01"));
        assert!(at(400).unwrap_err().contains("begins on 2026-03-01"));
        let secret = Credential::Secret(SecretString::from("hush"));
        assert!(!describe(&secret, END).unwrap().contains("hush"));
    }
}
