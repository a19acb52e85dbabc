//! Query options, and the paths that name a calendar.

use serde_json::Value;

use crate::support::{ADELE, ALEX, GONE_ID, ROOM1, World};

/// A world in which Adele has three meetings on one day.
async fn world() -> World {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    for (start, end) in [
        ("2026-11-23T09:00:00", "2026-11-23T10:00:00"),
        ("2026-11-23T11:00:00", "2026-11-23T12:00:00"),
        ("2026-11-23T13:00:00", "2026-11-23T14:00:00"),
    ] {
        adele.book(ROOM1, start, end).await;
    }
    drop(adele);
    world
}

/// The times of day at which the events of a page start.
fn starts(page: &Value) -> Vec<&str> {
    let events = page["value"].as_array().unwrap();
    let start = |event| Value::pointer(event, "/start/dateTime").unwrap().as_str();
    events
        .iter()
        .map(|event| &start(event).unwrap()[11..16])
        .collect()
}

#[tokio::test]
async fn events_are_looked_up_by_the_time_they_are_kept_at() {
    let world = world().await;
    let adele = world.person(ADELE);
    let path = "me/events?$filter=start/dateTime%20ge%20'2026-11-23T11:00:00Z'%20and%20end/dateTime%20lt%20'2026-11-23T14:00:00'";
    assert_eq!(starts(&adele.get(path).await.json), ["11:00"]);
    let shown_elsewhere = adele
        .request(reqwest::Method::GET, path)
        .header("prefer", "outlook.timezone=\"Tokyo Standard Time\"");
    let answer = crate::support::answer(shown_elsewhere).await;
    assert_eq!(starts(&answer.json), ["20:00"]);

    let invited = format!(
        "me/events?$filter=attendees/any(a:a/emailAddress/address%20eq%20'{ROOM1}')&$count=true"
    );
    assert_eq!(adele.get(&invited).await.json["@odata.count"], 3);
}

#[tokio::test]
async fn collections_come_in_the_order_asked_for() {
    let world = world().await;
    let adele = world.person(ADELE);
    let view =
        "me/calendarView?startDateTime=2026-11-23T00:00:00Z&endDateTime=2026-11-24T00:00:00Z";
    let backwards = format!("{view}&$orderby=start/dateTime%20desc&$top=2");
    let first = adele.get(&backwards).await.json;
    assert_eq!(starts(&first), ["13:00", "11:00"]);
    let rest = adele.get(first["@odata.nextLink"].as_str().unwrap()).await;
    assert_eq!(starts(&rest.json), ["09:00"]);
}

#[tokio::test]
async fn an_option_that_an_operation_does_not_take_is_refused_and_named() {
    let world = world().await;
    let (adele, app) = (world.person(ADELE), world.app().await);
    for (answer, named) in [
        (
            adele.get("me/events?$filter=colour%20eq%20'red'").await,
            "colour",
        ),
        (
            adele
                .get("me/events?$orderby=start/dateTime%20sideways")
                .await,
            "$orderby",
        ),
        (adele.get("me/events?$search=review").await, "$search"),
        (
            app.get("places/microsoft.graph.room?$expand=x").await,
            "$expand",
        ),
        (app.get("organization?$top=1").await, "$top"),
    ] {
        assert_eq!(answer.status, 400, "{named}");
        let message = answer.json["error"]["message"].as_str().unwrap();
        assert!(message.contains(named), "{message}");
    }
}

#[tokio::test]
async fn a_calendar_is_the_mailboxes_own_and_no_others() {
    let world = world().await;
    let adele = world.person(ADELE);
    let calendar = adele.get("me/calendar").await.json;
    assert_eq!(calendar["isDefaultCalendar"], true);
    assert_eq!(calendar["owner"]["address"], ADELE);
    let id = calendar["id"].as_str().unwrap();
    assert_eq!(
        adele.get(&format!("me/calendars/{id}")).await.json["id"],
        id
    );
    let events = adele.get(&format!("me/calendars/{id}/events?$top=1")).await;
    assert_eq!(starts(&events.json), ["09:00"]);

    let alex = world.person(ALEX);
    let foreign = alex.get(&format!("me/calendars/{id}/events")).await;
    assert_eq!(foreign.status, 404);
    assert_eq!(foreign.json["error"]["code"], "ErrorItemNotFound");
}

