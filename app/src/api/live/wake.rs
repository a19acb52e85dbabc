//! Moments at which a connection that looks alive may have died unnoticed: the machine slept, or the network is back.

use std::cell::RefCell;

use futures::channel::mpsc;
use futures::{FutureExt, StreamExt};
use leptos::prelude::{WindowListenerHandle, document, window_event_listener_untyped};

/// A tab that is shown again, a page that comes back out of the browser's memory, a network that is there again.
const EVENTS: [&str; 3] = ["visibilitychange", "pageshow", "online"];

/// Listens for them until it is dropped.
pub(super) struct Wake {
    told: mpsc::Receiver<()>,
    listeners: Vec<WindowListenerHandle>,
}

impl Wake {
    /// Listens from now on.
    pub(super) fn listen() -> Self {
        let (tell, told) = mpsc::channel(1);
        let listeners = EVENTS.map(|event| {
            let tell = RefCell::new(tell.clone());
            window_event_listener_untyped(event, move |_| {
                if !document().hidden() {
                    // It is full: that is known already.
                    let _told = tell.borrow_mut().try_send(());
                }
            })
        });
        Self {
            told,
            listeners: listeners.into(),
        }
    }

    /// Forgets those that have come: whatever begins now needs none of them.
    pub(super) fn forget(&mut self) {
        while self.told.next().now_or_never().flatten().is_some() {}
    }

    /// Ends with the next one; at once where one came since the last time.
    pub(super) async fn next(&mut self) {
        self.told.next().await;
    }
}

impl Drop for Wake {
    fn drop(&mut self) {
        for listener in self.listeners.drain(..) {
            listener.remove();
        }
    }
}
