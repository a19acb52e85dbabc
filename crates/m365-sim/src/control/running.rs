//! Time, steps and notifications.

use std::ops::RangeInclusive;
use std::time::Duration;

use http::StatusCode;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{Outcome, Refusal, body, done};
use crate::graph::DeltaQuirks;
use crate::message::{Call, Reply};
use crate::options::Mode;
use crate::scenario::Readings;
use crate::shared::Shared;
use crate::stepping::{self, NotificationMode};
use crate::time_zone::graph_utc;
use crate::world::World;

/// What the clock can show: what tokens, zones and series can be reckoned with.
const YEARS: RangeInclusive<i16> = 1970..=2999;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct AttendantSettings {
    delay_ms: u64,
}

/// `POST /_sim/attendant`
pub(super) fn set_attendant(shared: &Shared, call: &Call) -> Outcome {
    let settings: AttendantSettings = body(call)?;
    match &mut shared.world().steps.mode {
        Mode::Auto {
            attendant_delay, ..
        } => *attendant_delay = Duration::from_millis(settings.delay_ms),
        Mode::Explicit => return Err(Refusal::bad_request("rooms answer only when stepped")),
    }
    done()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct NotificationSettings {
    mode: NotificationMode,
}

/// `POST /_sim/notifications`
pub(super) fn set_notifications(shared: &Shared, call: &Call) -> Outcome {
    let settings: NotificationSettings = body(call)?;
    shared.world().steps.notifications = settings.mode;
    done()
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum LifecycleEvent {
    Missed,
    SubscriptionRemoved,
    ReauthorizationRequired,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct LifecycleOrder {
    subscription_id: Uuid,
    event: LifecycleEvent,
}

/// `POST /_sim/lifecycle`: queues a lifecycle notification. A subscription told to be removed is.
/// <https://learn.microsoft.com/graph/change-notifications-lifecycle-events>
pub(super) fn send_lifecycle(shared: &Shared, call: &Call) -> Outcome {
    let order: LifecycleOrder = body(call)?;
    let event = match order.event {
        LifecycleEvent::Missed => "missed",
        LifecycleEvent::SubscriptionRemoved => "subscriptionRemoved",
        LifecycleEvent::ReauthorizationRequired => "reauthorizationRequired",
    };
    let mut world = shared.world();
    let subscription = world.subscriptions.get_mut(&order.subscription_id);
    let subscription = subscription.filter(|one| one.lifecycle_url.is_some());
    let subscription = subscription.ok_or_else(|| {
        Refusal::not_found("no such subscription, or it has no lifecycle address")
    })?;
    if matches!(order.event, LifecycleEvent::SubscriptionRemoved) {
        subscription.is_removed = true;
    }
    world.tell_of_life(order.subscription_id, event);
    done()
}

/// How steps happen; delays that are left out are those of a program started without options.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ModeOrder {
    mode: ModeName,
    #[serde(default)]
    attendant_delay_ms: Option<u64>,
    #[serde(default)]
    notification_delay_ms: Option<u64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
enum ModeName {
    Auto,
    Explicit,
}

/// `POST /_sim/mode`: whether steps happen by themselves and the clock runs, from now on.
pub(super) fn set_mode(shared: &Shared, call: &Call) -> Outcome {
    let order: ModeOrder = body(call)?;
    let delay = |ms: Option<u64>, usual| ms.map_or(usual, Duration::from_millis);
    let mode = match order.mode {
        ModeName::Auto => Mode::Auto {
            attendant_delay: delay(order.attendant_delay_ms, Mode::ATTENDANT_DELAY),
            notification_delay: delay(order.notification_delay_ms, Mode::NOTIFICATION_DELAY),
        },
        ModeName::Explicit
            if order.attendant_delay_ms.is_some() || order.notification_delay_ms.is_some() =>
        {
            return Err(Refusal::bad_request(
                "attendantDelayMs and notificationDelayMs belong to the mode auto: leave them out",
            ));
        }
        ModeName::Explicit => Mode::Explicit,
    };
    stepping::set_mode(shared, mode);
    done()
}

/// `POST /_sim/delta-tokens/expire`: every token handed out so far answers 410.
pub(super) fn expire_delta_tokens(shared: &Shared) -> Outcome {
    let mut world = shared.world();
    let epoch = world.random.uuid();
    world.sync.expire(epoch);
    done()
}

/// `POST /_sim/delta-quirks`: how rounds of changes behave; what is left out goes back to its default.
pub(super) fn set_delta_quirks(shared: &Shared, call: &Call) -> Outcome {
    let quirks: DeltaQuirks = body(call)?;
    quirks.check().map_err(Refusal::bad_request)?;
    shared.world().delta = quirks;
    done()
}

/// `GET /_sim/readings`
pub(super) fn readings(shared: &Shared) -> Outcome {
    Ok(Reply::json(StatusCode::OK, &shared.world().readings))
}

/// `POST /_sim/readings`: how to read what Microsoft leaves open; what is left out goes back to its default.
pub(super) fn set_readings(shared: &Shared, call: &Call) -> Outcome {
    let readings: Readings = body(call)?;
    let checked = readings.check();
    checked.map_err(|error| Refusal::bad_request(error.to_string()))?;
    shared.world().readings = readings;
    done()
}

/// `GET /_sim/status`: the clock and how things come to happen.
pub(super) fn status(shared: &Shared) -> Outcome {
    let world = shared.world();
    let mut body = json!({
        "now": shared.clock.now(),
        "mode": "explicit",
        "queuedSteps": world.steps.len(),
        "notifications": world.steps.notifications,
        "subscriptionMinutesMax": shared.subscription_minutes_max,
        "throttle": shared.limits.throttle(),
        "failures": world.steps.failures,
    });
    if let Mode::Auto {
        attendant_delay,
        notification_delay,
    } = world.steps.mode
    {
        body["mode"] = json!("auto");
        body["attendantDelayMs"] = json!(attendant_delay.as_millis());
        body["notificationDelayMs"] = json!(notification_delay.as_millis());
    }
    Ok(Reply::json(StatusCode::OK, &body))
}

/// `GET /_sim/requests?last=100`: without `last`, all that are kept.
pub(super) fn requests(shared: &Shared, call: &Call) -> Outcome {
    let last = match call.query_value("last") {
        None => usize::MAX,
        Some(text) => text.parse().map_err(|_| {
            Refusal::bad_request(format!("last is a number of requests, not {text:?}"))
        })?,
    };
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "value": shared.log.last(last) }),
    ))
}

