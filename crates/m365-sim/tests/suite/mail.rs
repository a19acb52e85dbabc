//! Mail that applications and people send.

use m365_sim::{ExchangeAccess, ExchangeRole, MailboxState, Scenario, SimOptions};
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::{ADELE, ALEX, Answer, Client, ROOM1, ROOM2, World, answer};

const NOBODY: &str = "nobody@contoso.com";

/// A world whose app may send so in Entra, and so in Exchange.
async fn world(consented: &[&str], role: Option<&[&str]>) -> World {
    let mut scenario = Scenario::contoso();
    let app = &mut scenario.tenants[0].apps[0];
    app.application_permissions = consented.iter().map(ToString::to_string).collect();
    app.delegated_permissions.push("Mail.Send".to_owned());
    app.exchange_access = ExchangeAccess {
        roles: role
            .into_iter()
            .map(|mailboxes| ExchangeRole {
                role: "Application Mail.Send".to_owned(),
                mailboxes: Some(mailboxes.iter().map(ToString::to_string).collect()),
            })
            .collect(),
        ..ExchangeAccess::default()
    };
    World::start(scenario, SimOptions::explicit()).await
}

/// Microsoft's first example, to these.
fn letter(to: &[&str]) -> Value {
    let recipients: Vec<Value> = to.iter().map(|to| recipient(to)).collect();
    json!({
        "message": {
            "subject": "Meet for lunch?",
            "body": { "contentType": "Text", "content": "The new cafeteria is open." },
            "toRecipients": recipients,
        },
        "saveToSentItems": "false",
    })
}

fn recipient(address: &str) -> Value {
    json!({ "emailAddress": { "address": address } })
}

/// The same with one property put into the message.
fn with(mut letter: Value, name: &str, value: Value) -> Value {
    letter["message"][name] = value;
    letter
}

async fn sent(client: &Client<'_>, from: &str, letter: Value) -> Answer {
    client.post(&format!("{from}/sendMail"), letter).await
}

fn refusal(answer: &Answer) -> (u16, &str, &str) {
    let error = &answer.json["error"];
    let text = |name: &str| error[name].as_str().unwrap();
    (answer.status.as_u16(), text("code"), text("message"))
}

#[tokio::test]
async fn a_letter_is_accepted_and_kept_for_those_it_is_meant_for() {
    let world = world(&["Mail.Send"], None).await;
    let app = world.app().await;
    let written = with(
        letter(&[ADELE, NOBODY]),
        "ccRecipients",
        json!([recipient(ALEX)]),
    );
    let answer = sent(&app, &format!("users/{ROOM1}"), written).await;
    assert_eq!((answer.status.as_u16(), answer.json), (202, Value::Null));

    let letters = world.sim.mail();
    assert_eq!(letters.len(), 1);
    let view = serde_json::to_value(&letters[0]).unwrap();
    let shown = world
        .control(Method::GET, &format!("mail?mailbox={ALEX}"), json!(null))
        .await;
    assert_eq!(shown.json["value"], json!([view]));
    assert_eq!(
        view,
        json!({
            "from": ROOM1, "to": [ADELE, NOBODY], "cc": [ALEX], "bcc": [],
            "subject": "Meet for lunch?", "contentType": "text", "content": "The new cafeteria is open.",
            "attachments": [], "sent": "2026-11-20T08:00:00Z", "isSaved": false, "undelivered": [NOBODY],
        })
    );
    let elsewhere = world
        .control(Method::GET, &format!("mail?mailbox={ROOM2}"), json!(null))
        .await;
    assert_eq!(elsewhere.json["value"], json!([]));
}

#[tokio::test]
async fn a_person_sends_from_their_own_mailbox_and_keeps_it_unless_told_otherwise() {
    let world = world(&[], None).await;
    let adele = world.person(ADELE);
    let mut written = letter(&[ALEX]);
    written.as_object_mut().unwrap().remove("saveToSentItems");
    for from in ["me".to_owned(), format!("users/{ADELE}")] {
        let answer = sent(&adele, &from, written.clone()).await;
        assert_eq!(answer.status, 202, "{from}: {}", answer.json);
    }
    let letters = world.sim.mail();
    assert!(
        letters
            .iter()
            .all(|letter| letter.from == ADELE && letter.is_saved)
    );
    assert_eq!(letters.len(), 2);

    let of_another = sent(&adele, &format!("users/{ALEX}"), letter(&[ADELE])).await;
    assert_eq!(
        (of_another.status.as_u16(), world.sim.mail().len()),
        (403, 2)
    );
}

