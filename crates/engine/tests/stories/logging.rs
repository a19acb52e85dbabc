//! What the log has to say of a day: every failure once, with a number to look it up by.

use std::error::Error;
use std::fmt::{Debug, Write};
use std::sync::{Arc, Mutex};

use booking::provider::ProviderError;
use booking::provider::testing::Call;
use engine::sync::driver::run_all_once;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::letters;
use crate::office::Office;
use crate::placing::place;

/// Warnings and errors of ours, a line each.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<String>>>);

impl Log {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut self.0.lock().unwrap())
    }
}

struct Line(String);

impl Visit for Line {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        let _infallible = write!(self.0, "{}={value:?} ", field.name());
    }

    /// With its causes, as the log has them.
    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        let mut cause = Some(value);
        while let Some(error) = cause {
            let _infallible = write!(self.0, "{}={error} ", field.name());
            cause = error.source();
        }
    }
}

impl Subscriber for Log {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("engine") && *metadata.level() <= Level::WARN
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        let mut line = Line(String::new());
        event.record(&mut line);
        self.0.lock().unwrap().push(line.0);
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

fn silent() -> ProviderError {
    ProviderError::Retry {
        after: None,
        context: "no answer".to_owned(),
    }
}

#[tokio::test]
async fn a_placement_that_exchange_does_not_answer_is_logged_once_each_way_with_an_incident() {
    let office = Office::open().await;
    office.own_faults();
    let log = Log::default();
    let _listening = tracing::subscriber::set_default(log.clone());
    office.own_faults().fail_next(Call::BusyTimes, silent());
    place(&office, 1, 0).await.unwrap();
    let asked = log.take();
    assert_eq!(asked.len(), 1, "{asked:#?}");
    assert!(asked[0].contains("did not tell whether a room is free"));
    assert!(asked[0].contains("incident=") && asked[0].contains("no answer"));

    office.own_faults().fail_next(Call::CreateEvent, silent());
    run_all_once(&office.engine).await.unwrap();
    let first = log.take();
    assert_eq!(first.len(), 1, "{first:#?}");
    assert!(first[0].contains("it is tried again"), "{first:#?}");
    assert!(first[0].contains("incident=") && first[0].contains("no answer"));

    office.own_faults().fail_next(Call::CreateEvent, silent());
    office.settle().await;
    assert_eq!(log.take(), Vec::<String>::new());
    office.settle().await;
    assert_eq!(office.calendars.events().len(), 1);
}

#[tokio::test]
async fn a_room_that_cannot_be_read_is_told_of_once_however_long_that_lasts() {
    let office = Office::open().await;
    office.own_faults();
    let log = Log::default();
    let _listening = tracing::subscriber::set_default(log.clone());
    // Three rooms, five times each.
    for _ in 0..15 {
        office.own_faults().fail_next(Call::Changes, silent());
    }
    for _ in 0..5 {
        office.settle().await;
    }
    let told = log.take();
    assert_eq!(told.len(), 3, "{told:#?}");
    assert!(told.iter().all(|line| line.contains("could not be read")));

    office.settle().await;
    assert_eq!(log.take(), Vec::<String>::new());
    office.own_faults().fail_next(Call::Changes, silent());
    office.settle().await;
    assert_eq!(log.take().len(), 1);
}

#[tokio::test]
async fn a_letter_that_is_refused_is_logged_once_and_without_an_address() {
    let office = letters::office().await;
    letters::accepted(&office).await;
    letters::decline(&office).await;
    let log = Log::default();
    let _listening = tracing::subscriber::set_default(log.clone());
    for _ in 0..2 {
        office.own_faults().fail_next(Call::SendLetter, silent());
    }
    for _ in 0..3 {
        letters::pass(&office).await;
    }
    let told = log.take();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert!(told[0].contains("a letter is not taken") && told[0].contains("incident="));
    assert!(!told[0].contains('@'), "{told:#?}");
}
