//! Pages and files as a browser asks for them.

use crate::app::TestApp;

#[tokio::test(flavor = "multi_thread")]
async fn the_manifest_names_this_server() {
    let app = TestApp::start().await;
    let manifest = app
        .stranger()
        .get("/manifest.xml")
        .await
        .text()
        .await
        .unwrap();
    assert!(manifest.contains(&format!("{}/pane", app.origin)));
    assert!(!manifest.contains("https://localhost:3000"));
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_pane_may_be_framed_and_only_by_outlook() {
    let app = TestApp::start().await;
    let policy = async |path: &str| {
        let page = app.stranger().get(path).await;
        assert_eq!(page.status(), 200, "{path}");
        page.headers()["content-security-policy"]
            .to_str()
            .unwrap()
            .to_owned()
    };
    assert!(policy("/").await.contains("frame-ancestors 'none'"));
    let pane = policy("/pane").await;
    assert!(pane.contains("https://outlook.office.com"), "{pane}");
    assert!(!pane.contains("'unsafe-inline' 'wasm"), "{pane}");
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_there_is_told_so() {
    let app = TestApp::start().await;
    for path in ["/pkg/none.js", "/../Cargo.toml", "/.git/config"] {
        assert_eq!(app.stranger().get(path).await.status(), 404, "{path}");
    }
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn health_says_that_the_database_answers() {
    let app = TestApp::start().await;
    let health: serde_json::Value = app.stranger().get("/health").await.json().await.unwrap();
    assert_eq!(health["status"], "ok");
    app.close().await;
}
