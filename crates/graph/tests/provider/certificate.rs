//! An application that signs instead of sending a secret.

use booking::provider::{CalendarProvider, ProviderError};
use graph::{Certificate, Credential};
use m365_sim::Scenario;
use rcgen::{CertificateParams, KeyPair, PKCS_RSA_SHA256};
use secrecy::SecretString;

use crate::support::{ADELE, World, draft, hours, room};

/// A certificate with its key, and the certificate alone, as an administrator uploads it.
fn made() -> (Credential, String) {
    let key = KeyPair::generate_for(&PKCS_RSA_SHA256).unwrap();
    let params = CertificateParams::new(Vec::<String>::new()).unwrap();
    let public = params.self_signed(&key).unwrap().pem();
    let pem = SecretString::from(format!("{public}{}", key.serialize_pem()));
    let certificate = Certificate::read(pem).unwrap();
    (Credential::Certificate(certificate), public)
}

/// A tenant whose application has no secret, only this certificate.
async fn world_with(public: String) -> World {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.secrets.clear();
    app.certificates = vec![public];
    World::with(scenario).await
}

#[tokio::test]
async fn a_certificate_gets_tokens_for_the_application_and_on_behalf_of_a_person() {
    let (credential, public) = made();
    let mut world = world_with(public).await;
    world.provider = world.with_credential(credential.clone());
    assert_eq!(world.provider.rooms(None).await.unwrap().rooms.len(), 8);
    let adele = world.signed_in(ADELE).await;
    world.booked(&adele, &draft(1, &room(1), hours(1, 1))).await;

    // After a restart the lasting permission is exchanged, and that is signed for too.
    let restarted = world.with_credential(credential);
    let second = draft(2, &room(1), hours(3, 1));
    restarted.create_event(&adele, &second).await.unwrap();
}

#[tokio::test]
async fn a_certificate_that_is_not_registered_is_named_as_what_an_administrator_must_mend() {
    let (_, public) = made();
    let (strangers, _) = made();
    let world = world_with(public).await;
    let error = world.with_credential(strangers).rooms(None).await;
    let Err(ProviderError::ApplicationRefused { context }) = error else {
        panic!("{error:?}")
    };
    assert!(
        context.contains("AADSTS700027: the certificate is not registered"),
        "{context}"
    );
}

#[tokio::test]
async fn a_kept_certificate_is_read_again_as_what_it_was() {
    let (credential, public) = made();
    let world = world_with(public).await;
    let kept = Credential::from_kept(&credential.to_kept()).unwrap();
    assert!(matches!(kept, Credential::Certificate(_)));
    world.with_credential(kept).rooms(None).await.unwrap();
}
