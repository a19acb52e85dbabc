//! What administrators do to us: keys that change, sign-ins that end, secrets that expire, mailboxes taken away.

use booking::provider::{CalendarProvider, MailboxFault, MailboxRole, ProviderError};
use m365_sim::{
    AccessPolicy, AccessRight, ExchangeAccess, ExchangeRole, KeyRotation, Revocation, Scenario,
    Secret,
};

use crate::support::{ADELE, World, draft, hours, room};

#[tokio::test]
async fn when_the_signing_keys_change_other_tokens_are_asked_for() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    world.provider.rooms(None).await.unwrap();
    let first = draft(1, &room(1), hours(1, 1));
    world.provider.create_event(&adele, &first).await.unwrap();
    world.sim.rotate_keys(KeyRotation::Emergency).unwrap();
    world.provider.rooms(None).await.unwrap();
    let second = draft(2, &room(1), hours(3, 1));
    world.provider.create_event(&adele, &second).await.unwrap();
}

#[tokio::test]
async fn a_person_whose_sign_ins_were_revoked_has_to_sign_in_again_and_can() {
    let world = World::start().await;
    let adele = world.signed_in(ADELE).await;
    let event = draft(1, &room(1), hours(1, 1));
    world.provider.create_event(&adele, &event).await.unwrap();
    world
        .sim
        .revoke_sign_ins(ADELE, Revocation::Everything)
        .unwrap();
    let event = draft(2, &room(1), hours(3, 1));
    let error = world.provider.create_event(&adele, &event).await;
    let error = error.unwrap_err();
    assert!(
        matches!(error, ProviderError::SignInBroken { .. }),
        "{error}"
    );
    assert!(world.keeper.0.lock().unwrap().is_empty());

    let adele = world.signed_in(ADELE).await;
    world.provider.create_event(&adele, &event).await.unwrap();
}

#[tokio::test]
async fn a_client_secret_that_expired_is_told_by_its_number() {
    let mut scenario = Scenario::contoso();
    scenario.tenants[0].apps[0].secrets = vec![Secret {
        value: Scenario::CONTOSO_SECRET.to_owned(),
        expires: Some(jiff::Timestamp::UNIX_EPOCH),
    }];
    let world = World::with(scenario).await;
    let error = world.provider.rooms(None).await.unwrap_err();
    let ProviderError::ApplicationRefused { context } = error else {
        panic!("{error}")
    };
    assert!(context.contains("AADSTS7000222"), "{context}");
}

#[tokio::test]
async fn rooms_within_a_role_in_exchange_are_read_and_others_are_denied() {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.application_permissions
        .retain(|name| !name.starts_with("Calendars."));
    app.exchange_access.roles = vec![ExchangeRole {
        role: "Application Calendars.ReadWrite".to_owned(),
        mailboxes: Some(vec![room(1).to_string()]),
    }];
    let world = World::with(scenario).await;
    world.round(&room(1), None).await.unwrap();
    let error = world.round(&room(2), None).await.unwrap_err();
    let wrong = error.mailbox_fault();
    assert_eq!(wrong, Some((MailboxRole::Room, MailboxFault::NotGranted)));
}

#[tokio::test]
async fn a_room_that_a_policy_takes_away_is_told_with_its_cause() {
    let world = World::start().await;
    let access = ExchangeAccess {
        policy: Some(AccessPolicy {
            access_right: AccessRight::DenyAccess,
            mailboxes: vec![room(2).to_string()],
        }),
        ..ExchangeAccess::default()
    };
    world
        .sim
        .set_exchange_access(Scenario::CONTOSO_CLIENT_ID, access)
        .unwrap();
    world.round(&room(1), None).await.unwrap();
    let error = world.round(&room(2), None).await.unwrap_err();
    let wrong = error.mailbox_fault();
    assert_eq!(wrong, Some((MailboxRole::Room, MailboxFault::KeptOut)));
}
