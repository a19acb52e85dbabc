//! A certificate authority of this machine's own, for https on localhost.
//!
//! Outlook loads add-ins over https only. The authority is made once and kept, so that trusting it lasts; only the
//! certificate it signs is used by servers, and its own key never leaves the target folder.

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, PKCS_RSA_SHA256,
};

use crate::workspace::Workspace;

/// The files of one authority, the certificate it gave to localhost, and one an app signs in with.
pub(crate) struct LocalCertificate {
    /// What a browser has to trust.
    pub(crate) authority: PathBuf,
    /// The certificate chain servers present.
    pub(crate) chain: PathBuf,
    /// Its private key.
    pub(crate) key: PathBuf,
    /// What an app uploads to Entra ID to sign in without a secret, and the key it keeps. Signed by itself, and RSA:
    /// Entra takes nothing else.
    app_certificate: PathBuf,
    app_key: PathBuf,
    /// The folder of all of them.
    pub(crate) folder: PathBuf,
}

impl LocalCertificate {
    /// The certificate under `target/demo/tls`, made when it is not there yet.
    pub(crate) fn ensure(workspace: &Workspace) -> Result<Self> {
        let folder = workspace.target.join("demo/tls");
        let files = Self {
            authority: folder.join("authority.pem"),
            chain: folder.join("localhost.pem"),
            key: folder.join("localhost.key"),
            app_certificate: folder.join("app.pem"),
            app_key: folder.join("app.key"),
            folder,
        };
        let all_there = [&files.authority, &files.chain, &files.key]
            .iter()
            .all(|file| file.exists());
        if !all_there || fs::read(&files.authority)? == fs::read(&files.chain)? {
            files.make().context("making a certificate for localhost")?;
        }
        if !files.app_certificate.exists() || !files.app_key.exists() {
            files
                .make_app()
                .context("making a certificate for an app")?;
        }
        Ok(files)
    }

    fn make(&self) -> Result<()> {
        fs::create_dir_all(&self.folder)?;
        let authority = CertifiedIssuer::self_signed(authority_params()?, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let certificate = localhost_params()?.signed_by(&key, &authority)?;
        fs::write(&self.authority, authority.pem())?;
        fs::write(&self.chain, certificate.pem() + &authority.pem())?;
        fs::write(&self.key, key.serialize_pem())?;
        Ok(())
    }

    fn make_app(&self) -> Result<()> {
        let key = KeyPair::generate_for(&PKCS_RSA_SHA256)?;
        let mut params = CertificateParams::new(Vec::new())?;
        params
            .distinguished_name
            .push(DnType::CommonName, "An app of this machine");
        lifetime(&mut params);
        fs::write(&self.app_certificate, params.self_signed(&key)?.pem())?;
        fs::write(&self.app_key, key.serialize_pem())?;
        Ok(())
    }
}

fn authority_params() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.distinguished_name.push(
        DnType::CommonName,
        "Etage demo authority (this machine only)",
    );
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    lifetime(&mut params);
    Ok(params)
}

fn localhost_params() -> Result<CertificateParams> {
    let mut params = CertificateParams::new(vec!["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    params
        .distinguished_name
        .push(DnType::CommonName, "localhost");
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    lifetime(&mut params);
    Ok(params)
}

/// Long enough that nobody has to trust a new authority next month.
fn lifetime(params: &mut CertificateParams) {
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2036, 1, 1);
}
