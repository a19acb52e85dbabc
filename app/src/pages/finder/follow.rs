//! What moves by itself: the rooms, and the clock.

#[cfg(feature = "hydrate")]
pub(super) use browser::{follow_moves, tick};

#[cfg(any(feature = "hydrate", test))]
use booking::ids::RoomId;

/// What has moved altogether; `None` is nothing yet, and no room in particular is any room.
#[cfg(any(feature = "hydrate", test))]
fn gathered(before: Option<Vec<RoomId>>, moved: &[RoomId]) -> Vec<RoomId> {
    match before {
        None => moved.to_vec(),
        Some(before) if before.is_empty() || moved.is_empty() => Vec::new(),
        Some(mut before) => {
            before.extend(moved);
            before
        }
    }
}

#[cfg(feature = "hydrate")]
mod browser {
    use std::time::Duration;

    use booking::ids::RoomId;
    use leptos::prelude::*;
    use send_wrapper::SendWrapper;

    use super::gathered;
    use crate::api::live;
    use crate::pages::elapsed::Elapsed;
    use crate::pages::finder::Finder;

    /// Moves that come together are answered together.
    const GATHER: Duration = Duration::from_millis(50);
    const SECOND: Duration = Duration::from_secs(1);

    /// Asks again when a room of this building moves.
    pub(crate) fn follow_moves(finder: Finder) {
        Effect::new(move |_| {
            let since = finder.found.with_untracked(|found| found.revision);
            // The rooms that moved since the pause began. `None`: no pause is under way.
            let waiting = StoredValue::new(None::<Vec<RoomId>>);
            let on_move = move |moved: Vec<RoomId>| {
                let ours = finder
                    .rooms
                    .try_with_untracked(|rooms| {
                        moved.is_empty() || moved.iter().any(|room| rooms.contains_key(room))
                    })
                    .unwrap_or(false);
                if !ours {
                    return;
                }
                let is_first = waiting.try_update_value(|waiting| {
                    let before = waiting.take();
                    let is_first = before.is_none();
                    *waiting = Some(gathered(before, &moved));
                    is_first
                });
                if is_first == Some(true) {
                    set_timeout(
                        move || {
                            if let Some(Some(rooms)) = waiting.try_update_value(Option::take) {
                                finder.forget(&rooms);
                                finder.ask_again();
                            }
                        },
                        GATHER,
                    );
                }
            };
            let following = live::follow(Some(since), on_move, move |live| {
                finder.live.try_set(live);
            });
            let kept = SendWrapper::new(following);
            on_cleanup(move || drop(kept));
        });
    }

    /// Moves the clock on, so that ages age.
    pub(crate) fn tick(finder: Finder) {
        Effect::new(move |_| {
            let elapsed = Elapsed::begin();
            let timer = set_interval_with_handle(
                move || {
                    let ms = elapsed.since_last_ms();
                    finder.now.try_update(|now| *now = now.plus_ms(ms));
                },
                SECOND,
            );
            // Without a timer ages stand still; everything else works.
            if let Ok(timer) = timer {
                on_cleanup(move || timer.clear());
            }
        });
    }
}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn follow_moves(_finder: super::Finder) {}

#[cfg(not(feature = "hydrate"))]
pub(super) const fn tick(_finder: super::Finder) {}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn rooms_that_move_together_are_all_gathered_and_no_room_in_particular_is_any() {
        let [one, two] = [1, 2].map(|id| RoomId(Uuid::from_u128(id)));
        assert_eq!(gathered(None, &[one]), [one]);
        assert_eq!(gathered(Some(vec![one]), &[two]), [one, two]);
        assert_eq!(gathered(None, &[]), []);
        assert_eq!(gathered(Some(vec![one]), &[]), []);
        assert_eq!(gathered(Some(Vec::new()), &[two]), []);
    }
}