#[tokio::test]
async fn without_mail_send_nothing_goes() {
    let world = world(&["Calendars.ReadWrite"], None).await;
    let app = world.app().await;
    let denied = sent(&app, &format!("users/{ROOM1}"), letter(&[ADELE])).await;
    let scopes = ["Calendars.ReadWrite"];
    let issued = world
        .sim
        .token_for(ADELE, Scenario::CONTOSO_CLIENT_ID, &scopes);
    let adele = world.with_token(&issued.unwrap().access_token);
    let also_denied = sent(&adele, "me", letter(&[ALEX])).await;
    for answer in [denied, also_denied] {
        let (status, code, _) = refusal(&answer);
        assert_eq!((status, code), (403, "ErrorAccessDenied"));
    }
    assert_eq!(world.sim.mail(), []);
}

#[tokio::test]
async fn a_role_for_one_mailbox_sends_from_that_one_alone() {
    let world = world(&[], Some(&[ROOM1])).await;
    let app = world.app().await;
    let here = sent(&app, &format!("users/{ROOM1}"), letter(&[ADELE])).await;
    assert_eq!(here.status, 202, "{}", here.json);
    let elsewhere = sent(&app, &format!("users/{ROOM2}"), letter(&[ADELE])).await;
    assert_eq!(refusal(&elsewhere).0, 403);
    assert_eq!(world.sim.mail().len(), 1);
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_in_the_words_of_the_service() {
    const RECIPIENTS: &str = "ErrorInvalidRecipients";
    let world = world(&["Mail.Send"], None).await;
    let app = world.app().await;
    let missing = "The required parameter 'Message' is missing.";
    let none = "At least one recipient is not valid., A message can't be sent because it contains no recipients.";
    let two = "At least one recipient is not valid., Recipient 'a@contoso.com; b@contoso.com' is not resolved. \
        All recipients must be resolved before a message can be submitted.";
    let unknown = "The property 'subjekt' does not exist on type 'microsoft.graph.message'.";
    let as_another = "The user account which was used to submit this request does not have the right to send mail \
        on behalf of the specified sending account. Cannot submit message.";
    for (written, wanted) in [
        (json!({}), (400, "ErrorInvalidRequest", missing)),
        (letter(&[]), (400, RECIPIENTS, none)),
        (
            letter(&["a@contoso.com; b@contoso.com"]),
            (400, RECIPIENTS, two),
        ),
        (
            with(letter(&[ADELE]), "subjekt", json!("")),
            (400, "RequestBodyRead", unknown),
        ),
        (
            with(letter(&[ADELE]), "from", recipient(ALEX)),
            (403, "ErrorSendAsDenied", as_another),
        ),
    ] {
        let answer = sent(&app, &format!("users/{ROOM1}"), written).await;
        assert_eq!(refusal(&answer), wanted);
    }
    world
        .sim
        .set_mailbox_state(ROOM1, MailboxState::OnPremises)
        .unwrap();
    let moved = sent(&app, &format!("users/{ROOM1}"), letter(&[ADELE])).await;
    assert_eq!(refusal(&moved).1, "MailboxNotEnabledForRESTAPI");
    assert_eq!(world.sim.mail(), []);
}

#[tokio::test]
async fn mime_that_is_no_base64_is_refused_and_the_rest_of_it_is_not_simulated() {
    let world = world(&[], None).await;
    let adele = world.person(ADELE);
    let mime = |text: &'static str| {
        let request = adele.request(Method::POST, "me/sendMail");
        answer(request.header("content-type", "text/plain").body(text))
    };
    let broken = mime("From: Adele").await;
    let told = (
        400,
        "ErrorMimeContentInvalidBase64String",
        "Invalid base64 string for MIME content.",
    );
    assert_eq!(refusal(&broken), told);
    assert_eq!(mime("RnJvbTogQWRlbGU=").await.status, 501);
    assert_eq!(world.sim.mail(), []);
}
