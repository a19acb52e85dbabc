//! Changes that Exchange is told of late, or never.

use crate::changing::{at, change, event, kept, not_moved, with_reservation};
use crate::office::{ada, hour};
use crate::placing::state;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::reservation::{NotMoved, ReservationState, StateNote};
use booking::time::{Clock as _, MINUTE_MS};
use engine::sync::holds_task;

#[tokio::test]
async fn a_change_waits_for_its_owner_to_sign_in_again_and_goes_on() {
    let office = with_reservation().await;
    let lost = ProviderError::SignInBroken {
        context: "revoked".to_owned(),
    };
    office.own_faults().fail_next(Call::OwnEvent, lost);
    change(&office, 0, hour(4)).await.unwrap();
    office.run().await;
    let waiting = kept(&office).await;
    assert_eq!(
        (waiting.state, waiting.note),
        (ReservationState::Submitted, Some(StateNote::SignInAgain))
    );
    office.engine.permission_given(ada().id).await.unwrap();
    office.run().await;
    office.settle().await;
    let moved = kept(&office).await;
    assert_eq!(
        (moved.state, moved.range, moved.note),
        (ReservationState::Confirmed, hour(4), None)
    );
}

/// An hour that is over before Exchange could be told of it was never the meeting's.
#[tokio::test]
async fn a_change_that_is_never_written_leaves_the_meeting_where_it_stands() {
    let office = with_reservation().await;
    let calendars = office.own_faults();
    let later = hour(6);
    change(&office, 0, later).await.unwrap();
    office.run().await;
    office.settle().await;
    let lost = || ProviderError::SignInBroken {
        context: "revoked".to_owned(),
    };
    for _ in 0..40 {
        calendars.fail_next(Call::OwnEvent, lost());
    }
    change(&office, 0, hour(3)).await.unwrap();
    office.run().await;
    let over_ms = hour(3).end().since_ms(office.clock.now()) + MINUTE_MS;
    office.clock.advance_ms(over_ms);
    holds_task::run(&office.engine).await.unwrap();
    let kept = kept(&office).await;
    assert_eq!(kept.range, later);
    assert_eq!(kept.note, not_moved(NotMoved::Refused));
    assert_eq!(event(&office), at(&office, 0, later));
    office.settle().await;
    assert_eq!(state(&office, 1).await.0, ReservationState::Confirmed);
}
