//! Following the stream for as long as the page is open.

use std::cell::{Cell, RefCell};

use booking::ids::RoomId;
use booking::search::found::RoomsMoved;
use booking::time::Instant;
use futures::channel::oneshot;
use futures::{FutureExt, pin_mut, select};
use gloo_net::http::{Request, Response};
use send_wrapper::SendWrapper;
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, ReadableStreamDefaultReader};

use super::liveness::{Attempts, Liveness, Refusal};
use super::wake::Wake;
use crate::api::{client, wire};

/// No line for so long means the connection is dead, however it looks: the server writes one every 15 s.
const SILENCE_MS_MAX: i32 = 40_000;
/// The same where the page has just come to life again: it may have slept meanwhile.
const SILENCE_AWAKE_MS_MAX: i64 = 20_000;
/// The server writes its first line at once.
const CONNECT_MS_MAX: i32 = 10_000;
const RETRY_MS_MIN: i32 = 500;
const RETRY_MS_MAX: i32 = 15_000;

/// Ends the updates when dropped.
#[derive(Debug)]
pub struct Following {
    _stop: SendWrapper<oneshot::Sender<()>>,
}

/// Calls `moved` with the rooms of every change after `since`, for as long as the returned
/// handle is kept; no rooms: any may have moved. `since`: `None` when it is not known which
/// revision the page shows; `moved` is then called once as soon as nothing more can be missed.
/// Reconnects by itself and asks for what it missed meanwhile; at once when the page is looked at again.
/// Calls `told` whenever it changes whether updates arrive.
pub fn follow(
    since: Option<i64>,
    moved: impl Fn(Vec<RoomId>) + 'static,
    told: impl Fn(Liveness) + 'static,
) -> Following {
    let (stop, stopped) = oneshot::channel();
    let follower = Follower {
        revision: Cell::new(since),
        retry_ms: Cell::new(RETRY_MS_MIN),
        attempts: RefCell::new(Attempts::new(device_now())),
        told_last: RefCell::default(),
        moved: Box::new(moved),
        told: Box::new(told),
    };
    wasm_bindgen_futures::spawn_local(async move {
        let run = follower.run().fuse();
        let stopped = stopped.fuse();
        pin_mut!(run, stopped);
        select! { () = run => {}, _ = stopped => {} }
    });
    Following {
        _stop: SendWrapper::new(stop),
    }
}

/// How a connection ended.
enum End {
    /// It broke, was closed, or fell silent.
    Broken,
    /// There was none.
    NeverBegun(Option<Refusal>),
    /// The page came to life again and had heard nothing for long.
    Awoken,
}

struct Follower {
    revision: Cell<Option<i64>>,
    retry_ms: Cell<i32>,
    attempts: RefCell<Attempts>,
    told_last: RefCell<Liveness>,
    moved: Box<dyn Fn(Vec<RoomId>)>,
    told: Box<dyn Fn(Liveness)>,
}

impl Follower {
    async fn run(self) {
        let mut wake = Wake::listen();
        loop {
            wake.forget();
            match self.read_one_connection(&mut wake).await {
                End::Broken => {}
                End::NeverBegun(refusal) => {
                    self.attempts.borrow_mut().failed(refusal);
                    self.tell();
                }
                End::Awoken => {
                    self.retry_ms.set(RETRY_MS_MIN);
                    continue;
                }
            }
            let wait_ms = self.retry_ms.get();
            self.retry_ms.set((wait_ms * 2).min(RETRY_MS_MAX));
            let wait = pause(wait_ms).fuse();
            let awoken = wake.next().fuse();
            pin_mut!(wait, awoken);
            select! {
                () = wait => {}
                () = awoken => self.retry_ms.set(RETRY_MS_MIN),
            }
        }
    }

