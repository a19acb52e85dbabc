//! One call into Office.js: found by name, answered through a callback, never waited for too long.

use std::cell::Cell;
use std::rc::Rc;

use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::text::problem;

/// Some hosts claim a requirement set and never answer, so every call has an end.
const ANSWER_MS_MAX: i32 = 4_000;

/// Outlook did not do what was asked.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub(super) enum OfficeError {
    /// There is no Outlook around the page, or it lacks the function.
    #[error("{}", problem::outlook_lacks(.0))]
    Missing(&'static str),
    /// It did not answer in time.
    #[error("{}", problem::OUTLOOK_SILENT)]
    Timeout,
    /// It said no.
    #[error("{}", problem::outlook_says(&.0.0))]
    Refused(Said),
}

/// Outlook's own words.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Said(String);

/// A property; `undefined` where anything on the way is missing.
pub(super) fn get(of: &JsValue, path: &str) -> JsValue {
    path.split('.').fold(of.clone(), |value, key| {
        if value.is_null() || value.is_undefined() {
            JsValue::UNDEFINED
        } else {
            js_sys::Reflect::get(&value, &JsValue::from_str(key)).unwrap_or(JsValue::UNDEFINED)
        }
    })
}

/// A method of an object. `None`: it has none of that name.
pub(super) fn method(of: &JsValue, name: &str) -> Option<js_sys::Function> {
    get(of, name).dyn_into().ok()
}

/// Calls `of.name(arguments…, callback)` and waits for the value of its `AsyncResult`.
///
/// <https://learn.microsoft.com/javascript/api/office/office.asyncresult>
///
/// # Errors
/// [`OfficeError`], by what Outlook did or did not say.
pub(super) async fn call(
    of: &JsValue,
    name: &'static str,
    arguments: &[JsValue],
) -> Result<JsValue, OfficeError> {
    let function = method(of, name).ok_or(OfficeError::Missing(name))?;
    let promise = js_sys::Promise::new(&mut |resolve, reject| {
        let answered = Closure::once_into_js(move |result: JsValue| {
            let failed = get(&result, "status").as_string().as_deref() == Some("failed");
            // The receiver of a promise's own functions does not matter, and they cannot throw.
            let _told = if failed {
                reject.call1(&JsValue::UNDEFINED, &get(&result, "error"))
            } else {
                resolve.call1(&JsValue::UNDEFINED, &get(&result, "value"))
            };
        });
        let list: js_sys::Array = arguments.iter().collect();
        list.push(&answered);
        // A throw becomes silence, and silence a timeout.
        let _called = function.apply(of, &list);
    });
    within(promise).await
}

/// Waits for a promise, but not for ever.
///
/// # Errors
/// [`OfficeError`], by what Outlook did or did not say.
pub(super) async fn within(promise: js_sys::Promise) -> Result<JsValue, OfficeError> {
    let late = Rc::new(Cell::new(false));
    let timer = {
        let late = late.clone();
        js_sys::Promise::new(&mut |_, reject| {
            let late = late.clone();
            let end = Closure::once_into_js(move || {
                late.set(true);
                let _told = reject.call0(&JsValue::UNDEFINED);
            });
            if let Some(window) = web_sys::window() {
                let _timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(
                    end.unchecked_ref(),
                    ANSWER_MS_MAX,
                );
            }
        })
    };
    let race = js_sys::Promise::race(&js_sys::Array::of2(&promise, &timer));
    JsFuture::from(race).await.map_err(|error| {
        if late.get() {
            OfficeError::Timeout
        } else {
            let message = get(&error, "message").as_string();
            OfficeError::Refused(Said(
                message.unwrap_or_else(|| "no reason given".to_owned()),
            ))
        }
    })
}
