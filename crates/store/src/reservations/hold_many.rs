//! Holding several slots at once: all of them, or none.

use booking::ids::RoomId;
use booking::reservation::Reservation;

use super::hold::{Conflict, NewReservation, put};
use crate::pool::Tx;
use crate::{Store, StoreError};

impl Store {
    /// Holds every slot within the transaction, or says of each that cannot be what is in the way; then the caller has to
    /// let the transaction go. Places in the lists are those of `wanted`. Jobs are the caller's to keep.
    ///
    /// Rooms are locked in order of their ids, so that two who want the same rooms never wait for each other in a circle.
    pub(crate) async fn hold_slots(
        &self,
        tx: &mut Tx,
        wanted: &[NewReservation],
    ) -> Result<Result<Vec<Reservation>, Vec<(usize, Conflict)>>, StoreError> {
        let mut rooms: Vec<RoomId> = wanted.iter().map(|one| one.room).collect();
        rooms.sort_unstable();
        rooms.dedup();
        for room in rooms {
            self.stamp(tx, room).await?;
        }
        let mut held = Vec::with_capacity(wanted.len());
        let mut refused = Vec::new();
        for (at, one) in wanted.iter().enumerate() {
            match put(tx, one).await? {
                Ok(reservation) => held.push(reservation),
                Err(Some(conflict)) => refused.push((at, conflict)),
                Err(None) => {
                    return Err(StoreError::RowsAffected {
                        statement: "a draft's hold among several",
                        expected: 0,
                        actual: 1,
                    });
                }
            }
        }
        Ok(if refused.is_empty() {
            Ok(held)
        } else {
            Err(refused)
        })
    }
}
