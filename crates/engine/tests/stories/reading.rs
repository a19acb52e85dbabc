//! What is read of rooms' calendars, over which time, and how often.

use crate::office::{Office, ada, asking, exactly, hour};
use crate::placing::{key, state};
use booking::reservation::ReservationState;
use booking::rules::HORIZON_DAYS;
use booking::time::HOUR_MS;
use engine::Settings;

/// The window of a resumed reading is the one it began with, so it ends earlier than today's would.
#[tokio::test]
async fn a_reservation_on_the_last_day_stands_though_the_reading_began_hours_ago() {
    for window_days in [HORIZON_DAYS, Settings::default().window_days] {
        let settings = Settings {
            window_days,
            ..Settings::default()
        };
        let office = Office::with(settings).await;
        office.clock.advance_ms(12 * HOUR_MS);
        let range = hour(HORIZON_DAYS * 24 + 4);
        let room = office.rooms[0].id;
        let placed = (office.engine)
            .place_reservation(&ada(), key(1), room, &exactly(range), "Planning")
            .await;
        placed.unwrap();
        for _ in 0..3 {
            office.settle().await;
        }
        assert_eq!(state(&office, 1).await, (ReservationState::Confirmed, None));
        if window_days > HORIZON_DAYS {
            let found = office.engine.find_rooms(&ada(), &asking(range, 1), None);
            assert_eq!(found.unwrap().states, "yff");
        }
    }
}
