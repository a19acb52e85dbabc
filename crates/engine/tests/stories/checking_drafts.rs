//! Drafts that are asked about when they are sent, by their tickets.

use booking::ids::DraftKey;
use booking::rules::HOLD_HOURS_MAX;
use booking::time::{HOUR_MS, Instant, MINUTE_MS, SECOND_MS, TimeRange};
use engine::check_draft::{DraftCheck, DraftNow};
use engine::ticket::{TICKET_HOURS_MAX, Ticket};
use engine::{Error, Settings};
use uuid::Uuid;

use crate::office::{Office, ada, hour};

const DRAFT: DraftKey = DraftKey(Uuid::from_u128(0xd1));

async fn hold(office: &Office, room: usize, range: TimeRange) -> Result<Instant, Error> {
    let id = office.rooms[room].id;
    let hold = async || office.engine.hold(&ada(), DRAFT, id, range).await;
    office.through(2 * SECOND_MS, hold).await
}

fn ticket(office: &Office, room: usize) -> Ticket {
    let engine = &office.engine;
    let text = engine.ticket(&ada(), DRAFT, office.rooms[room].id).unwrap();
    engine.read_ticket(&text).unwrap()
}

async fn check(office: &Office, ticket: &Ticket, room: usize, range: TimeRange) -> DraftCheck {
    let draft = DraftNow {
        range,
        rooms: vec![office.mailbox(room).clone()],
        people: 2,
    };
    let check = async || office.engine.check_draft(ticket, &draft).await;
    office.through(2 * SECOND_MS, check).await.unwrap()
}

#[tokio::test]
async fn what_a_calendar_that_names_nobody_shows_is_told_as_perhaps_the_meeting_itself() {
    let office = Office::with(Settings::default()).await;
    let rooms = office.own_faults();
    rooms.set_on_premises(office.mailbox(0), true);
    rooms.add_outside(&ada().address, office.mailbox(0), hour(3));
    office.settle().await;
    hold(&office, 0, hour(5)).await.unwrap();
    let told = check(&office, &ticket(&office, 0), 0, hour(3)).await;
    assert!(matches!(told, DraftCheck::PerhapsOwn { .. }), "{told:?}");
}

#[tokio::test]
async fn a_draft_whose_room_may_be_held_no_longer_is_asked_about_all_the_same() {
    let office = Office::open().await;
    let tomorrow = hour(24);
    hold(&office, 1, tomorrow).await.unwrap();
    let ticket = ticket(&office, 1);
    let mut held_ms = 0;
    while held_ms < i64::from(HOLD_HOURS_MAX) * HOUR_MS {
        office.clock.advance_ms(MINUTE_MS);
        held_ms += MINUTE_MS;
        let _kept = office.engine.keep_hold(&ada(), DRAFT).await.unwrap();
    }
    let refused = hold(&office, 1, tomorrow).await.unwrap_err();
    assert_eq!(refused.code(), "held_too_long");
    let told = check(&office, &ticket, 1, tomorrow).await;
    assert_eq!(told, DraftCheck::Free);

    office
        .calendars
        .add_outside(&crate::office::ben().address, office.mailbox(1), tomorrow);
    office.settle().await;
    let told = check(&office, &ticket, 1, tomorrow).await;
    assert!(matches!(told, DraftCheck::Taken { .. }), "{told:?}");
}

#[tokio::test]
async fn a_ticket_is_forgotten_by_the_next_day() {
    let office = Office::open().await;
    let text = office
        .engine
        .ticket(&ada(), DRAFT, office.rooms[1].id)
        .unwrap();
    office.clock.advance_ms(TICKET_HOURS_MAX * HOUR_MS);
    assert!(office.engine.read_ticket(&text).is_some());
    office.clock.advance_ms(1);
    assert!(office.engine.read_ticket(&text).is_none());
}
