//! Who is told before each statement: nobody, or a test that wants to end a process exactly there.

#[cfg(feature = "testing")]
use std::sync::Arc;

#[cfg(feature = "testing")]
use futures::future::BoxFuture;

#[cfg(feature = "testing")]
use crate::Store;

/// Asked before each statement, `BEGIN` and `COMMIT` among them; the statement waits for what it gives. What never ends
/// stops the store there, in the middle of a transaction too.
#[cfg(feature = "testing")]
pub type Watcher = Arc<dyn Fn() -> BoxFuture<'static, ()> + Send + Sync>;

/// The watcher of a store, if it has one.
#[derive(Clone, Default)]
pub(crate) struct Watch {
    #[cfg(feature = "testing")]
    watcher: Option<Watcher>,
}

impl Watch {
    /// A statement is about to be sent.
    pub(crate) async fn statement(&self) {
        #[cfg(feature = "testing")]
        if let Some(watcher) = &self.watcher {
            watcher().await;
        }
    }
}

#[cfg(feature = "testing")]
impl Store {
    /// The same store, asking `watcher` before each statement, except those whose rows are read one by one.
    #[must_use]
    pub fn watched(mut self, watcher: Watcher) -> Self {
        self.pool.watch.watcher = Some(watcher);
        // Another process, which takes in no rounds of this one.
        self.gathered = Arc::default();
        self
    }
}
