//! What an Office host answers to MSAL in an add-in.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use m365_sim::Scenario;
use serde_json::{Value, json};

use crate::support::{ADELE, World};

/// What the host posts back; null when it is silent.
async fn ask(world: &World, query: &str, request: Value) -> (u16, Value) {
    let url = format!("{}/_sim/nested-app-auth?{query}", world.sim.url());
    let answer = world.http.post(url).body(request.to_string()).send().await;
    let answer = answer.unwrap();
    let status = answer.status().as_u16();
    let text = answer.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_default())
}

fn request(method: &str, parameters: Value) -> Value {
    json!({
        "messageType": "NestedAppAuthRequest", "method": method, "requestId": "one", "sendTime": 1,
        "clientLibrary": "@azure/msal-browser", "tokenParams": parameters,
    })
}

fn own_scope() -> String {
    let id = Scenario::CONTOSO_CLIENT_ID;
    format!("api://localhost:3000/{id}/access_as_user openid profile")
}

fn parameters(world: &World) -> Value {
    let tenant = Scenario::CONTOSO_TENANT_ID;
    json!({
        "clientId": Scenario::CONTOSO_CLIENT_ID, "scope": own_scope(), "correlationId": "two",
        "authority": format!("{}/{tenant}", world.sim.url()), "nonce": "three",
    })
}

fn claims(token: &Value) -> Value {
    let payload = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(payload).unwrap()).unwrap()
}

#[tokio::test]
async fn an_add_in_learns_who_is_signed_in_and_gets_their_tokens() {
    let world = World::contoso().await;
    let who = format!("person={ADELE}");
    let (_, context) = ask(&world, &who, request("GetInitContext", Value::Null)).await;
    let id = world.sim.mailbox_id(ADELE).unwrap();
    let tenant = Scenario::CONTOSO_TENANT_ID;
    let account = &context["initContext"]["accountContext"];
    assert_eq!(account["homeAccountId"], format!("{id}.{tenant}"));
    assert_eq!(context["initContext"]["capabilities"]["queryAccount"], true);
    for method in ["GetToken", "GetTokenPopup"] {
        let (_, granted) = ask(&world, &who, request(method, parameters(&world))).await;
        let envelope = json!([
            granted["messageType"],
            granted["requestId"],
            granted["success"]
        ]);
        assert_eq!(envelope, json!(["NestedAppAuthResponse", "one", true]));
        let token = &granted["token"];
        assert_eq!(claims(&token["access_token"])["scp"], "access_as_user");
        assert_eq!(claims(&token["id_token"])["nonce"], "three");
        assert_eq!(
            (&token["scope"], &token["expires_in"]),
            (&own_scope().into(), &3_599.into())
        );
        assert_eq!(granted["account"]["username"], ADELE);
        assert_eq!(granted["account"]["idToken"], token["id_token"]);
    }
}

#[tokio::test]
async fn what_cannot_be_granted_is_refused_in_the_bridges_words() {
    let world = World::contoso().await;
    let with = |name: &str, value: &str| {
        let mut parameters = parameters(&world);
        parameters[name] = json!(value);
        request("GetToken", parameters)
    };
    let nobody = uuid::Uuid::from_u128(9).to_string();
    for (asked, status) in [
        (with("scope", "Mail.Send"), "USER_INTERACTION_REQUIRED"),
        (with("clientId", &nobody), "PERSISTENT_ERROR"),
        (
            with("authority", "https://localhost/fabrikam.com"),
            "ACCOUNT_UNAVAILABLE",
        ),
        (request("GetToken", Value::Null), "PERSISTENT_ERROR"),
        (request("GetEverything", Value::Null), "PERSISTENT_ERROR"),
    ] {
        let (code, refused) = ask(&world, &format!("person={ADELE}"), asked.clone()).await;
        assert_eq!((code, &refused["success"]), (200, &false.into()), "{asked}");
        assert_eq!(refused["error"]["status"], status, "{asked}: {refused}");
    }
}

#[tokio::test]
async fn a_host_can_be_told_to_refuse_or_to_stay_silent() {
    let world = World::contoso().await;
    let asked = || request("GetToken", parameters(&world));
    let with = |outcome: &str| format!("person={ADELE}&outcome={outcome}");
    let (_, refused) = ask(&world, &with("USER_CANCEL"), asked()).await;
    assert_eq!(refused["error"]["status"], "USER_CANCEL");
    let context = request("GetInitContext", Value::Null);
    assert_eq!(
        ask(&world, &with("USER_CANCEL"), context).await.1["success"],
        true
    );
    assert_eq!(
        ask(&world, &with("silent"), asked()).await,
        (204, Value::Null)
    );
    let (status, unknown) = ask(&world, &with("WHATEVER"), asked()).await;
    assert_eq!(status, 400);
    assert!(
        unknown["error"].as_str().unwrap().contains("WHATEVER"),
        "{unknown}"
    );
    assert_eq!(
        ask(&world, "person=nobody@contoso.com", asked()).await.0,
        404
    );
    assert_eq!(
        ask(&world, &with("on"), json!({ "messageType": "Other" }))
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_page_can_be_its_own_host_by_a_script() {
    let world = World::contoso().await;
    let url = format!("{}/_sim/nested-app-auth.js?person={ADELE}", world.sim.url());
    let script = world.http.get(url).send().await.unwrap();
    let kind = script.headers()["content-type"]
        .to_str()
        .unwrap()
        .to_owned();
    assert!(kind.starts_with("text/javascript"), "{kind}");
    let text = script.text().await.unwrap();
    assert!(text.contains("window.nestedAppAuthBridge"), "{text}");
}
