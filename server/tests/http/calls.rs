//! How server functions are answered, whatever they are asked.

use app::api::ApiError;
use serde_json::json;

use crate::app::TestApp;

const ADELE: &str = "adele.vance@contoso.com";

#[tokio::test(flavor = "multi_thread")]
async fn a_call_that_makes_no_sense_is_answered_with_a_status_and_a_reason() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let too_large = json!({ "floor": "x".repeat(600 * 1024) });
    let room = uuid::Uuid::from_u128(1);
    let calls = [
        ("rooms/no_such_call", json!({}), 404, "not_found"),
        ("rooms/plan", json!({}), 400, "bad_request"),
        ("rooms/plan", too_large, 400, "bad_request"),
        (
            "reservations/cancel",
            json!({ "id": room }),
            404,
            "not_found",
        ),
    ];
    for (call, arguments, status, code) in calls {
        let answer = adele.post(call, &arguments).await;
        assert_eq!(answer.status(), status, "{call}");
        assert_eq!(answer.headers()["content-type"], "application/json");
        let problem: ApiError = answer.json().await.unwrap();
        assert_eq!(problem.code, code, "{call}");
    }
    assert_eq!(adele.get("/api/rooms/plan").await.status(), 405);
    app.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn browsers_are_told_with_every_answer_to_guess_nothing_and_to_tell_nobody() {
    let app = TestApp::start().await;
    let adele = app.at_portal(ADELE).await;
    let answers = [
        adele.post("session/me", &json!({})).await,
        app.stranger().post("reservations/mine", &json!({})).await,
        adele.get("/health").await,
        adele.get("/reservations").await,
        adele.get("/no/such/file").await,
    ];
    for answer in answers {
        let headers = answer.headers();
        assert_eq!(headers["x-content-type-options"], "nosniff");
        assert_eq!(
            headers["referrer-policy"],
            "strict-origin-when-cross-origin"
        );
    }
    app.close().await;
}
