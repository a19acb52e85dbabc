//! Letters from the booking mailbox, by the application's permission for that mailbox alone.

use booking::provider::{CalendarProvider, Letter, MailboxRole, Posted, ProviderError};
use m365_sim::{ExchangeRole, Fault, FaultAction, FaultMatch, Scenario};

use crate::support::{ADELE, MEGAN, World, address, refusing};

/// A tenant that lets its application send from this mailbox.
async fn world(from: &str) -> World {
    let mut scenario = Scenario::contoso().with_apps_kept_to_rooms_and(&[MEGAN]);
    let access = &mut scenario.tenants[0].apps[0].exchange_access;
    access.roles.push(ExchangeRole {
        role: "Application Mail.Send".to_owned(),
        mailboxes: Some(vec![from.to_owned()]),
    });
    World::with(scenario).await
}

fn letter() -> Letter {
    Letter {
        to: address(ADELE),
        subject: "Room 1 declined".to_owned(),
        text: "It is taken then.\n".to_owned(),
    }
}

/// Whether Exchange keeps the application out of the booking mailbox, or gave it no right there.
fn is_denied<T>(outcome: &Result<T, ProviderError>) -> bool {
    let error = outcome
        .as_ref()
        .err()
        .and_then(ProviderError::mailbox_fault);
    error.is_some_and(|(whose, fault)| whose == MailboxRole::Booking && fault.is_denial())
}

fn failing(action: FaultAction) -> Fault {
    Fault::times(1, FaultMatch::path("*/sendMail"), action)
}

#[tokio::test]
async fn a_letter_goes_from_the_booking_mailbox_and_is_kept_by_whom_it_is_for() {
    let world = world(MEGAN).await;
    assert_eq!(
        world.provider.send_letter(&letter()).await.unwrap(),
        Posted::Taken
    );
    let sent = world.sim.mail();
    assert_eq!(sent.len(), 1);
    let one = &sent[0];
    assert_eq!(
        (one.from.as_str(), one.to.as_slice()),
        (MEGAN, &[ADELE.to_owned()][..])
    );
    assert_eq!(
        (one.subject.as_str(), one.content.as_str()),
        ("Room 1 declined", "It is taken then.\n")
    );
    assert_eq!((one.content_type.as_str(), one.is_saved), ("text", false));
}

#[tokio::test]
async fn whether_letters_can_be_sent_is_tried_without_sending_one() {
    let allowed = world(MEGAN).await;
    allowed.provider.check_letters().await.unwrap();
    assert_eq!(allowed.sim.mail(), []);
    let elsewhere = world("room1@contoso.com").await;
    let refused = elsewhere.provider.check_letters().await;
    assert!(is_denied(&refused), "{refused:?}");
    let refused = elsewhere.provider.send_letter(&letter()).await;
    assert!(is_denied(&refused), "{refused:?}");
    assert_eq!(elsewhere.sim.mail(), []);
}

#[tokio::test]
async fn a_letter_whose_answer_was_lost_or_failed_may_have_gone_and_is_not_repeated() {
    let world = world(MEGAN).await;
    for (action, gone) in [
        (FaultAction::LoseAnswer, 1),
        (refusing(500, "x"), 1),
        (refusing(504, "x"), 1),
    ] {
        world.inject(failing(action));
        let sent = world.provider.send_letter(&letter()).await;
        assert_eq!(sent.unwrap(), Posted::Unclear);
        assert_eq!(world.sim.mail().len(), gone);
    }
    assert_eq!(world.requests_ending("/sendMail"), 3);
}

#[tokio::test]
async fn a_letter_that_is_throttled_goes_when_it_is_let_through() {
    let world = world(MEGAN).await;
    world.inject(failing(FaultAction::Status {
        status: 429,
        code: "ApplicationThrottled".to_owned(),
        message: None,
        retry_after_seconds: Some(0.1),
    }));
    let sent = world.provider.send_letter(&letter()).await;
    assert_eq!(sent.unwrap(), Posted::Taken);
    assert_eq!(world.sim.mail().len(), 1);
}