#[tokio::test]
async fn what_events_do_not_have_is_refused_by_name() {
    let world = world().await;
    let adele = world.person(ADELE);
    for query in [
        "$select=subject,funny",
        "$orderby=funny/dateTime",
        "$expand=funny($select=id,subject)",
    ] {
        let refused = adele.get(&format!("me/events?{query}")).await;
        assert_eq!(refused.status, 400, "{query}");
        let message = refused.json["error"]["message"].as_str().unwrap();
        assert!(message.contains("'funny'"), "{message}");
    }
    let known = "me/events?$select=Subject,start&$orderby=start/dateTime%20desc\
                 &$expand=singleValueExtendedProperties($filter=id%20eq%20'String%20a,b')";
    assert_eq!(adele.get(known).await.status, 200);
    let beyond = adele.get(&format!("me/events?$skip={}", u32::MAX)).await;
    assert_eq!(beyond.json["value"], serde_json::json!([]));
    let senseless = adele.get(&format!("me/events?$skip={}", u64::MAX)).await;
    assert_eq!(senseless.status, 400);
}

#[tokio::test]
async fn what_is_not_expanded_is_not_left_out_without_a_word() {
    let world = world().await;
    let (adele, app) = (world.person(ADELE), world.app().await);
    for (expand, status) in [
        ("calendar($select=name)", 501),
        ("attachments,singleValueExtendedProperties", 501),
        ("exceptionOccurrences", 501),
        ("*", 501),
        (
            "singleValueExtendedProperties($filter=colour%20eq%201)",
            400,
        ),
    ] {
        let answer = adele.get(&format!("me/events?$expand={expand}")).await;
        assert_eq!(answer.status, status, "{expand}: {}", answer.json);
    }
    let manager = app.get(&format!("users/{ADELE}?$expand=manager")).await;
    assert_eq!(manager.status, 501);
}

#[tokio::test]
async fn instances_and_claims_are_filtered_or_the_filter_is_refused() {
    let world = World::contoso().await;
    let adele = world.person(ADELE);
    let series = adele.post("me/events", crate::series::weekly(3)).await.json;
    let window = crate::series::WINDOW;
    let instances = async |id: &str, filter: &str| {
        let path = format!("me/events/{id}/instances?{window}&$filter={filter}");
        let answer = adele.get(&path).await;
        let rows = answer.json["value"].as_array().map_or(0, Vec::len);
        (answer.status.as_u16(), rows)
    };
    let id = series["id"].as_str().unwrap();
    assert_eq!(
        instances(id, "subject%20eq%20'Weekly%20review'").await,
        (200, 3)
    );
    assert_eq!(instances(id, "subject%20eq%20'nothing'").await, (200, 0));
    assert_eq!(instances(id, "bogus%20eq").await.0, 400);
    let all = adele
        .get(&format!("me/events/{id}/instances?{window}"))
        .await
        .json;
    let first = all["value"][0]["id"].as_str().unwrap();
    assert_eq!(instances(first, "isAllDay%20eq%20false").await.0, 400);
    for option in ["$filter=bogus", "$expand=x", "$search=x"] {
        let refused = adele
            .get(&format!("places/{ROOM1}/checkIns?{option}"))
            .await;
        assert_eq!(refused.status, 400, "{option}: {}", refused.json);
    }
}

#[tokio::test]
async fn preferences_are_applied_or_refused() {
    let world = world().await;
    let adele = world.person(ADELE);
    let preferring = async |preference: &str| {
        let request = adele.request(reqwest::Method::GET, "me/events");
        crate::support::answer(request.header("prefer", preference)).await
    };
    for preference in [
        "outlook.body-content-type=\"html\"",
        "outlook.timezone=\"Cen. Australia Standard Time\"",
        "outlook.timezone=\"UTC-11\"",
    ] {
        let answer = preferring(preference).await;
        assert_eq!(answer.headers["preference-applied"], preference);
    }
    let refused = preferring("outlook.timezone=\"Mars Standard Time\"").await;
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.json["error"]["code"],
        "TimeZoneNotSupportedException"
    );
}

