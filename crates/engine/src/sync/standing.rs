//! What a reading says about a room's notifications: how long changes took, and how far they can be relied upon.
//!
//! Where notifications have proven themselves a room is looked at rarely, as a backstop. A change
//! that nothing announced makes us look often again. One that is found a moment before its
//! notification comes is no such change: Graph may take three minutes for that.

use booking::mirror::{PushTrust, Reading};
use booking::time::{DAY_MS, Instant, MINUTE_MS};
use store::events::Learnt;
use store::sync_state::{RoomSync, Standing};

use crate::Settings;

/// Within this time a notification comes, by Microsoft's word.
const ANNOUNCED_WITHIN_MS: i64 = 3 * MINUTE_MS;
/// What was changed longer ago has not just been told: it came into view.
const LAG_MS_MAX: i64 = DAY_MS;
/// A schedule costs several questions, for it is asked for in stretches: it is polled so many times more rarely.
const FREE_BUSY_RARER: i64 = 5;
/// Trust that is counted no further.
const LEVEL_MAX: u32 = 16;

/// What a reading brought.
pub(super) struct Told<'a> {
    pub(super) read_from: Instant,
    pub(super) now: Instant,
    pub(super) is_full: bool,
    pub(super) is_pushed: bool,
    /// Busy times that were not as the mirror had them.
    pub(super) changed: u32,
    pub(super) changed_at: &'a [Instant],
    pub(super) reading: Reading,
    /// What could not be read, in words to be kept. `None`: all was.
    pub(super) unclear: Option<&'a str>,
}

/// What is known of a room after a reading. It is looked at no later than what was known before would have it: trust has
/// to be earned first.
pub(super) fn after(settings: &Settings, before: &RoomSync, told: &Told<'_>) -> Learnt {
    let mut standing = before.standing.clone();
    standing.reading = told.reading;
    count_lag(&mut standing, told);
    judge(settings, &mut standing, before, told);
    let trust_before = before.standing.trust.level;
    let pause_ms = pause_ms(
        settings,
        standing.reading,
        standing.trust.level,
        told.is_pushed,
    );
    let pause_before_ms = self::pause_ms(settings, standing.reading, trust_before, told.is_pushed);
    let look_at = told.read_from.plus_ms(pause_ms.min(pause_before_ms));
    let judged_at = (standing.suspect_since).map(|since| since.plus_ms(ANNOUNCED_WITHIN_MS));
    Learnt {
        look_at: judged_at.map_or(look_at, |at| at.min(look_at)),
        is_promise_doubted: standing.trust.missed > before.standing.trust.missed,
        last_error: told.unclear.map(str::to_owned),
        standing,
    }
}

/// How long a room is left alone that was read just now, whatever is notified.
fn pause_ms(settings: &Settings, reading: Reading, trust: u32, is_pushed: bool) -> i64 {
    let rarely_ms = settings.poll_with_push_ms.max(settings.poll_ms);
    let pause_ms = match reading {
        _ if is_pushed => settings.poll_ms << trust.min(LEVEL_MAX),
        Reading::Events => settings.poll_ms,
        Reading::FreeBusyOnly => settings.poll_ms.saturating_mul(FREE_BUSY_RARER),
    };
    pause_ms.min(rarely_ms)
}

/// A change is counted once, however often it is told, and not where everything was read anew.
fn count_lag(standing: &mut Standing, told: &Told<'_>) {
    for at in told.changed_at {
        let is_new = standing.changed_at_seen.is_none_or(|seen| *at > seen);
        let took_ms = told.now.since_ms(*at);
        if is_new && !told.is_full && took_ms <= LAG_MS_MAX {
            standing.lag.count(took_ms);
        }
    }
    standing.changed_at_seen = told
        .changed_at
        .iter()
        .copied()
        .max()
        .max(standing.changed_at_seen);
}

fn judge(settings: &Settings, standing: &mut Standing, before: &RoomSync, told: &Told<'_>) {
    if !told.is_pushed {
        standing.suspect_since = None;
        standing.trust.level = 0;
        return;
    }
    let is_announced_after = |at: Instant| before.notified_at.is_some_and(|told| told >= at);
    if let Some(since) = standing.suspect_since {
        if is_announced_after(since) {
            standing.suspect_since = None;
        } else if told.now.since_ms(since) >= ANNOUNCED_WITHIN_MS {
            standing.suspect_since = None;
            standing.trust.missed = standing.trust.missed.saturating_add(1);
            standing.trust.level = 0;
            return;
        }
    }
    let read_before = before.synced_at.unwrap_or(Instant(0));
    let is_unannounced = told.changed > 0 && !told.is_full && !is_announced_after(read_before);
    if is_unannounced {
        standing.suspect_since.get_or_insert(told.read_from);
    } else if standing.suspect_since.is_none() && is_short_of(settings, standing.trust) {
        standing.trust.level += 1;
    }
}