/// `POST /_sim/step`
pub(super) async fn step(shared: &Shared) -> Outcome {
    let report = stepping::step(shared).await;
    Ok(Reply::json(StatusCode::OK, &json!({ "value": report })))
}

/// `POST /_sim/drain`
pub(super) async fn drain(shared: &Shared) -> Outcome {
    let reports = stepping::drain(shared).await;
    Ok(Reply::json(StatusCode::OK, &json!({ "value": reports })))
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct ClockOrder {
    #[serde(default)]
    advance_ms: Option<i64>,
    #[serde(default)]
    now: Option<Timestamp>,
}

/// `POST /_sim/clock`
pub(super) fn set_clock(shared: &Shared, call: &Call) -> Outcome {
    let order: ClockOrder = body(call)?;
    let advance = SignedDuration::from_millis(order.advance_ms.unwrap_or_default());
    let new = order.now.unwrap_or_else(|| shared.clock.now());
    let is_usable = |new: &Timestamp| YEARS.contains(&new.to_zoned(TimeZone::UTC).year());
    if new.checked_add(advance).ok().filter(is_usable).is_none() {
        return Err(Refusal::bad_request(format!(
            "the clock goes from the year {} to {}: choose a nearer now, or a smaller advanceMs",
            YEARS.start(),
            YEARS.end()
        )));
    }
    if let Some(now) = order.now {
        shared.clock.set(now);
    }
    shared.clock.advance(advance);
    shared.world().steps.wake();
    Ok(Reply::json(
        StatusCode::OK,
        &json!({ "now": shared.clock.now() }),
    ))
}

/// `GET /_sim/subscriptions`: of all apps, also expired ones.
pub(super) fn subscriptions(shared: &Shared) -> Outcome {
    let value = subscriptions_of(&shared.world());
    Ok(Reply::json(StatusCode::OK, &json!({ "value": value })))
}

pub(super) fn subscriptions_of(world: &World) -> Vec<Value> {
    let now = world.clock.now();
    world
        .subscriptions
        .values()
        .map(|one| {
            let changes: Vec<&str> = one.change_types.iter().map(|kind| kind.name()).collect();
            json!({
                "id": one.id, "mailbox": one.mailbox, "app": one.creator.app, "resource": one.resource,
                "changeType": changes.join(","), "notificationUrl": one.notification_url,
                "lifecycleNotificationUrl": one.lifecycle_url, "expirationDateTime": graph_utc(one.expires),
                "isActive": one.is_active(now),
            })
        })
        .collect()
}

/// `GET /_sim/contract`
pub(super) fn contract(shared: &Shared) -> Outcome {
    let findings = shared.findings.as_ref().ok_or_else(|| {
        Refusal::not_found("nothing is held against a contract here; start with --contract")
    })?;
    Ok(Reply::json(StatusCode::OK, &findings()))
}