#[tokio::test]
async fn pages_have_the_sizes_that_are_documented() {
    let world = world().await;
    let (adele, app) = (world.person(ADELE), world.app().await);
    let rooms = "places/microsoft.graph.room";
    for (answer, code) in [
        (adele.get("me/events?$top=0").await, "BadRequest"),
        (app.get(&format!("{rooms}?$top=0")).await, "BadRequest"),
        (app.get("users?$top=0").await, "Request_UnsupportedQuery"),
        (app.get("users?$top=1000").await, "Request_UnsupportedQuery"),
    ] {
        assert_eq!(answer.status, 400, "{}", answer.json);
        assert_eq!(answer.json["error"]["code"], code);
    }
    for path in ["users?$top=999".to_owned(), format!("{rooms}?$top=5000")] {
        assert_eq!(app.get(&path).await.status, 200, "{path}");
    }
    let many = adele.get("me/events?$top=5000").await;
    assert_eq!(many.json["value"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn what_people_and_places_do_not_have_is_refused_by_name() {
    let world = world().await;
    let (adele, app) = (world.person(ADELE), world.app().await);
    for (answer, named) in [
        (
            app.get("users?$select=id,funny").await,
            "'funny' on type 'microsoft.graph.user'",
        ),
        (app.get("users?$orderby=funny").await, "'funny'"),
        (adele.get("me?$select=funny").await, "'funny'"),
        (
            app.get("places/microsoft.graph.roomList?$select=capacity")
                .await,
            "'capacity' on type 'microsoft.graph.roomList'",
        ),
        (
            app.get(&format!("places/{ROOM1}?$select=seats")).await,
            "'seats' on type 'microsoft.graph.place'",
        ),
    ] {
        assert_eq!(answer.status, 400, "{named}");
        let message = answer.json["error"]["message"].as_str().unwrap();
        assert!(message.contains(named), "{message}");
    }
    for path in [
        "users?$select=id,DisplayName,employeeId&$orderby=displayName%20desc",
        "places/microsoft.graph.room?$select=capacity,emailAddress,tags",
    ] {
        assert_eq!(app.get(path).await.status, 200, "{path}");
    }
}

#[tokio::test]
async fn ids_that_exchange_cannot_have_given_are_malformed_and_others_not_found() {
    let world = world().await;
    let adele = world.person(ADELE);
    let foreign = world.sim.events(ROOM1).unwrap()[0].id.clone();
    for (id, status, code) in [
        ("12345", 400, "ErrorInvalidIdMalformed"),
        ("AAMkAD%20IyAAA=", 400, "ErrorInvalidIdMalformed"),
        (GONE_ID, 404, "ErrorItemNotFound"),
        (&foreign, 404, "ErrorItemNotFound"),
    ] {
        for path in [format!("me/events/{id}"), format!("me/calendars/{id}")] {
            let refused = adele.get(&path).await;
            assert_eq!(refused.status, status, "{path}");
            assert_eq!(refused.json["error"]["code"], code, "{path}");
        }
        let accept = format!("me/events/{id}/accept");
        assert_eq!(
            adele.post(&accept, serde_json::json!({})).await.status,
            status
        );
    }
}

#[tokio::test]
async fn a_filter_that_can_hold_for_no_event_is_refused() {
    let world = world().await;
    let adele = world.person(ADELE);
    for (filter, status) in [
        ("start ge '2026'", 400),
        ("isAllDay eq 'true'", 400),
        ("isAllDay eq 1", 400),
        ("subject eq 8", 400),
        ("start/bogus eq 'x'", 400),
        ("subject/x eq 'y'", 400),
        ("subject/any(s:s eq 'x')", 400),
        ("attendees/any(a:a/bogus eq 'x')", 400),
        (
            "attendees/any(a: a/type eq 'resource') and isAllDay eq false",
            200,
        ),
        ("categories/any(c:c eq 'x') or seriesMasterId eq null", 200),
    ] {
        let path = format!("me/events?$filter={}", filter.replace(' ', "%20"));
        let answer = adele.get(&path).await;
        assert_eq!(answer.status, status, "{filter}: {}", answer.json);
    }
}