/// Whether more trust would make us look more rarely.
fn is_short_of(settings: &Settings, trust: PushTrust) -> bool {
    trust.level < LEVEL_MAX && (settings.poll_ms << trust.level) < settings.poll_with_push_ms
}

#[cfg(test)]
mod tests {
    use super::*;
    use booking::ids::RoomId;

    const SYNCED: Instant = Instant(1_000_000);

    fn before(standing: Standing, notified_at: Option<Instant>) -> RoomSync {
        RoomSync {
            room: RoomId(uuid::Uuid::from_u128(1)),
            cursor: None,
            window: None,
            synced_at: Some(SYNCED),
            last_error: None,
            dirty_seen: 0,
            dirty: true,
            due_at: Instant(0),
            lease_until: Instant(0),
            notified_at,
            standing,
        }
    }

    fn told(at: Instant, changed: u32) -> Told<'static> {
        Told {
            read_from: at,
            now: at,
            is_full: false,
            is_pushed: true,
            changed,
            changed_at: &[],
            reading: Reading::Events,
            unclear: None,
        }
    }

    fn read(standing: Standing, notified_at: Option<Instant>, told: &Told<'_>) -> Learnt {
        after(&Settings::default(), &before(standing, notified_at), told)
    }

    #[test]
    fn the_pause_grows_to_ten_minutes_while_nothing_is_missed() {
        let mut standing = Standing::default();
        let mut pauses_min = Vec::new();
        for _ in 0..6 {
            let learnt = read(standing, None, &told(SYNCED, 0));
            pauses_min.push(learnt.look_at.since_ms(SYNCED) / MINUTE_MS);
            standing = learnt.standing;
        }
        assert_eq!(pauses_min, [1, 2, 4, 8, 10, 10]);
        assert_eq!(standing.trust.level, 4);
    }

    #[test]
    fn a_change_that_nothing_announces_within_three_minutes_ends_all_trust() {
        let trusted = Standing {
            trust: PushTrust {
                level: 4,
                missed: 0,
            },
            ..Standing::default()
        };
        let found_at = SYNCED.plus_ms(10 * MINUTE_MS);
        let found = read(trusted, None, &told(found_at, 1));
        assert_eq!(found.standing.suspect_since, Some(found_at));
        assert_eq!(found.look_at, found_at.plus_ms(ANNOUNCED_WITHIN_MS));
        assert_eq!(found.standing.trust.level, 4);

        // Announced a moment later: nothing was wrong.
        let notice = Some(found_at.plus_ms(50));
        let later = told(found_at.plus_ms(60), 0);
        let cleared = read(found.standing.clone(), notice, &later);
        assert_eq!(cleared.standing.suspect_since, None);
        assert_eq!(
            cleared.standing.trust,
            PushTrust {
                level: 4,
                missed: 0
            }
        );

        let judged = read(found.standing, None, &told(found.look_at, 0));
        assert_eq!(
            judged.standing.trust,
            PushTrust {
                level: 0,
                missed: 1
            }
        );
        assert_eq!(judged.look_at.since_ms(found.look_at), MINUTE_MS);
    }

    #[test]
    fn what_was_announced_or_read_anew_or_polled_is_nothing_missed() {
        let at = SYNCED.plus_ms(MINUTE_MS);
        let announced = read(Standing::default(), Some(SYNCED), &told(at, 3));
        assert_eq!(announced.standing.trust.level, 1);
        let anew = Told {
            is_full: true,
            ..told(at, 3)
        };
        assert_eq!(
            read(Standing::default(), None, &anew)
                .standing
                .suspect_since,
            None
        );
        let polled = Told {
            is_pushed: false,
            ..told(at, 3)
        };
        assert_eq!(
            read(Standing::default(), None, &polled).standing,
            Standing::default()
        );
    }

    #[test]
    fn a_change_is_counted_once_however_often_it_is_told() {
        let at = SYNCED.plus_ms(5_000);
        let changed_at = [SYNCED, SYNCED.plus_ms(4_000)];
        let twice = Told {
            changed_at: &changed_at,
            ..told(at, 2)
        };
        let first = read(Standing::default(), None, &twice).standing;
        assert_eq!(first.lag.shown().samples, 2);
        let second = read(first.clone(), None, &twice).standing;
        assert_eq!(second.lag, first.lag);
        assert_eq!(first.lag.shown().p95_ms, Some(5_000));
    }
}
