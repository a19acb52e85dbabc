//! Rooms whose calendars promise to notify us, and those that do not.

use crate::office::{Office, ada, asking, ben, hour};
use booking::ids::RoomId;
use booking::notice::{News, Notice};
use booking::provider::testing::Call;
use booking::provider::{ProviderError, SubscriptionId};
use booking::random::SeededRandom;
use booking::time::{Clock, DAY_MS, MINUTE_MS};
use engine::Settings;
use engine::sync::notices::Taken;
use engine::sync::{events_task, notices, subscriptions_task};
use secrecy::SecretString;
use store::subscriptions::KeptSubscription;
use uuid::Uuid;

/// An office that calendars can reach.
pub async fn reachable() -> Office {
    let office = Office::with(Settings {
        notification_url: Some("https://etage.contoso.com".to_owned()),
        ..Settings::default()
    })
    .await;
    office.calendars.set_push();
    office
}

/// What is due is subscribed and renewed.
pub async fn subscribe(office: &Office) {
    let due = async || subscriptions_task::run(&office.engine).await.unwrap();
    office.through(MINUTE_MS, due).await;
}

#[tokio::test]
async fn calendars_that_will_not_notify_us_are_asked_ever_more_rarely_until_they_do() {
    let office = reachable().await;
    let calendars = office.own_faults();
    // Each of the three rooms fails seven times: at once, and after 1, 3, 7, 15, 31 and 63 minutes.
    for _ in 0..21 {
        let refused = ProviderError::Bug {
            context: "the notification endpoint cannot be validated".to_owned(),
            source: None,
        };
        calendars.fail_next(Call::Subscribe, refused);
    }
    let asked = async |minutes: i64| {
        for _ in 0..minutes {
            subscriptions_task::run(&office.engine).await.unwrap();
            office.clock.advance_ms(MINUTE_MS);
        }
        calendars.calls(Call::Subscribe)
    };
    assert_eq!(asked(8).await, 12);
    assert_eq!(asked(115).await, 21);
    assert_eq!(calendars.subscribed().len(), 0);
    assert_eq!(asked(60).await, 24);
    assert_eq!(calendars.subscribed().len(), 3);
}

#[tokio::test]
async fn the_promise_to_notify_goes_with_the_mailbox_that_another_room_is_given() {
    let office = reachable().await;
    let (engine, store) = (&office.engine, office.engine.store());
    let mut heir = office.rooms[0].clone();
    heir.id = RoomId(Uuid::from_u128(0x999));
    heir.number = "0.9".to_owned();
    heir.link = None;
    store.upsert_rooms(&[heir.clone()]).await.unwrap();
    engine.reload_index().await.unwrap();
    subscribe(&office).await;
    assert_eq!(office.calendars.subscribed().len(), 3);

    store.hand_over(office.rooms[0].id, heir.id).await.unwrap();
    engine.reload_index().await.unwrap();
    // Within the last hours of what was promised.
    office.clock.advance_ms(5 * DAY_MS / 2);
    subscribe(&office).await;
    let (made, renewed) = (Call::Subscribe, Call::Renew);
    let calls = |call| office.calendars.calls(call);
    assert_eq!((calls(made), calls(renewed)), (3, 3));
    let now = office.clock.now();
    let bare = store.rooms_without_subscription(now, 9).await.unwrap();
    assert_eq!(bare, []);
}

#[tokio::test]
async fn a_subscription_of_a_room_without_a_mailbox_is_dropped_and_keeps_no_other_from_its_own() {
    let office = reachable().await;
    let (engine, store) = (&office.engine, office.engine.store());
    let mut bare = office.rooms[0].clone();
    bare.id = RoomId(Uuid::from_u128(0x999));
    bare.number = "0.9".to_owned();
    bare.link = None;
    store.upsert_rooms(&[bare.clone()]).await.unwrap();
    let left_over = KeptSubscription {
        id: SubscriptionId("left over".to_owned()),
        room: bare.id,
        connection: None,
        expires_at: office.clock.now().plus_ms(MINUTE_MS),
        renew_at: office.clock.now(),
        client_state: SecretString::from("state"),
    };
    let random = SeededRandom::new(1);
    store.keep_subscription(&left_over, &random).await.unwrap();
    engine.reload_index().await.unwrap();

    subscribe(&office).await;
    assert_eq!(office.calendars.subscribed().len(), 3);
    let kept = store.subscription(&left_over.id).await.unwrap();
    assert!(kept.is_none());
}

/// What the room's calendar tells us, with proof or with something made up.
fn notice(office: &Office, room: usize, news: News) -> Notice {
    let (subscription, state) = (office.calendars)
        .notification_of(office.mailbox(room))
        .unwrap();
    Notice {
        subscription,
        client_state: Some(state),
        news,
    }
}

async fn tell(office: &Office, notices: Vec<Notice>) {
    let taken = office.engine.take_notices(notices).await.unwrap();
    assert_eq!(taken, Taken::Noted);
    notices::run(&office.engine).await.unwrap();
}

