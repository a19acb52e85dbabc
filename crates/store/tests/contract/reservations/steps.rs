//! The steps of a reservation, and who did what with it.

use booking::ids::MailboxAddress;
use booking::reservation::{ReservationState, StateNote, Step};
use store::audit::Deed;
use store::outbox::{JobId, JobKind, NewJob};
use store::reservations::{FirstSteps, HoldOutcome, NewReservation, StateChange};

use crate::support::{NOW, ada, on_both};

#[tokio::test]
async fn each_fact_is_noted_with_its_step_and_none_twice() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let wish = NewReservation {
            steps: FirstSteps {
                person_known_at: None,
                room_free_at: Some(NOW.plus_ms(20)),
            },
            job: Some(NewJob {
                id: JobId(uuid::Uuid::from_u128(7)),
                kind: JobKind::CreateEvent,
                payload: serde_json::Value::Null,
                due_at: NOW,
            }),
            ..world.wish(&room, 0, &ada())
        };
        let held = world.hold(&wish).await.unwrap();
        let first = [(Step::Requested, NOW), (Step::RoomFree, NOW.plus_ms(20))];
        assert_eq!(store.steps_of(held.id).await.unwrap(), first);
        // What is in the way of another leaves no trace of it.
        let late = world.wish(&room, 0, &ada());
        let refused = store.hold_slot(&late).await.unwrap();
        assert!(matches!(refused, HoldOutcome::Refused(_)), "{refused:?}");
        assert_eq!(store.steps_of(late.id).await.unwrap(), []);
        assert_eq!(store.audit_of(late.id).await.unwrap(), []);

        for (to, ms) in [
            (ReservationState::Submitted, 30),
            (ReservationState::Confirmed, 40),
            (ReservationState::Confirmed, 50),
        ] {
            let change = StateChange::new(to, NOW.plus_ms(ms));
            store.transition(held.id, &change).await.unwrap();
        }
        let all = [
            (Step::Requested, NOW),
            (Step::PersonKnown, NOW.plus_ms(30)),
            (Step::RoomFree, NOW.plus_ms(20)),
            (Step::InPersonCalendar, NOW.plus_ms(30)),
            (Step::InRoomCalendar, NOW.plus_ms(40)),
        ];
        assert_eq!(store.steps_of(held.id).await.unwrap(), all);
    })
    .await;
}

#[tokio::test]
async fn the_audit_names_who_did_it_and_for_whom() {
    on_both(async |world| {
        let (store, room) = (&world.store, world.rooms(1).await.remove(0));
        let owner = MailboxAddress::parse("megan.bowen@contoso.com").unwrap();
        let wish = NewReservation {
            on_behalf_of: Some(owner.clone()),
            ..world.wish(&room, 0, &ada())
        };
        let held = world.hold(&wish).await.unwrap();
        assert_eq!(held.on_behalf_of, Some(owner.clone()));
        let kept = store.reservation(held.id).await.unwrap().unwrap();
        assert_eq!(kept, held);
        let cancelled = StateChange::new(ReservationState::Cancelled, NOW.plus_ms(5)).by(ada().id);
        store.transition(held.id, &cancelled).await.unwrap();
        let lines = store.audit_of(held.id).await.unwrap();
        let told = lines.iter().map(|line| (line.deed, line.who, line.at));
        let expected = [
            (Deed::Placed, Some(ada().id), NOW),
            (Deed::Cancelled, Some(ada().id), NOW.plus_ms(5)),
        ];
        assert!(told.eq(expected), "{lines:?}");
        let named = |line: &store::audit::AuditLine| {
            line.for_whom.as_ref() == Some(&owner) && line.room == room.id
        };
        assert!(lines.iter().all(named), "{lines:?}");

        let other = world.held(&room, 10).await;
        let declined =
            StateChange::new(ReservationState::Declined, NOW).with_note(StateNote::DeclinedByRoom);
        store.transition(other.id, &declined).await.unwrap();
        let lines = store.audit_of(other.id).await.unwrap();
        assert_eq!((lines[1].deed, lines[1].who), (Deed::Declined, None));
        assert_eq!(lines[1].for_whom, None);
    })
    .await;
}
