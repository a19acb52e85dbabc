//! Rooms whose calendars promise to notify us, and those that do not.

use crate::office::Office;
use booking::provider::ProviderError;
use booking::provider::testing::Call;
use booking::time::MINUTE_MS;
use engine::Settings;
use engine::sync::subscriptions_task;

/// An office that calendars can reach.
async fn reachable() -> Office {
    let office = Office::with(Settings {
        notification_url: Some("https://etage.contoso.com".to_owned()),
        ..Settings::default()
    })
    .await;
    office.calendars.set_push();
    office
}

#[tokio::test]
async fn calendars_that_will_not_notify_us_are_asked_ever_more_rarely_until_they_do() {
    let office = reachable().await;
    let calendars = &office.calendars;
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
