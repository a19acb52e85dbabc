//! What is taken of the body of an event, and what is refused by name.

use serde_json::json;

use crate::support::{ADELE, World, meeting};

#[tokio::test]
async fn properties_of_another_type_are_refused_and_change_nothing() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let mut body = meeting("Review", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    body["location"] = json!({ "displayName": "Pier" });
    let created = adele.post("me/events", body).await.json;
    let path = format!("me/events/{}", created["id"].as_str().unwrap());
    for change in [
        json!({ "location": "Other" }),
        json!({ "location": { "displayName": 5 } }),
        json!({ "location": { "displayName": "Other", "bogus": 1 } }),
        json!({ "locations": [5] }),
        json!({ "hasAttachments": "maybe" }),
        json!({ "organizer": "me" }),
        json!({ "onlineMeetingProvider": "bogus" }),
        json!({ "reminderMinutesBeforeStart": -5 }),
        json!({ "singleValueExtendedProperties": [{ "id": 5 }] }),
        json!({ "start": { "dateTime": "0001-01-01T00:00:00", "timeZone": "UTC" } }),
    ] {
        let refused = adele.patch(&path, change.clone()).await;
        assert_eq!(refused.status, 400, "{change}: {}", refused.json);
    }
    let kept = adele.get(&path).await.json;
    assert_eq!(kept["location"]["displayName"], "Pier");
    let addressed = json!({ "location": { "locationEmailAddress": "pier@contoso.com" } });
    let changed = adele.patch(&path, addressed).await.json;
    let shown = &changed["locations"][0]["locationEmailAddress"];
    assert_eq!(shown, "pier@contoso.com");
    let back = adele.patch(&path, kept).await;
    assert_eq!(
        back.status, 200,
        "what was read can be written: {}",
        back.json
    );
}

#[tokio::test]
async fn a_zone_is_shown_in_its_usual_spelling() {
    let world = World::contoso().await;
    let mut body = meeting("Review", &[], "2026-11-24T09:00:00", "2026-11-24T10:00:00");
    body["start"]["timeZone"] = json!("w. eUROPE sTANDARD time");
    body["end"]["timeZone"] = json!("europe/berlin");
    let created = world.person(ADELE).post("me/events", body).await.json;
    assert_eq!(created["originalStartTimeZone"], "W. Europe Standard Time");
    assert_eq!(created["originalEndTimeZone"], "Europe/Berlin");
}
