//! Microsoft's notifications, later than the simulator would post them: the bench posts them itself, as
//! late as is documented.

use booking::provider::SubscriptionId;
use booking::random::SeededRandom;
use days::World;
use m365_sim::Scenario;
use reqwest::Method;
use secrecy::ExposeSecret as _;
use serde_json::{Value, json};

use crate::people::mailbox;

/// “Less than 1 minute” on average and 3 minutes at most, for calendars.
///
/// See <https://learn.microsoft.com/graph/change-notifications-overview#latency>.
const LATENCY_S_MAX: f64 = 180.0;
/// Of an exponential distribution that is drawn from anew above the maximum: the mean is then 57 s, as
/// bad as the documentation allows.
const SCALE_S: f64 = 75.0;

/// What a notification of each room carries, and where it goes.
pub(crate) struct Delivery {
    http: reqwest::Client,
    of_rooms: Vec<Notified>,
}

struct Notified {
    subscription: SubscriptionId,
    url: String,
    client_state: String,
}

/// How late one comes.
pub(crate) fn latency_ms(random: &SeededRandom) -> i64 {
    loop {
        let drawn = (random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64;
        let late = -SCALE_S * (1.0 - drawn).ln();
        if late <= LATENCY_S_MAX {
            return (late * 1_000.0) as i64;
        }
    }
}

/// Nothing notifies any more, and Etage knows it.
pub(crate) async fn end_subscriptions(world: &World, delivery: &Delivery) {
    for one in &delivery.of_rooms {
        let removed = world.store().remove_subscription(&one.subscription).await;
        removed.unwrap();
    }
}

impl Delivery {
    /// As Etage has subscribed.
    pub(crate) async fn of(world: &World) -> Self {
        let listed = world.outlook.ask(Method::GET, "subscriptions", None).await;
        let listed = listed.unwrap();
        let listed = listed["value"].as_array().unwrap();
        let mut of_rooms = Vec::new();
        for room in 0..world.rooms.len() {
            let of_room = |one: &&Value| {
                let owner = one["mailbox"].as_str().unwrap_or_default();
                owner.eq_ignore_ascii_case(mailbox(world, room).as_str())
            };
            let one = listed.iter().find(of_room).unwrap();
            let subscription = SubscriptionId(one["id"].as_str().unwrap().to_owned());
            let known = world.store().subscription(&subscription).await.unwrap();
            of_rooms.push(Notified {
                subscription,
                url: one["notificationUrl"].as_str().unwrap().to_owned(),
                client_state: known.unwrap().client_state.expose_secret().to_owned(),
            });
        }
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        Self { http, of_rooms }
    }

    /// Posts that something has changed in a room's calendar.
    pub(crate) async fn tell(&self, room: usize) {
        let to = &self.of_rooms[room];
        let body = json!({ "value": [{
            "subscriptionId": to.subscription.0,
            "clientState": to.client_state,
            "changeType": "updated",
            "tenantId": Scenario::CONTOSO_TENANT_ID,
            "resource": "Users/room/Events/changed",
        }]});
        let answer = self.http.post(&to.url).json(&body).send().await.unwrap();
        assert!(answer.status().is_success(), "{}", answer.status());
    }
}