/// The rooms to be read now.
async fn dirty(office: &Office) -> Vec<RoomId> {
    let syncs = office.engine.store().room_syncs().await.unwrap();
    let dirty = syncs.iter().filter(|sync| sync.dirty);
    dirty.map(|sync| sync.room).collect()
}

/// An office whose rooms notify it and have all been read.
async fn notified() -> Office {
    subscribed(reachable().await).await
}

/// For stories that script what fails themselves.
async fn notified_on_a_good_day() -> Office {
    let office = reachable().await;
    office.own_faults();
    subscribed(office).await
}

async fn subscribed(office: Office) -> Office {
    subscribe(&office).await;
    office.run().await;
    assert_eq!(dirty(&office).await, []);
    office
}

#[tokio::test]
async fn only_notices_with_the_secret_of_their_subscription_mark_its_room() {
    let office = notified().await;
    let genuine = notice(&office, 0, News::Changed);
    let forged = Notice {
        client_state: Some(SecretString::from("guessed")),
        ..notice(&office, 1, News::Changed)
    };
    let bare = Notice {
        client_state: None,
        ..notice(&office, 1, News::Removed)
    };
    let of_another = Notice {
        client_state: genuine.client_state.clone(),
        ..notice(&office, 2, News::Changed)
    };
    let unknown = Notice {
        subscription: SubscriptionId("made up".to_owned()),
        ..genuine.clone()
    };
    tell(&office, vec![forged, bare, of_another, unknown, genuine]).await;
    assert_eq!(dirty(&office).await, [office.rooms[0].id]);
    assert_eq!(office.calendars.subscribed().len(), 3);
}

#[tokio::test]
async fn a_notice_is_answered_before_its_room_is_marked_and_those_of_a_moment_are_marked_together()
{
    let office = notified().await;
    for room in [0, 2, 0] {
        let told = vec![notice(&office, room, News::Changed)];
        let taken = office.engine.take_notices(told).await.unwrap();
        assert_eq!(taken, Taken::Noted);
    }
    assert_eq!(dirty(&office).await, []);
    notices::run(&office.engine).await.unwrap();
    assert_eq!(
        dirty(&office).await,
        [office.rooms[0].id, office.rooms[2].id]
    );
}

#[tokio::test]
async fn a_subscription_that_must_be_renewed_is_renewed_at_once_and_what_it_kept_silent_is_read() {
    let office = notified_on_a_good_day().await;
    let calendars = office.own_faults();
    tell(&office, vec![notice(&office, 0, News::RenewNow)]).await;
    office.run().await;
    let calls = |call| calendars.calls(call);
    assert_eq!((calls(Call::Renew), calls(Call::Subscribe)), (1, 3));

    // Where that fails it is tried again, and the room is polled meanwhile.
    let slow = ProviderError::Retry {
        after: None,
        context: "slow".to_owned(),
    };
    calendars.fail_next(Call::Renew, slow);
    tell(&office, vec![notice(&office, 0, News::RenewNow)]).await;
    office.run().await;
    let read = calls(Call::Changes);
    office.clock.advance_ms(MINUTE_MS);
    office.run().await;
    assert_eq!(calls(Call::Renew), 3);
    assert!(calls(Call::Changes) > read);
    office.clock.advance_ms(MINUTE_MS);
    subscribe(&office).await;
    assert_eq!((calls(Call::Renew), calls(Call::Subscribe)), (3, 3));
}

#[tokio::test]
async fn a_subscription_that_was_removed_is_made_anew_and_what_was_missed_is_read() {
    let office = notified_on_a_good_day().await;
    let removed = notice(&office, 0, News::Removed);
    office.calendars.lose_subscription(&removed.subscription);
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(2));
    office.calendars.attend();
    tell(&office, vec![removed.clone()]).await;
    office.run().await;
    assert_eq!(office.calendars.subscribed().len(), 3);
    let again = notice(&office, 0, News::Changed);
    assert_ne!(again.subscription, removed.subscription);
    office.run().await;
    let found = office.engine.find_rooms(&ada(), &asking(hour(2), 1), None);
    assert_eq!(found.unwrap().states, "bff");

    // Nobody knows the old one any more.
    tell(&office, vec![removed]).await;
    assert_eq!(dirty(&office).await, []);
}

#[tokio::test]
async fn missed_notices_have_the_room_read() {
    let office = notified().await;
    tell(&office, vec![notice(&office, 2, News::Missed)]).await;
    assert_eq!(dirty(&office).await, [office.rooms[2].id]);
}

