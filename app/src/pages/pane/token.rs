//! Who the pane acts for: a token from Outlook, kept in memory only.

use std::time::Duration;

use leptos::prelude::{document, on_cleanup, set_interval_with_handle};
use leptos::task::spawn_local;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use super::office;
use super::office_call::{OfficeError, get, method};
use crate::api::client::set_token;
use crate::api::session::PaneConfig;
use crate::api::wire;

/// Element of the page's shell that holds the [`PaneConfig`].
const CONFIG_ELEMENT: &str = "etage-pane-config";
/// How long nested app authentication may take, with its window for consent.
const ACQUIRE_MS_MAX: f64 = 6_000.0;

/// How often the token is asked for anew: Outlook gives the same one until a few minutes before it ends.
const RENEW_EVERY: Duration = Duration::from_secs(4 * 60);

/// Whether Outlook may show a window to the person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Prompt {
    /// They wait for the pane.
    Allowed,
    /// They are doing something else.
    Never,
}

/// Signs in: nested app authentication first, Office's own token where that is not to be had.
///
/// # Errors
/// [`OfficeError`] of the second way, when neither works.
pub(super) async fn sign_in(prompt: Prompt) -> Result<(), OfficeError> {
    let token = match nested(prompt).await {
        Some(token) => token,
        None => office::access_token(prompt).await?,
    };
    set_token(Some(token));
    Ok(())
}

/// Keeps the token fresh for as long as the pane is open: drafts stay open longer than tokens live.
pub(super) fn keep_fresh() {
    let renew = || {
        spawn_local(async {
            // The old token stays; it may still be good the next time.
            let _renewed = sign_in(Prompt::Never).await;
        });
    };
    if let Ok(timer) = set_interval_with_handle(renew, RENEW_EVERY) {
        on_cleanup(move || timer.clear());
    }
}

/// `None`: this Outlook offers no nested app authentication, or refused.
async fn nested(prompt: Prompt) -> Option<String> {
    let text = document()
        .get_element_by_id(CONFIG_ELEMENT)?
        .text_content()?;
    let config: PaneConfig = wire::read(text.as_bytes()).ok()?;
    let global = js_sys::global();
    if get(&global, "etageAuth").is_undefined() {
        load_script(&config.auth_script).await?;
    }
    let auth = get(&global, "etageAuth");
    let acquire = method(&auth, "acquire")?;
    let request = js_sys::Object::new();
    let set = |key: &str, value: &JsValue| {
        js_sys::Reflect::set(&request, &JsValue::from_str(key), value).ok()
    };
    set("clientId", &JsValue::from_str(&config.client_id))?;
    set("authority", &JsValue::from_str(&config.authority))?;
    set("scope", &JsValue::from_str(&config.scope))?;
    set("silent", &JsValue::from_bool(prompt == Prompt::Never))?;
    set("timeoutMs", &JsValue::from_f64(ACQUIRE_MS_MAX))?;
    let promise: js_sys::Promise = acquire.call1(&auth, &request).ok()?.dyn_into().ok()?;
    JsFuture::from(promise).await.ok()?.as_string()
}

/// Loads the sign-in script: it is large, and only the pane needs it.
async fn load_script(url: &str) -> Option<()> {
    let script = document().create_element("script").ok()?;
    script.set_attribute("src", url).ok()?;
    let loaded = js_sys::Promise::new(&mut |resolve, reject| {
        for (event, act) in [("load", resolve), ("error", reject)] {
            // It fails only for events that are no events.
            let _listening = script.add_event_listener_with_callback(event, &act);
        }
    });
    document().body()?.append_child(&script).ok()?;
    JsFuture::from(loaded).await.ok().map(|_| ())
}
