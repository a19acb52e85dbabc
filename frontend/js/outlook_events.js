// What Outlook runs when an appointment is sent or its time is changed, whether or not Etage's pane is open.
//
// It asks Etage about the room that the pane put into the draft. A room that is taken stops the sending, with the reason and
// the way out; where nobody answers in time the person is told so and sends. A draft that Etage never touched is let through
// at once, without asking anybody.
//
// One plain script without imports: the classic Outlook for Windows runs nothing else. There is no page there, relative
// addresses lead nowhere, and Office.onReady is not heard of again; so everything is done as the script is read.
// https://learn.microsoft.com/office/dev/add-ins/outlook/onmessagesend-onappointmentsend-events

(function () {
  "use strict";

  /** Etage; the server writes its own address here. */
  var ETAGE = "https://localhost:3000";
  /** What the pane keeps with the draft: its key and the ticket, with a space between. */
  var KEPT_AS = "etage";
  /** Outlook tells the person after five seconds that it is kept waiting; it never has to. */
  var ANSWER_MS_MAX = 4000;
  /** Outlook shows no more letters of a notification. */
  var NOTICE_LETTERS_MAX = 150;
  /** The button of the manifest that opens the pane. */
  var OPENS_PANE = "organizerOpen";
  /** The icon of the manifest beside a notification. */
  var ICON = "icon16";
  var OPEN_ETAGE = "Open Etage";
  var NOT_CHECKED =
    "Etage could not check in time whether the room is still free. You can send all the same: the room answers by itself.";

  function onAppointmentSend(event) {
    check("send", function (told) {
      if (told.verdict === "taken") return event.completed(blocked(told.text));
      if (told.verdict !== "unknown") return event.completed({ allowEvent: true });
      var sentence = told.text || NOT_CHECKED;
      // Only newer Outlooks can ask whether to send anyway.
      if (isSetSupported("1.14")) {
        return event.completed({ allowEvent: false, errorMessage: sentence, sendModeOverride: "promptUser" });
      }
      notify(sentence);
      return event.completed({ allowEvent: true });
    });
  }

  function onAppointmentTimeChanged(event) {
    check("time_changed", function (told) {
      if (told.verdict === "taken") notify(told.text);
      if (told.verdict === "free") forgetNotice();
      event.completed();
    });
  }

  function blocked(text) {
    var options = { allowEvent: false, errorMessage: text };
    if (isSetSupported("1.14")) {
      options.cancelLabel = OPEN_ETAGE;
      options.commandId = OPENS_PANE;
    }
    return options;
  }

  /**
   * Asks Etage about the draft, and tells `done` once: `{verdict, text}`. The verdict is "none" where Etage has no part in
   * the draft, else what the server says, or "unknown".
   */
  function check(what, done) {
    var isDone = false;
    var hasTicket = false;
    var timer = setTimeout(function () {
      end(hasTicket ? "unknown" : "none");
    }, ANSWER_MS_MAX);

    function end(verdict, text) {
      if (isDone) return;
      isDone = true;
      clearTimeout(timer);
      done({ verdict: verdict, text: text || "" });
    }

    read(item().sessionData, [KEPT_AS], function (kept) {
      var ticket = String(kept || "").split(" ")[1];
      if (!ticket) return end("none");
      hasTicket = true;
      readDraft(function (draft) {
        if (!draft) return end("unknown");
        draft.ticket = ticket;
        draft.event = what;
        ask(draft, end);
      });
    });
  }

  /** The times, rooms and number of people of the draft; null where Outlook does not tell the first two. */
  function readDraft(done) {
    var names = ["start", "end", "enhancedLocation", "requiredAttendees", "optionalAttendees"];
    var found = {};
    var left = names.length;
    names.forEach(function (name) {
      read(item()[name], [], function (value) {
        found[name] = value;
        left -= 1;
        if (left === 0) done(draftOf(found));
      });
    });
  }

  function draftOf(found) {
    if (!found.start || !found.end || !found.enhancedLocation) return null;
    var rooms = found.enhancedLocation.map(function (location) {
      return location.emailAddress || (location.locationIdentifier || {}).id || "";
    });
    var guests = (found.requiredAttendees || []).concat(found.optionalAttendees || []).filter(function (guest) {
      return rooms.indexOf(guest.emailAddress) < 0;
    });
    return {
      start: new Date(found.start).getTime(),
      end: new Date(found.end).getTime(),
      rooms: rooms,
      people: guests.length + 1,
    };
  }

  function ask(draft, end) {
    try {
      fetch(ETAGE + "/outlook/draft_check", {
        method: "POST",
        headers: { "Content-Type": "application/json" },
        credentials: "omit",
        body: JSON.stringify(draft),
      })
        .then(function (response) {
          return response.json();
        })
        .then(
          function (told) {
            end(told.verdict, told.text);
          },
          function () {
            end("unknown");
          },
        );
    } catch (error) {
      end("unknown");
    }
  }

  /** Calls `getAsync`; an Outlook that lacks it, refuses or throws gives undefined. */
  function read(source, parameters, done) {
    if (!source || !source.getAsync) return done(undefined);
    try {
      return source.getAsync.apply(
        source,
        parameters.concat(function (result) {
          done(result.status === "succeeded" ? result.value : undefined);
        }),
      );
    } catch (error) {
      return done(undefined);
    }
  }

  function notify(text) {
    var notice = {
      type: "informationalMessage",
      message: text.length > NOTICE_LETTERS_MAX ? text.slice(0, NOTICE_LETTERS_MAX - 1) + "…" : text,
      icon: ICON,
      persistent: false,
    };
    attempt(function () {
      item().notificationMessages.replaceAsync(KEPT_AS, notice);
    });
  }

  function forgetNotice() {
    attempt(function () {
      item().notificationMessages.removeAsync(KEPT_AS);
    });
  }

  /** What is only said beside the matter must not keep anybody from sending. */
  function attempt(act) {
    try {
      act();
    } catch (error) {
      // This Outlook shows none.
    }
  }

  function item() {
    return Office.context.mailbox.item || {};
  }

  function isSetSupported(version) {
    return Office.context.requirements.isSetSupported("Mailbox", version);
  }

  if (typeof document !== "undefined") Office.onReady();
  Office.actions.associate("onAppointmentSend", onAppointmentSend);
  Office.actions.associate("onAppointmentTimeChanged", onAppointmentTimeChanged);
})();
