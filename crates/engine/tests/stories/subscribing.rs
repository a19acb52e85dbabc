//! Rooms are asked once to notify us, by whichever process, and none stands in the way of another.

use booking::ids::{MailboxAddress, RoomId};
use booking::provider::testing::Call;
use booking::provider::{CalendarProvider, NotificationTarget};
use booking::random::SeededRandom;
use booking::room::Room;
use booking::time::{Clock, DAY_MS};
use engine::sync::subscriptions_task;
use secrecy::SecretString;
use store::subscriptions::KeptSubscription;
use uuid::Uuid;

use crate::notifying::{reachable, subscribe};

#[tokio::test]
async fn rooms_that_will_never_notify_us_keep_no_other_from_being_asked() {
    let office = reachable().await;
    let calendars = office.own_faults();
    // More than are asked in one turn, and found before all others.
    let never: Vec<Room> = (0..200)
        .map(|number| {
            let mut room = office.rooms[0].clone();
            room.id = RoomId(Uuid::from_u128(number));
            room.number = format!("1.{number}");
            let mailbox = MailboxAddress::parse(&format!("never{number}@contoso.com")).unwrap();
            calendars.set_on_premises(&mailbox, true);
            room.link.as_mut().unwrap().mailbox = mailbox;
            room
        })
        .collect();
    office.engine.store().upsert_rooms(&never).await.unwrap();
    office.engine.reload_index().await.unwrap();
    let mut turns = 0;
    while calendars.subscribed().len() < 3 {
        subscriptions_task::run(&office.engine).await.unwrap();
        turns += 1;
        assert!(turns <= 4, "{:?}", calendars.subscribed());
    }
    assert_eq!(calendars.calls(Call::Subscribe), 203);
}

#[tokio::test]
async fn two_processes_make_one_subscription_for_each_room() {
    let office = reachable().await;
    let calendars = office.own_faults();
    let other = office.another_process(|_| ()).await;
    let (first, second) = tokio::join!(
        subscriptions_task::run(&office.engine),
        subscriptions_task::run(&other)
    );
    first.and(second).unwrap();
    let calls = |call| calendars.calls(call);
    assert_eq!(
        (calls(Call::Subscribe), calendars.subscribed().len()),
        (3, 3)
    );

    // So with their renewals.
    office.clock.advance_ms(5 * DAY_MS / 2);
    let (first, second) = tokio::join!(
        subscriptions_task::run(&office.engine),
        subscriptions_task::run(&other)
    );
    first.and(second).unwrap();
    assert_eq!((calls(Call::Subscribe), calls(Call::Renew)), (3, 3));
}

/// Where a lease ran out while its subscription was being made.
#[tokio::test]
async fn a_second_subscription_of_a_room_is_ended() {
    let office = reachable().await;
    let calendars = office.own_faults();
    subscribe(&office).await;
    let target = NotificationTarget {
        url: "https://etage.contoso.com/notifications/graph".to_owned(),
        lifecycle_url: "https://etage.contoso.com/notifications/graph/lifecycle".to_owned(),
        client_state: SecretString::from("state"),
        until: office.clock.now().plus_ms(DAY_MS),
    };
    let made = calendars.subscribe(office.mailbox(0), &target).await;
    let made = made.unwrap();
    let second = KeptSubscription {
        id: made.id,
        room: office.rooms[0].id,
        connection: office.rooms[0].link.as_ref().map(|link| link.connection),
        expires_at: made.until,
        renew_at: made.until,
        client_state: SecretString::from("state"),
    };
    let random = SeededRandom::new(1);
    let store = office.engine.store();
    assert!(!store.keep_subscription(&second, &random).await.unwrap());
    subscribe(&office).await;
    assert_eq!(calendars.calls(Call::Unsubscribe), 1);
    assert_eq!(calendars.subscribed().len(), 3);
    assert!(store.subscription(&second.id).await.unwrap().is_none());
}