/// covers part of: FX-75
#[tokio::test]
async fn a_room_that_is_unlinked_is_unsubscribed_and_tells_us_nothing_more() {
    let office = notified_on_a_good_day().await;
    let calendars = office.own_faults();
    let last = notice(&office, 0, News::Changed);
    let mut bare = office.rooms[0].clone();
    bare.link = None;
    let store = office.engine.store();
    store.upsert_rooms(&[bare]).await.unwrap();
    office.engine.reload_index().await.unwrap();
    // Until that is done, what it tells is nothing to us.
    tell(&office, vec![last.clone()]).await;
    let slow = ProviderError::Retry {
        after: None,
        context: "slow".to_owned(),
    };
    calendars.fail_next(Call::Unsubscribe, slow);
    subscribe(&office).await;
    assert_eq!(calendars.subscribed().len(), 3);
    office.clock.advance_ms(10 * MINUTE_MS);
    subscribe(&office).await;
    let left = calendars.subscribed();
    assert_eq!(left.len(), 2);
    assert!(!left.contains(office.mailbox(0)));
    let unwanted = store.subscriptions_unwanted(office.clock.now(), 9).await;
    assert!(unwanted.unwrap().is_empty());
}

/// Minutes pass, and whatever is due is read, subscribed and renewed.
async fn pass(office: &Office, minutes: i64) {
    for _ in 0..minutes {
        office.clock.advance_ms(MINUTE_MS);
        events_task::run(&office.engine).await.unwrap();
        subscriptions_task::run(&office.engine).await.unwrap();
    }
}

#[tokio::test]
async fn an_idle_room_that_notifies_us_costs_one_question_in_ten_minutes() {
    let office = notified_on_a_good_day().await;
    let calendars = office.own_faults();
    pass(&office, 60).await;
    let asked = calendars.calls(Call::Changes);
    pass(&office, 24 * 60).await;
    let rooms = office.rooms.len();
    let questions = (calendars.calls(Call::Changes) - asked) / rooms;
    assert!((125..=144).contains(&questions), "{questions}");
}

/// covers part of: N-07
#[tokio::test]
async fn where_a_notification_is_lost_the_change_is_found_and_the_room_is_looked_at_every_minute() {
    let office = notified_on_a_good_day().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    let health = async |room: usize| engine.room_health(office.rooms[room].id).await.unwrap();
    pass(&office, 60).await;
    assert_eq!(health(0).await.trust.missed, 0);
    for room in [0, 1] {
        calendars.add_outside(&ben().address, office.mailbox(room), hour(30));
    }
    calendars.attend();
    let mut minutes = 0;
    let shown = async || {
        engine.catch_up().await.unwrap();
        let found = engine.find_rooms(&ada(), &asking(hour(30), 1), None);
        found.unwrap().states
    };
    while shown().await != "bbf" {
        pass(&office, 1).await;
        minutes += 1;
    }
    assert!(minutes <= 10, "{minutes}");
    // That of the second room comes, only late.
    tell(&office, vec![notice(&office, 1, News::Changed)]).await;
    pass(&office, 4).await;
    let trust = [health(0).await.trust, health(1).await.trust];
    assert_eq!(trust.map(|trust| trust.missed), [1, 0]);
    assert!(trust[0].level < trust[1].level, "{trust:?}");
    let next = health(0).await.next_poll_at.since_ms(office.clock.now());
    assert!(next <= 2 * MINUTE_MS, "{next}");

    // Nothing is missed any more: it is trusted again.
    pass(&office, 60).await;
    assert_eq!(health(0).await.trust.level, trust[1].level);
}

#[tokio::test]
async fn a_subscription_that_is_gone_unheard_is_made_anew_once_a_change_was_not_told() {
    let office = notified_on_a_good_day().await;
    let (engine, calendars) = (&office.engine, office.own_faults());
    let silent = notice(&office, 0, News::Changed).subscription;
    calendars.lose_subscription(&silent);
    calendars.add_outside(&ben().address, office.mailbox(0), hour(30));
    calendars.attend();
    // Ten minutes until the change is found, three for its notification, one until that is noticed.
    pass(&office, 14).await;
    assert_eq!(
        engine
            .room_health(office.rooms[0].id)
            .await
            .unwrap()
            .trust
            .missed,
        1
    );
    assert_ne!(notice(&office, 0, News::Changed).subscription, silent);
    let calls = |call| calendars.calls(call);
    assert_eq!((calls(Call::Renew), calls(Call::Subscribe)), (1, 4));
}

#[tokio::test]
async fn what_changes_after_a_subscription_ended_and_before_the_next_one_stands_is_read() {
    let office = notified_on_a_good_day().await;
    let engine = &office.engine;
    tell(&office, vec![notice(&office, 0, News::Removed)]).await;
    events_task::run(engine).await.unwrap();
    (office.calendars).add_outside(&ben().address, office.mailbox(0), hour(2));
    office.calendars.attend();
    subscriptions_task::run(engine).await.unwrap();
    events_task::run(engine).await.unwrap();
    engine.catch_up().await.unwrap();
    let found = engine.find_rooms(&ada(), &asking(hour(2), 1), None);
    assert_eq!(found.unwrap().states, "bff");
}
