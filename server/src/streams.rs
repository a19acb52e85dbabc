//! The live streams each person has open: each keeps a connection and a task of ours alive.

use std::collections::HashMap;
use std::sync::Arc;

use booking::person::PersonId;
use parking_lot::Mutex;
use tokio_util::sync::{CancellationToken, WaitForCancellationFuture};

/// Most live streams of one person: windows, panes and phones, and some that are not yet known to be dead.
pub const STREAMS_PER_PERSON_MAX: u32 = 32;

/// The open streams of every person.
#[derive(Clone, Default, Debug)]
pub struct Streams(Arc<Mutex<HashMap<PersonId, Theirs>>>);

#[derive(Default, Debug)]
struct Theirs {
    count: u32,
    ended: CancellationToken,
}

/// One open stream; counts until dropped.
#[derive(Debug)]
pub struct OpenStream {
    streams: Streams,
    person: PersonId,
    ended: CancellationToken,
}

impl Streams {
    /// Counts one more. `None`: the person has as many as allowed.
    pub fn open(&self, person: PersonId) -> Option<OpenStream> {
        let mut open = self.0.lock();
        let theirs = open.entry(person).or_default();
        if theirs.count >= STREAMS_PER_PERSON_MAX {
            return None;
        }
        theirs.count += 1;
        Some(OpenStream {
            streams: self.clone(),
            person,
            ended: theirs.ended.clone(),
        })
    }

    /// Ends all streams of a person. Those of their other windows come back by themselves.
    pub fn end(&self, person: PersonId) {
        if let Some(theirs) = self.0.lock().get_mut(&person) {
            std::mem::take(&mut theirs.ended).cancel();
        }
    }
}

impl OpenStream {
    /// Waits until the stream is to end.
    pub fn ended(&self) -> WaitForCancellationFuture<'_> {
        self.ended.cancelled()
    }
}

impl Drop for OpenStream {
    fn drop(&mut self) {
        let mut open = self.streams.0.lock();
        if let Some(theirs) = open.get_mut(&self.person) {
            theirs.count -= 1;
            if theirs.count == 0 {
                open.remove(&self.person);
            }
        }
    }
}