    async fn read_one_connection(&self, wake: &mut Wake) -> End {
        let since = self.revision.get();
        let response = match self.connect(since).await {
            Ok(response) => response,
            Err(refusal) => return End::NeverBegun(refusal),
        };
        let Some(body) = response.body() else {
            return End::NeverBegun(None);
        };
        let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
        self.attempts.borrow_mut().reached(device_now());
        // The server answers when it has begun to listen.
        if since.is_none() {
            (self.moved)(Vec::new());
        }
        let mut pending = Vec::new();
        let mut any = false;
        loop {
            match self.next_bytes(&reader, wake).await {
                Ok(bytes) => {
                    pending.extend(bytes);
                    any |= self.take_lines(&mut pending);
                }
                // A proxy that answers for a server that is away, and hangs up.
                Err(End::Broken) if !any => return End::NeverBegun(None),
                Err(end) => return end,
            }
        }
    }

    /// `Err`: it did not answer, or refused, in which case it may have said why.
    async fn connect(&self, since: Option<i64>) -> Result<Response, Option<Refusal>> {
        let query = since.map_or_else(String::new, |since| format!("?since={since}"));
        let abort = AbortController::new().map_err(|_| None)?;
        let mut request =
            Request::get(&format!("/api/live{query}")).abort_signal(Some(&abort.signal()));
        if let Some(token) = client::token() {
            request = request.header("Authorization", &format!("Bearer {token}"));
        }
        let answered = request.send().fuse();
        let given_up = pause(CONNECT_MS_MAX).fuse();
        pin_mut!(answered, given_up);
        let response = select! {
            response = answered => response.map_err(|_| None)?,
            () = given_up => {
                abort.abort();
                return Err(None);
            }
        };
        if response.ok() {
            return Ok(response);
        }
        Err(match response.status() {
            401 => Some(Refusal::SignedOut),
            429 => response.text().await.ok().map(Refusal::Says),
            _ => None,
        })
    }

    /// Why there are none any more is the error.
    async fn next_bytes(
        &self,
        reader: &ReadableStreamDefaultReader,
        wake: &mut Wake,
    ) -> Result<Vec<u8>, End> {
        let read = JsFuture::from(reader.read()).fuse();
        let silence = pause(SILENCE_MS_MAX).fuse();
        pin_mut!(read, silence);
        let chunk = loop {
            let awoken = wake.next().fuse();
            pin_mut!(awoken);
            select! {
                chunk = read => break chunk.map_err(|_| End::Broken)?,
                () = silence => {
                    let _cancelled = reader.cancel();
                    return Err(End::Broken);
                }
                () = awoken => {
                    if self.attempts.borrow().quiet_ms(device_now()) > SILENCE_AWAKE_MS_MAX {
                        let _cancelled = reader.cancel();
                        return Err(End::Awoken);
                    }
                }
            }
        };
        let field = |name: &str| js_sys::Reflect::get(&chunk, &JsValue::from_str(name));
        let is_done = field("done").is_ok_and(|done| done.is_truthy());
        match field("value") {
            Ok(bytes) if !is_done => Ok(js_sys::Uint8Array::new(&bytes).to_vec()),
            _ => Err(End::Broken),
        }
    }

    /// Whether there were any.
    fn take_lines(&self, pending: &mut Vec<u8>) -> bool {
        let mut any = false;
        while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
            any = true;
            let line: Vec<u8> = pending.drain(..=end).collect();
            if let Ok(moved) = wire::read::<RoomsMoved>(&line) {
                self.revision.set(Some(moved.revision));
                (self.moved)(moved.rooms);
            }
        }
        if any {
            self.retry_ms.set(RETRY_MS_MIN);
            self.attempts.borrow_mut().heard(device_now());
            self.tell();
        }
        any
    }

    /// Only what is new.
    fn tell(&self) {
        let liveness = self.attempts.borrow().liveness();
        let before = self.told_last.replace(liveness.clone());
        if before != liveness {
            (self.told)(liveness);
        }
    }
}

/// The clock of the device: it goes on while the machine sleeps.
fn device_now() -> Instant {
    Instant(js_sys::Date::now() as i64)
}

/// Waits.
async fn pause(ms: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _| {
        if let Some(window) = web_sys::window() {
            let _timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
        }
    });
    let _elapsed = JsFuture::from(promise).await;
}
