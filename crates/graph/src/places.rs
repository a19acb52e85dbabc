//! So many places, of which some may be taken away and given back while others hold them.

use std::sync::{Mutex, PoisonError};

use tokio::sync::{Semaphore, SemaphorePermit};

/// Places that are taken in the order of asking.
#[derive(Debug)]
pub struct Places {
    free: Semaphore,
    width: Mutex<Width>,
}

#[derive(Debug)]
struct Width {
    /// How many there shall be.
    places: usize,
    /// How many more there are, because they were held when they were to go.
    owed: usize,
}

impl Places {
    /// So many, all free.
    pub fn new(places: usize) -> Self {
        Self {
            free: Semaphore::new(places),
            width: Mutex::new(Width { places, owed: 0 }),
        }
    }

    /// From now on there are so many. Those that are held stay until they are given back.
    pub fn set_width(&self, places: usize) {
        let mut width = self.width.lock().unwrap_or_else(PoisonError::into_inner);
        if places < width.places {
            let fewer = width.places - places;
            width.owed += fewer - self.free.forget_permits(fewer);
        } else {
            let more = places - width.places;
            let kept = more.min(width.owed);
            width.owed -= kept;
            self.free.add_permits(more - kept);
        }
        width.places = places;
    }

    /// Waits for so many, and for no more than there are; they are given back by dropping them.
    pub async fn take(&self, places: usize) -> Option<SemaphorePermit<'_>> {
        loop {
            let wanted = places.min(self.width());
            // Never closed, so this is never an error.
            let mut taken = self
                .free
                .acquire_many(u32::try_from(wanted).ok()?)
                .await
                .ok()?;
            if !self.pays(&mut taken) {
                return Some(taken);
            }
        }
    }

    fn width(&self) -> usize {
        let width = self.width.lock().unwrap_or_else(PoisonError::into_inner);
        width.places
    }

    /// Whether some of these had to go, and went.
    fn pays(&self, taken: &mut SemaphorePermit<'_>) -> bool {
        let mut width = self.width.lock().unwrap_or_else(PoisonError::into_inner);
        let gone = width.owed.min(taken.num_permits());
        if let Some(gone) = taken.split(gone).filter(|_| gone > 0) {
            width.owed -= gone.num_permits();
            gone.forget();
            return true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt;

    use super::*;

    fn free(places: &Places) -> usize {
        let taken = (0..9).map_while(|_| places.take(1).now_or_never());
        taken.collect::<Vec<_>>().len()
    }

    #[test]
    fn places_that_are_held_when_they_are_to_go_go_when_they_are_given_back() {
        let places = Places::new(4);
        let held: Vec<_> = (0..3)
            .map(|_| places.take(1).now_or_never().unwrap())
            .collect();
        places.set_width(2);
        assert_eq!(free(&places), 0);
        drop(held);
        assert_eq!(free(&places), 2);
        places.set_width(1);
        assert_eq!(free(&places), 1);
        // Whoever wants more than there are gets all there are.
        assert_eq!(
            places
                .take(4)
                .now_or_never()
                .unwrap()
                .unwrap()
                .num_permits(),
            1
        );
        places.set_width(4);
        assert_eq!(free(&places), 4);
    }

    #[test]
    fn places_that_come_back_before_they_went_were_never_gone() {
        let places = Places::new(4);
        let held = places.take(4).now_or_never().unwrap();
        places.set_width(1);
        places.set_width(3);
        drop(held);
        assert_eq!(free(&places), 3);
    }
}
