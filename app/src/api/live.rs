//! Live updates: which rooms moved, as they move.
//!
//! `GET /api/live?since=REVISION` (`since` may be left out) answers with one JSON `RoomsMoved` per line and never ends;
//! blank lines keep it awake. A fetch stream and not an `EventSource`, because that cannot carry
//! the pane's bearer token.

#[cfg(feature = "hydrate")]
pub use browser::{Following, follow};

#[cfg(feature = "hydrate")]
mod browser {
    use std::cell::Cell;
    use std::rc::Rc;

    use booking::ids::RoomId;
    use booking::search::found::RoomsMoved;
    use futures::channel::oneshot;
    use futures::{FutureExt, pin_mut, select};
    use gloo_net::http::Request;
    use send_wrapper::SendWrapper;
    use wasm_bindgen::JsCast;
    use wasm_bindgen::prelude::*;
    use wasm_bindgen_futures::JsFuture;

    use crate::api::{client, wire};

    /// No line for so long means the connection is dead, however it looks: the server writes one every 15 s.
    const SILENCE_MS_MAX: i32 = 40_000;
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
    /// Reconnects by itself and asks for what it missed meanwhile.
    pub fn follow(since: Option<i64>, moved: impl Fn(Vec<RoomId>) + 'static) -> Following {
        let (stop, stopped) = oneshot::channel();
        let follower = Follower {
            revision: Cell::new(since),
            retry_ms: Cell::new(RETRY_MS_MIN),
            moved: Box::new(moved),
        };
        wasm_bindgen_futures::spawn_local(async move {
            let run = Rc::new(follower).run().fuse();
            let stopped = stopped.fuse();
            pin_mut!(run, stopped);
            select! { () = run => {}, _ = stopped => {} }
        });
        Following {
            _stop: SendWrapper::new(stop),
        }
    }

    struct Follower {
        revision: Cell<Option<i64>>,
        retry_ms: Cell<i32>,
        moved: Box<dyn Fn(Vec<RoomId>)>,
    }

    impl Follower {
        async fn run(self: Rc<Self>) {
            loop {
                // How a connection ended does not matter: it is opened again from what was last seen.
                let _ended = self.read_one_connection().await;
                let wait_ms = self.retry_ms.get();
                self.retry_ms.set((wait_ms * 2).min(RETRY_MS_MAX));
                pause(wait_ms).await;
            }
        }

        async fn read_one_connection(&self) -> Result<(), JsValue> {
            let since = self.revision.get();
            let query = since.map_or_else(String::new, |since| format!("?since={since}"));
            let mut request = Request::get(&format!("/api/live{query}"));
            if let Some(token) = client::token() {
                request = request.header("Authorization", &format!("Bearer {token}"));
            }
            let response = request
                .send()
                .await
                .map_err(|error| JsValue::from_str(&error.to_string()))?;
            let body = response.body().filter(|_| response.ok());
            let reader: web_sys::ReadableStreamDefaultReader = body
                .ok_or_else(|| JsValue::from_str("no stream"))?
                .get_reader()
                .unchecked_into();
            // The server answers when it has begun to listen.
            if since.is_none() {
                (self.moved)(Vec::new());
            }
            let mut pending = Vec::new();
            loop {
                let read = JsFuture::from(reader.read()).fuse();
                let silence = pause(SILENCE_MS_MAX).fuse();
                pin_mut!(read, silence);
                let chunk = select! {
                    chunk = read => chunk?,
                    () = silence => {
                        let _cancelled = reader.cancel();
                        return Ok(());
                    }
                };
                if js_sys::Reflect::get(&chunk, &"done".into())?.is_truthy() {
                    return Ok(());
                }
                let bytes = js_sys::Reflect::get(&chunk, &"value".into())?;
                pending.extend(js_sys::Uint8Array::new(&bytes).to_vec());
                self.take_lines(&mut pending);
            }
        }

        fn take_lines(&self, pending: &mut Vec<u8>) {
            while let Some(end) = pending.iter().position(|byte| *byte == b'\n') {
                let line: Vec<u8> = pending.drain(..=end).collect();
                self.retry_ms.set(RETRY_MS_MIN);
                if let Ok(moved) = wire::read::<RoomsMoved>(&line) {
                    self.revision.set(Some(moved.revision));
                    (self.moved)(moved.rooms);
                }
            }
        }
    }

    /// Waits.
    async fn pause(ms: i32) {
        let promise = js_sys::Promise::new(&mut |resolve, _| {
            if let Some(window) = web_sys::window() {
                let _timer =
                    window.set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, ms);
            }
        });
        let _elapsed = JsFuture::from(promise).await;
    }
}
