//! The pages people see: choosing who to be, accepting, being refused, having signed out. Plain HTML; a script only where
//! an answer posts itself.
//!
//! Each says what it may run and who may show it in a frame, as the service's own pages do since 2026:
//! <https://learn.microsoft.com/entra/identity-platform/content-security-policy>. `form-action` is left out on purpose:
//! browsers hold it against every redirect that follows on a form, and where an application sends people on from its own
//! address is its business. The page that posts an answer may be framed, as hidden frames of applications do it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};

use super::visit::Parameters;
use crate::message::Reply;
use crate::world::{Holder, Mailbox};

const STYLE: &str = "\
:root { color-scheme: light dark; font-family: 'Segoe UI', system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center;
  background: light-dark(#f2f2f7, #1b1a19); color: light-dark(#242424, #f5f5f5); }
main { width: min(26rem, 92vw); padding: 2.5rem; box-sizing: border-box; border-radius: 4px;
  background: light-dark(#fff, #292827); box-shadow: 0 2px 12px rgb(0 0 0 / 20%); }
h1 { font-size: 1.5rem; font-weight: 600; margin: 0 0 .25rem; }
h2 { font-size: 1rem; font-weight: 600; margin: 1.5rem 0 .25rem; }
p { margin: 0 0 1.5rem; color: light-dark(#616161, #adadad); }
ul { list-style: none; margin: 0; padding: 0; display: grid; gap: .25rem; }
button { width: 100%; display: grid; grid-template-columns: 2.5rem 1fr; gap: .75rem; align-items: center;
  text-align: start; font: inherit; color: inherit; border: 0; border-radius: 4px; padding: .625rem;
  background: transparent; cursor: pointer; }
button:hover, button:focus-visible { background: light-dark(#f0f0f0, #3b3a39); }
button.cancel { display: block; width: auto; margin: 1rem 0 0 auto; padding: .375rem 1.25rem;
  border: 1px solid light-dark(#d1d1d1, #666); }
.initials { width: 2.5rem; height: 2.5rem; border-radius: 50%; display: grid; place-items: center;
  background: #0f6cbd; color: #fff; font-size: .875rem; }
.name { display: block; font-weight: 600; }
.address { display: block; font-size: .8125rem; overflow-wrap: anywhere; }
small { display: block; margin-top: 1.5rem; color: light-dark(#616161, #adadad); }";

/// Sends a form off without a click.
const SUBMIT: &str = "document.forms[0].submit();";

/// Other sites learn where people come from, as they would by browsers' default; with less, browsers send posts to them
/// with `Origin: null`.
const REFERRER_POLICY: &str = "strict-origin-when-cross-origin";

/// Who may show a page in a frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Framing {
    Nobody,
    Anybody,
}

/// What a page asks somebody to sign in for.
pub(super) struct Question<'a> {
    pub(super) tenant: &'a str,
    pub(super) heading: &'a str,
    pub(super) lead: &'a str,
    /// What is consented to by signing in: each permission, and in whose name it is used.
    pub(super) permissions: &'a [(String, &'static str)],
}

/// A button for each person, in the order given.
pub(super) fn choose_person(
    question: &Question<'_>,
    people: &[&Mailbox],
    parameters: &Parameters,
) -> Reply {
    let buttons: String = people.iter().map(|person| button(person)).collect();
    let listed = if question.permissions.is_empty() {
        String::new()
    } else {
        format!("{}<h2>Accept as</h2>", permissions(question))
    };
    let form = format!(
        "{}<ul>{buttons}</ul><button class=\"cancel\">Cancel</button>",
        carried(parameters)
    );
    ask(question, &listed, &form)
}

/// A button to accept with, for somebody who was chosen before.
pub(super) fn accept(question: &Question<'_>, person: &str, parameters: &Parameters) -> Reply {
    let form = format!(
        "{}{}<button class=\"cancel\" name=\"consent\" value=\"accept\">Accept</button>\
         <button class=\"cancel\" name=\"consent\" value=\"refuse\">Cancel</button>",
        carried(parameters),
        hidden("person", person)
    );
    ask(question, &permissions(question), &form)
}

fn ask(question: &Question<'_>, listed: &str, form: &str) -> Reply {
    page(
        "Sign in",
        &format!(
            "<h1>{}</h1><p>{}</p>{listed}<form method=\"post\">{form}</form>\
             <small>{} · simulated sign-in, no password is asked for</small>",
            escape(question.heading),
            escape(question.lead),
            escape(question.tenant)
        ),
        Framing::Nobody,
    )
}

/// What the application asked for, to be posted with the answer; the answers themselves only people give.
fn carried(parameters: &Parameters) -> String {
    parameters
        .0
        .iter()
        .filter(|(name, _)| !["person", "consent"].contains(&name.as_str()))
        .map(|(name, value)| hidden(name, value))
        .collect()
}

fn permissions(question: &Question<'_>) -> String {
    let listed: String = question
        .permissions
        .iter()
        .map(|(name, whose)| format!("<li><b>{}</b> {whose}</li>", escape(name)))
        .collect();
    format!("<ul class=\"permissions\">{listed}</ul>")
}

/// Posts the answer to the client by itself, for `response_mode=form_post`.
/// <https://openid.net/specs/oauth-v2-form-post-response-mode-1_0.html>
pub(super) fn post_back(redirect_uri: &str, fields: &[(&str, &str)]) -> Reply {
    let hidden: String = fields
        .iter()
        .map(|(name, value)| hidden(name, value))
        .collect();
    page(
        "Working…",
        &format!(
            "<form method=\"post\" action=\"{}\">{hidden}<noscript><p>Script is off. Continue to go on.</p>\
             <button class=\"cancel\">Continue</button></noscript></form>\
             <script>{SUBMIT}</script>",
            escape(redirect_uri)
        ),
        Framing::Anybody,
    )
}

/// A refusal that must not be sent to the address the client gave.
pub(super) fn refused(text: &str) -> Reply {
    page(
        "Sign in",
        &format!(
            "<h1>Sorry, but we’re having trouble signing you in.</h1><p>{}</p>",
            escape(text)
        ),
        Framing::Nobody,
    )
}

/// What is left when nobody is signed in.
pub(super) fn signed_out() -> Reply {
    page(
        "Signed out",
        "<h1>You signed out of your account</h1><p>It’s a good idea to close all browser windows.</p>",
        Framing::Nobody,
    )
}

fn hidden(name: &str, value: &str) -> String {
    format!(
        "<input type=\"hidden\" name=\"{}\" value=\"{}\">",
        escape(name),
        escape(value)
    )
}

fn button(person: &Mailbox) -> String {
    let initials: String = person
        .display_name
        .split(' ')
        .filter_map(|word| word.chars().next())
        .take(2)
        .collect();
    let title = match &person.holder {
        Holder::Person(details) => details.job_title.as_deref().unwrap_or_default(),
        Holder::Room(_) => "",
    };
    format!(
        "<li><button name=\"person\" value=\"{address}\" title=\"{title}\"><span class=\"initials\" aria-hidden=\"true\">\
         {initials}</span><span><span class=\"name\">{name}</span><span class=\"address\">{address}</span></span>\
         </button></li>",
        address = escape(&person.address),
        title = escape(title),
        initials = escape(&initials),
        name = escape(&person.display_name),
    )
}

fn page(title: &str, content: &str, framing: Framing) -> Reply {
    let body = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <link rel=\"icon\" href=\"data:,\"><title>{title}</title>\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><style>{STYLE}</style></head>\
         <body><main>{content}</main></body></html>"
    );
    Reply::html(body)
        .header("content-security-policy", &policy(framing))
        .header("referrer-policy", REFERRER_POLICY)
}

fn policy(framing: Framing) -> String {
    let hash = |text: &str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let ancestors = match framing {
        Framing::Nobody => "; frame-ancestors 'none'",
        Framing::Anybody => "",
    };
    format!(
        "default-src 'none'; script-src {}; style-src {}; img-src data:; base-uri 'none'{ancestors}",
        hash(SUBMIT),
        hash(STYLE)
    )
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
