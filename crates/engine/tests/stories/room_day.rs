//! What is on in a room over a day, in the eyes of whoever opens it.

use booking::BookingError;
use booking::ids::{MailboxAddress, RoomId};
use booking::mirror::{MirrorState, PolledBecause, RoomMirror, Watch};
use booking::person::Person;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::room_day::{MeetingKind, Who};
use booking::time::{DAY_MS, MINUTE_MS, TimeRange};
use engine::sync::{events_task, subscriptions_task};
use engine::{Error, Settings};
use uuid::Uuid;

use crate::office::{MORNING, Office, ada, ben, hour};
use crate::placing::place;

async fn meetings(office: &Office, person: &Person) -> Vec<(TimeRange, MeetingKind, Who)> {
    let room = office.rooms[0].id;
    let day = office.engine.room_day(person, room, MORNING).await.unwrap();
    let told = day.meetings.into_iter();
    told.map(|one| (one.range, one.kind, one.who)).collect()
}

fn ben_named() -> Who {
    Who::Named(ben().address.to_string())
}

/// covers: FX-12
#[tokio::test]
async fn a_rooms_day_tells_who_has_it_and_when_and_what_is_on_its_way() {
    let office = Office::open().await;
    let room = office.mailbox(0);
    office.calendars.add_outside(&ben().address, room, hour(4));
    let next_day = TimeRange::new(
        hour(2).start().plus_ms(DAY_MS),
        hour(3).start().plus_ms(DAY_MS),
    );
    office
        .calendars
        .add_outside(&ben().address, room, next_day.unwrap());
    office.settle().await;
    place(&office, 1, 0).await.unwrap();
    office.engine.catch_up().await.unwrap();
    let bens = |who| (hour(4), MeetingKind::Accepted, who);
    let adas = |kind, who| (hour(2), kind, who);
    let held = MeetingKind::Held;
    assert_eq!(
        meetings(&office, &ada()).await,
        [adas(held, Who::You), bens(ben_named())]
    );
    assert_eq!(
        meetings(&office, &ben()).await,
        [adas(held, Who::NotTold), bens(Who::You)]
    );

    office.run().await;
    office.settle().await;
    let shown = meetings(&office, &ada()).await;
    assert_eq!(
        shown,
        [adas(MeetingKind::Accepted, Who::You), bens(ben_named())]
    );
}

#[tokio::test]
async fn where_organizers_are_hidden_everybody_sees_their_own_meetings_alone() {
    let hidden = Settings {
        tell_organizers: false,
        ..Settings::default()
    };
    let office = Office::with(hidden).await;
    let store = office.engine.store();
    store.upsert_person(&ben()).await.unwrap();
    office
        .calendars
        .add_outside(&ben().address, office.mailbox(0), hour(4));
    office.settle().await;
    assert_eq!(meetings(&office, &ada()).await[0].2, Who::NotTold);
    assert_eq!(meetings(&office, &ben()).await[0].2, Who::You);
}

/// Name and address of the organizers that the database holds, by start.
async fn organizers(office: &Office) -> Vec<Option<(String, Option<MailboxAddress>)>> {
    let range = TimeRange::new(MORNING, MORNING.plus_ms(DAY_MS)).unwrap();
    let store = office.engine.store();
    let busy = store
        .busy_times_of(office.rooms[0].id, range)
        .await
        .unwrap();
    let organizers = busy.into_iter().map(|one| one.organizer);
    organizers
        .map(|one| one.map(|one| (one.display_name, one.address)))
        .collect()
}

#[tokio::test]
async fn where_organizers_are_hidden_no_name_is_kept_and_what_was_kept_goes_with_the_next_night() {
    let office = Office::open().await;
    let stranger = MailboxAddress::parse("stranger@contoso.com").unwrap();
    let store = office.engine.store();
    store.upsert_person(&ben()).await.unwrap();
    for (organizer, after) in [(&ben().address, 4), (&stranger, 6)] {
        (office.calendars).add_outside(organizer, office.mailbox(0), hour(after));
    }
    office.settle().await;
    let named = |address: &MailboxAddress| Some((address.to_string(), Some(address.clone())));
    let before = [named(&ben().address), named(&stranger)];
    assert_eq!(organizers(&office).await, before);

    let hiding = office
        .another_process(|one| one.tell_organizers = false)
        .await;
    (office.calendars).add_outside(&stranger, office.mailbox(0), hour(8));
    office.calendars.attend();
    office.clock.advance_ms(MINUTE_MS);
    office.note_all_changes().await;
    let read = async || events_task::run(&hiding).await.unwrap();
    office.through(MINUTE_MS, read).await;
    assert_eq!(organizers(&office).await[2], None);

    office.clock.advance_ms(DAY_MS);
    office.through(MINUTE_MS, read).await;
    let own = Some((String::new(), Some(ben().address)));
    assert_eq!(organizers(&office).await, [own, None, None]);
}

#[tokio::test]
async fn a_rooms_day_says_how_true_it_is_in_words_that_are_everybodys() {
    let office = Office::with(Settings {
        notification_url: Some("https://etage.contoso.com".to_owned()),
        ..Settings::default()
    })
    .await;
    let calendars = office.own_faults();
    calendars.set_push();
    for _ in &office.rooms {
        let context = "Access is denied to this mailbox.".to_owned();
        calendars.fail_next(Call::Subscribe, ProviderError::Denied { context });
    }
    subscriptions_task::run(&office.engine).await.unwrap();
    let room = office.rooms[0].id;
    let day = office.engine.room_day(&ben(), room, MORNING).await.unwrap();
    let health = office.engine.room_health(room).await.unwrap();
    let because = PolledBecause::Permission;
    let Watch::Polled { said, .. } = &health.watch else {
        panic!("{:?}", health.watch)
    };
    assert!(said.as_ref().unwrap().contains("to this mailbox"));
    let expected = RoomMirror {
        state: MirrorState::InSync,
        in_sync_as_of: health.in_sync_as_of,
        polled: Some(because),
        checked_at: health.checks.at,
        lag: health.lag,
    };
    assert!(expected.in_sync_as_of.is_some());
    assert_eq!(day.mirror, Some(expected));

    // Taken off its mailbox, it has none.
    office.engine.unlink_room(room).await.unwrap();
    let day = office.engine.room_day(&ben(), room, MORNING).await.unwrap();
    assert_eq!(day.mirror, None);
}

#[tokio::test]
async fn the_day_of_a_room_that_is_not_there_is_refused() {
    let office = Office::open().await;
    let nowhere = RoomId(Uuid::from_u128(0xbad));
    let asked = office.engine.room_day(&ada(), nowhere, MORNING).await;
    let Err(Error::Booking(BookingError::NotFound { what })) = asked else {
        panic!("{asked:?}")
    };
    assert_eq!(what, "room");
}
