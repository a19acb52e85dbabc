//! The table of rooms as a file for spreadsheets.

use booking::room::Room;
use reqwest::header;

use crate::app::TestApp;
use crate::people::Caller;

const ADELE: &str = "adele.vance@contoso.com";

async fn table(person: &Caller, query: &str) -> Vec<String> {
    let answer = person.get(&format!("/admin/sync.csv{query}")).await;
    assert_eq!(answer.status(), 200);
    let text = answer.text().await.unwrap();
    let lines = text.trim_start_matches('\u{feff}').split_terminator("\r\n");
    lines.map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn all_rooms_that_match_are_to_be_had_as_a_file_for_spreadsheets() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await.made_admin(&app).await;
    let answer = adele.get("/admin/sync.csv?sort=room&page=9").await;
    let told = |name| answer.headers().get(name).unwrap().to_str().unwrap();
    assert_eq!(told(header::CONTENT_TYPE), "text/csv; charset=utf-8");
    assert!(told(header::CONTENT_DISPOSITION).starts_with("attachment; filename=\"etage-rooms-"));
    assert_eq!(told(header::CACHE_CONTROL), "no-store");
    let bytes = answer.bytes().await.unwrap();
    let text = str::from_utf8(&bytes).unwrap();
    assert!(
        text.starts_with("\u{feff}Room,Name,Building,Mailbox,State,Why,In sync as of (UTC)"),
        "{text}"
    );
    let lines = table(&adele, "?sort=room&page=9").await;
    assert_eq!(lines.len(), 1 + app.rooms.len());
    assert!(
        lines[1].starts_with("0.1,Room 1,Harbour House,room1@contoso.com,In sync,,20"),
        "{}",
        lines[1]
    );
    let columns: Vec<usize> = lines.iter().map(|line| line.split(',').count()).collect();
    assert_eq!(columns, [columns[0]; 9]);
    let found = table(&adele, "?q=room3%40").await;
    assert_eq!(found.len(), 2);
    assert!(found[1].contains("room3@contoso.com"), "{}", found[1]);
    assert_eq!(table(&adele, "?only=failing").await.len(), 1);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_room_whose_name_is_a_formula_is_only_a_name_in_the_file() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await.made_admin(&app).await;
    let evil = Room {
        name: "=HYPERLINK(\"https://contoso.com\",\"Lake\")".to_owned(),
        ..app.rooms[0].clone()
    };
    let engine = &app.state.engine;
    engine.store().upsert_rooms(&[evil]).await.unwrap();
    engine.reload_index().await.unwrap();
    let lines = table(&adele, "?q=room1%40").await;
    let cell = r#""'=HYPERLINK(""https://contoso.com"",""Lake"")""#;
    assert!(
        lines[1].starts_with(&format!("0.1,{cell},Harbour House")),
        "{}",
        lines[1]
    );
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_but_administrators_gets_the_file() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let refused = adele.get("/admin/sync.csv").await;
    assert_eq!(refused.status(), 403);
    let words = refused.text().await.unwrap();
    assert!(words.contains("Only administrators"), "{words}");
    let stranger = app.stranger().get("/admin/sync.csv").await;
    assert_eq!(stranger.status(), 401);
    assert!(!stranger.text().await.unwrap().contains("room1@"));
    app.close().await;
}
